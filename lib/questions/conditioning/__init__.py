"""What really slows descent on all-positive inputs?

The loss of a linear neuron is (w - w*) H (w - w*) / 2 with the inputs' second-moment matrix H = E[x x'], here
sigma^2 I + mu mu'. Gradient descent is stable up to the learning rate 2 / lambda_max and needs about as many steps as
the condition number lambda_max / lambda_min says (LeCun, Kanter and Solla 1991). With d inputs of offset mu and
standard deviation 1 it is 1 + d mu^2; a bias, one more input that is always 1, makes it about the square of that.
"""

from lib.question import Question
from lib.questions.conditioning.config import HEAVIEST, Conditioning
from lib.questions.conditioning.verdict import headline, verdicts

QUESTION = Question(Conditioning, verdicts, heaviest=HEAVIEST, memory=55, headline=headline)
