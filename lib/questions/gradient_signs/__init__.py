"""If every activation is positive, how can a weight go down?"""

from lib.question import Question
from lib.questions.gradient_signs.config import HEAVIEST, GradientSigns
from lib.questions.gradient_signs.verdict import verdicts

QUESTION = Question(GradientSigns, verdicts, heaviest=HEAVIEST)
