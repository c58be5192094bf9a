"""Does summing over a batch cure it?"""

from lib.question import Question
from lib.questions.batch.config import HEAVIEST, Batch
from lib.questions.batch.verdict import verdicts

QUESTION = Question(Batch, verdicts, heaviest=HEAVIEST)
