"""How large should random weights be?"""

from lib.question import Question
from lib.questions.scale.config import HEAVIEST, Scale
from lib.questions.scale.verdict import verdicts

QUESTION = Question(Scale, verdicts, heaviest=HEAVIEST)
