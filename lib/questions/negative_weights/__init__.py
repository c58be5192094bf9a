"""Can a ReLU network have negative weights?

Networks that start without a single negative weight are trained on scikit-learn's digits, and their weights are
counted. A rectifier makes a unit's output non-negative; the gradient of a weight is (what comes back) * (what came
in), and what comes back has either sign, so nothing keeps a weight from falling below zero.

The theorem on the page: Adam (Kingma and Ba 2015) moves a weight at step t by at most lr_t * c_t, where by Cauchy's
inequality c_t^2 = sum_i a_i^2 / b_i with a_i, b_i the weights of gradient i in the bias-corrected first and second
moment. A weight that starts at w_min therefore cannot be negative before the c_t * lr_t add up to w_min. With torch's
betas c_t is 1.00 at step 1, 1.04 at step 10, 2.2 at step 100 and at most 7.3, so counting a learning rate per step is
right for the first steps only.
"""

from lib.question import Question
from lib.questions.negative_weights.config import HEAVIEST, NegativeWeights
from lib.questions.negative_weights.verdict import headline, verdicts

QUESTION = Question(NegativeWeights, verdicts, heaviest=HEAVIEST, headline=headline)
