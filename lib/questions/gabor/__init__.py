"""Do networks learn edge detectors from photographs?"""

from lib.question import Question
from lib.questions.gabor.config import HEAVIEST, Gabor
from lib.questions.gabor.verdict import verdicts

QUESTION = Question(Gabor, verdicts, heaviest=HEAVIEST)
