"""If every activation is positive, how can a weight go down?"""

from lib.experiments.gradient_signs import HEAVIEST, GradientSigns
from lib.question import Question
from lib.verdicts.gradient_signs import verdicts

QUESTION = Question(GradientSigns, verdicts, heaviest=HEAVIEST)
