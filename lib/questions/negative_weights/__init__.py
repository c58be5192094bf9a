"""Can a ReLU network have negative weights?"""

from lib.question import Question
from lib.questions.negative_weights.config import HEAVIEST, NegativeWeights
from lib.questions.negative_weights.verdict import verdicts

QUESTION = Question(NegativeWeights, verdicts, heaviest=HEAVIEST)
