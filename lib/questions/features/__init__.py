"""What do the weights do to the data?"""

from lib.experiments.features import HEAVIEST, Features
from lib.question import Question
from lib.verdicts.features import verdicts

QUESTION = Question(Features, verdicts, heaviest=HEAVIEST)
