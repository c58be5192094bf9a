"""Can something else break the symmetry?"""

from lib.experiments.other_noise import HEAVIEST, OtherNoise
from lib.question import Question
from lib.verdicts.other_noise import verdicts

QUESTION = Question(OtherNoise, verdicts, heaviest=HEAVIEST)
