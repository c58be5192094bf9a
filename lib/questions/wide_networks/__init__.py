"""Why do wide networks always fit? Random labels, f = m^(-1/2) sum_r a_r relu(w_r . x), and only W is trained.

Full-batch gradient descent on half the sum of squared errors. Du, Zhai, Poczos and Singh (2019), theorem 4.1: with
Gaussian w_r, random signs a_r, inputs of length 1, lr of order lambda / n^2 and m at least of order n^6 / lambda^4,
the squared error falls at least like (1 - lr lambda / 2)^step, and no unit goes far: the distance relative to the
start falls like m^(-1/2). The Gram matrix of this network is K = X X^T * (share of units that are on at both
samples), element by element, and lambda is the smallest eigenvalue of K at infinite m. Widths and lr here are far
from what the theorem asks for; the run shows whether its rate, with lambda taken from K at the start, holds all the
same.
"""

from lib.question import Question
from lib.questions.wide_networks.config import HEAVIEST, WideNetworks
from lib.questions.wide_networks.verdict import headline, verdicts

QUESTION = Question(WideNetworks, verdicts, heaviest=HEAVIEST, memory=55, headline=headline)
