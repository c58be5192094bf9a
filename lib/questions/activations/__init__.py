"""Sigmoid or tanh: how much does centring matter?

Deep networks read digits with each activation at its own best learning rate. A twin isolates centring: sigmoid - 1/2
has the slope, the saturation and the function class of the sigmoid (the next bias absorbs the half), only the
gradients differ, dE/dW = delta (h - 1/2)^T instead of delta h^T. Beside it stands saturation: the hidden layers of
sigmoid and twin start several times too large. Starting weights are N(0, 1 / fan_in) over the standard deviation that
the activation gives for N(0, 1), so that all begin with preactivations of one size. LeCun et al. 1998, section 4.3.
"""

from lib.question import Question
from lib.questions.activations.config import HEAVIEST, Activations
from lib.questions.activations.verdict import headline, verdicts

QUESTION = Question(Activations, verdicts, heaviest=HEAVIEST, memory=65, headline=headline)
