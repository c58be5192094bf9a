"""If training got stuck, does training again help?"""

from lib.experiments.restarts import HEAVIEST, Restarts
from lib.question import Question
from lib.verdicts.restarts import verdicts

QUESTION = Question(Restarts, verdicts, heaviest=HEAVIEST)
