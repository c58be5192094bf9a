"""What does a unit look for?

The incoming weights of a unit on pixels are an image of their own. By Cauchy and Schwarz, among inputs of one norm
the preactivation w x + b is largest for x along w: gradient ascent on the input (Erhan et al. 2009) ends at w / |w|,
and among images with pixels in [0, 1] at the indicator of w > 0. Softmax regression from zero weights moves, in its
first full-batch step, exactly along (n_k / n) mean_k - mean / 10: the class's mean image minus the mean of all. A
ReLU network is linear on each region where the same units are on: logit = w_eff(x) x + b_eff(x).
"""

from lib.question import Question
from lib.questions.template.config import HEAVIEST, Template
from lib.questions.template.verdict import headline, verdicts

QUESTION = Question(Template, verdicts, heaviest=HEAVIEST, headline=headline)
