"""Which cure for off-centre inputs works?

Deep sigmoid networks on raw pixels, all positive at every layer, and one cure at a time from the same draws:
standardised inputs, BatchNorm (Ioffe and Szegedy 2015) and LayerNorm (Ba, Kiros and Hinton 2016) on either side of
the activation, the thread's bias per input, f = sum_i w_i (x_i + b_i), momentum and Adam. Each has its own best
learning rate. A neuron's gradients, dL/dw_i = dL/df (x_i + b_i) and dL/db_i = dL/df w_i, are held to autograd: the
function sees only sum_i w_i b_i, so nothing drives b_i to minus the mean of x_i, where the inputs would be centred.
"""

from lib.question import Question
from lib.questions.cures.config import HEAVIEST, Cures
from lib.questions.cures.verdict import headline, verdicts

QUESTION = Question(Cures, verdicts, heaviest=HEAVIEST, memory=80, headline=headline)
