"""Does weight decay make weights negative?

Plain gradient descent on the penalty, and decoupled decay (AdamW), multiply every weight by 1 - lr * lambda at each
step. Alone, that brings weights nearer to zero, never across, while lr * lambda < 1; above 1 it flips every sign at
every step, above 2 it grows without bound. With momentum beta = 0.9 the weight is a damped oscillator: its
characteristic polynomial z^2 - (1 + beta - lr lambda) z + beta has complex roots, so that it swings across zero, for
lr * lambda between (1 - sqrt(beta))^2 and (1 + sqrt(beta))^2. Adam with L2 divides the penalty's gradient by its own
size, so that lambda cancels, and crosses too. With noise added at
each step the weights become a first-order autoregression, which crosses zero freely and settles at the standard
deviation sigma / sqrt(1 - (1 - lr * lambda)^2). With data (AdamW, Loshchilov and Hutter 2019) the gradient does the
crossing. The norm is |w|^2 = n (mean^2 + variance), so centring weights lowers it; the page asks at what price.
"""

from lib.question import Question
from lib.questions.weight_decay.config import HEAVIEST, WeightDecay
from lib.questions.weight_decay.verdict import headline, verdicts

QUESTION = Question(WeightDecay, verdicts, heaviest=HEAVIEST, memory=85, headline=headline)
