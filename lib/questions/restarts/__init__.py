"""If training got stuck, does training again help?"""

from lib.question import Question
from lib.questions.restarts.config import HEAVIEST, Restarts
from lib.questions.restarts.verdict import verdicts

QUESTION = Question(Restarts, verdicts, heaviest=HEAVIEST)
