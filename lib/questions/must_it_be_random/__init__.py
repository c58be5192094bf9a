"""Must the starting weights be random?"""

from lib.question import Question
from lib.questions.must_it_be_random.config import HEAVIEST, MustItBeRandom
from lib.questions.must_it_be_random.verdict import verdicts

QUESTION = Question(MustItBeRandom, verdicts, heaviest=HEAVIEST)
