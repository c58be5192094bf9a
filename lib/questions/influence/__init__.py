"""Does a bigger weight matter more?"""

from lib.question import Question
from lib.questions.influence.config import HEAVIEST, Influence
from lib.questions.influence.verdict import verdicts

QUESTION = Question(Influence, verdicts, heaviest=HEAVIEST)
