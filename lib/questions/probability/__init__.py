"""Are weights probabilities?"""

from lib.question import Question
from lib.questions.probability.config import HEAVIEST, Probability
from lib.questions.probability.verdict import verdicts

QUESTION = Question(Probability, verdicts, heaviest=HEAVIEST)
