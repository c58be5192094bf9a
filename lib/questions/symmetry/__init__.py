"""Why not start every weight at 0.5?"""

from lib.question import Question
from lib.questions.symmetry.config import HEAVIEST, Symmetry
from lib.questions.symmetry.verdict import verdicts

QUESTION = Question(Symmetry, verdicts, heaviest=HEAVIEST)
