"""Why do wide networks always fit?"""

from lib.question import Question
from lib.questions.wide_networks.config import HEAVIEST, WideNetworks
from lib.questions.wide_networks.verdict import verdicts

QUESTION = Question(WideNetworks, verdicts, heaviest=HEAVIEST)
