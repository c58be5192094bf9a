"""What do the weights do to the data?"""

from lib.question import Question
from lib.questions.features.config import HEAVIEST, Features
from lib.questions.features.verdict import verdicts

QUESTION = Question(Features, verdicts, heaviest=HEAVIEST)
