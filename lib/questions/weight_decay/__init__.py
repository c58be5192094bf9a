"""Does weight decay make weights negative?

Decay multiplies every weight by 1 - lr * lambda at each step. Alone, it brings weights nearer to zero, never across,
while lr * lambda < 1; above 1 it flips every sign at every step, above 2 it grows without bound. With noise added at
each step the weights become a first-order autoregression, which crosses zero freely and settles at the standard
deviation sigma / sqrt(1 - (1 - lr * lambda)^2). With data (AdamW, Loshchilov and Hutter 2019) the gradient does the
crossing. The norm is |w|^2 = n (mean^2 + variance), so centring weights lowers it; the page asks at what price.
"""

from lib.question import Question
from lib.questions.weight_decay.config import HEAVIEST, WeightDecay
from lib.questions.weight_decay.verdict import verdicts

QUESTION = Question(WeightDecay, verdicts, heaviest=HEAVIEST)
