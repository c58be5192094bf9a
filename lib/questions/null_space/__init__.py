"""What does a constant matrix forget?"""

from lib.question import Question
from lib.questions.null_space.config import HEAVIEST, NullSpace
from lib.questions.null_space.verdict import verdicts

QUESTION = Question(NullSpace, verdicts, heaviest=HEAVIEST)
