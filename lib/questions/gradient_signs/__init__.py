"""If every activation is positive, how can a weight go down?

A weight w of the unit O is moved by dE/dw = (sum over k of dE/dO_k) * dO/dw: what comes back from the K units that O
feeds, times what came in. With h >= 0 coming in, dO/dw = f'(z) h is never negative; the sum over the branches has
either sign. So for one sample all weights of a unit move the same way (or not at all), and over a batch the samples
disagree. Both factors are written out here and held to autograd on the page's own run. The formula is that of the
thread's first answer; LeCun et al. 1998, section 4.3, draw the same conclusion for positive inputs.
"""

from lib.question import Question
from lib.questions.gradient_signs.config import HEAVIEST, GradientSigns
from lib.questions.gradient_signs.verdict import headline, verdicts

QUESTION = Question(GradientSigns, verdicts, heaviest=HEAVIEST, headline=headline)
