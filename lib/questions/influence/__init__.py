"""Does a bigger weight matter more?

Every first-layer weight of trained networks is set to zero alone, and what that changes in its unit, in the loss and
in the accuracy is laid beside its magnitude: over all weights, among the weights of one pixel or one unit ('all else
equal'), and after multiplying by the mean size of its input. Then weights are removed by the thousand, smallest,
random or largest first (LeCun, Denker and Solla 1990; Han et al. 2015), and the networks are trained on without
them; noise is added; the weights are rounded to a few bits. The rescaling trap (Dinh et al. 2017): relu(a z) =
a relu(z) for a > 0, so a unit's incoming weights times a and its outgoing ones divided by a are the same function.
With a a power of two not one bit of an output changes, and the magnitudes say something else.
"""

from lib.question import Question
from lib.questions.influence.config import HEAVIEST, Influence
from lib.questions.influence.verdict import headline, verdicts

QUESTION = Question(Influence, verdicts, heaviest=HEAVIEST, headline=headline)
