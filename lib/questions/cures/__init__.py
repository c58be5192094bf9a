"""Which cure works?"""

from lib.question import Question
from lib.questions.cures.config import HEAVIEST, Cures
from lib.questions.cures.verdict import verdicts

QUESTION = Question(Cures, verdicts, heaviest=HEAVIEST)
