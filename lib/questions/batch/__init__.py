"""Does summing over a batch cure it?"""

from lib.experiments.batch import HEAVIEST, Batch
from lib.question import Question
from lib.verdicts.batch import verdicts

QUESTION = Question(Batch, verdicts, heaviest=HEAVIEST)
