"""Can something else break the symmetry?"""

from lib.question import Question
from lib.questions.other_noise.config import HEAVIEST, OtherNoise
from lib.questions.other_noise.verdict import verdicts

QUESTION = Question(OtherNoise, verdicts, heaviest=HEAVIEST)
