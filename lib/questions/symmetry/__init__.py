"""Why not start every weight at 0.5?

Hidden units that start equal get equal gradients, so they stay equal and act as one: the network is stuck at what a
single hidden unit can do (Rumelhart, Hinton and Williams 1986; Goodfellow, Bengio and Courville 2016, section 8.4).
The place is a saddle (Fukumizu and Amari 2000): a difference between units, however small, grows exponentially, so
that the time to leave it goes with the logarithm of the difference. Every jitter is trained side by side, from the
same draws, with a random start; whether units stay equal to the last bit is measured, since rounding is a jitter too.
"""

from lib.question import Question
from lib.questions.symmetry.config import HEAVIEST, Symmetry
from lib.questions.symmetry.verdict import headline, verdicts

QUESTION = Question(Symmetry, verdicts, heaviest=HEAVIEST, headline=headline)
