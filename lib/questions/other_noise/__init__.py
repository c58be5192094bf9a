"""Can something else than random weights break the symmetry of equal hidden units?

Units that start equal are exchanged by a permutation without any change of the loss. Whatever treats all units alike
(the order of the data, noise in inputs or labels, momentum, Adam) keeps them equal, step by step, to the last bit;
whatever draws for each unit on its own (dropout of units, noise in the gradient, random biases, one random layer,
mutation) parts them, and so does a difference without dice. See Goodfellow, Bengio and Courville 2016, section 8.4,
and Srivastava et al. 2014 for dropout. What goes into a unit, and back to it, is computed unit by unit here, so that
rounding treats units alike too.
"""

from lib.question import Question
from lib.questions.other_noise.config import HEAVIEST, OtherNoise
from lib.questions.other_noise.verdict import headline, verdicts

QUESTION = Question(OtherNoise, verdicts, heaviest=HEAVIEST, headline=headline)
