"""Why do wide networks always fit?"""

from lib.experiments.wide_networks import HEAVIEST, WideNetworks
from lib.question import Question
from lib.verdicts.wide_networks import verdicts

QUESTION = Question(WideNetworks, verdicts, heaviest=HEAVIEST)
