"""What do the weights do to the data?

Digits 64-64-32-10, seen behind every layer: how far apart the classes are for their width (Fisher's ratio, trace of
the between-class scatter over that of the within-class scatter), over training and against the untrained start. In
two dimensions twice: the principal components (Pearson 1901), which keep what varies most and not what tells digits
apart; and a network of its own with a linear bottleneck of two units, whose two numbers are all that its output sees.
"""

from lib.question import Question
from lib.questions.features.config import HEAVIEST, Features
from lib.questions.features.verdict import headline, verdicts

QUESTION = Question(Features, verdicts, heaviest=HEAVIEST, headline=headline)
