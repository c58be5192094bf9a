"""If training got stuck, does training again help?

From a constant start there is nothing to repeat: the same start and the same data give the same numbers, so 64 runs
end in one place. From random starts a small ReLU network on XOR ends at one of a few levels of loss, some bad for
good (a unit that reacts to no sample gets no gradient), and each new draw is a new chance: of runs that succeed with
probability p, one of n does with 1 - (1 - p)^n. tanh networks on XOR have no such minima (Hamey 1998).

All widths are trained as one ensemble: a narrow network is a wide one whose other units have zero weights. Such a
unit gives 0 and gets no gradient, neither in (outgoing weight 0) nor out (activation 0), so it stays zero for ever.
"""

from lib.question import Question
from lib.questions.restarts.config import HEAVIEST, Restarts
from lib.questions.restarts.verdict import headline, verdicts

QUESTION = Question(Restarts, verdicts, heaviest=HEAVIEST, headline=headline)
