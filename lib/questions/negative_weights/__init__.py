"""Can a ReLU network have negative weights?"""

from lib.experiments.negative_weights import HEAVIEST, NegativeWeights
from lib.question import Question
from lib.verdicts.negative_weights import verdicts

QUESTION = Question(NegativeWeights, verdicts, heaviest=HEAVIEST)
