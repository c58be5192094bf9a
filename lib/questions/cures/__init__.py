"""Which cure works?"""

from lib.experiments.cures import HEAVIEST, Cures
from lib.question import Question
from lib.verdicts.cures import verdicts

QUESTION = Question(Cures, verdicts, heaviest=HEAVIEST)
