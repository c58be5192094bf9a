"""How large should random weights be?"""

from lib.experiments.scale import HEAVIEST, Scale
from lib.question import Question
from lib.verdicts.scale import verdicts

QUESTION = Question(Scale, verdicts, heaviest=HEAVIEST)
