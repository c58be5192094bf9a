"""What does a constant matrix forget?"""

from lib.experiments.null_space import HEAVIEST, NullSpace
from lib.question import Question
from lib.verdicts.null_space import verdicts

QUESTION = Question(NullSpace, verdicts, heaviest=HEAVIEST)
