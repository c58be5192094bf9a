"""Must the starting weights be random?"""

from lib.experiments.must_it_be_random import HEAVIEST, MustItBeRandom
from lib.question import Question
from lib.verdicts.must_it_be_random import verdicts

QUESTION = Question(MustItBeRandom, verdicts, heaviest=HEAVIEST)
