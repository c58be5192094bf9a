"""Do networks learn edge detectors from photographs?"""

from lib.experiments.gabor import HEAVIEST, Gabor
from lib.question import Question
from lib.verdicts.gabor import verdicts

QUESTION = Question(Gabor, verdicts, heaviest=HEAVIEST)
