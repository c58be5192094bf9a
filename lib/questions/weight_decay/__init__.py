"""Does weight decay make weights negative?"""

from lib.question import Question
from lib.questions.weight_decay.config import HEAVIEST, WeightDecay
from lib.questions.weight_decay.verdict import verdicts

QUESTION = Question(WeightDecay, verdicts, heaviest=HEAVIEST)
