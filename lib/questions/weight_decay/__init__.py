"""Does weight decay make weights negative?"""

from lib.experiments.weight_decay import HEAVIEST, WeightDecay
from lib.question import Question
from lib.verdicts.weight_decay import verdicts

QUESTION = Question(WeightDecay, verdicts, heaviest=HEAVIEST)
