"""Why not start every weight at 0.5?"""

from lib.experiments.symmetry import HEAVIEST, Symmetry
from lib.question import Question
from lib.verdicts.symmetry import verdicts

QUESTION = Question(Symmetry, verdicts, heaviest=HEAVIEST)
