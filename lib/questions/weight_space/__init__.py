"""Do two trainings find the same weights?

Networks 64-H-10 read the digits, from ten starts of their own, and from one start in ten batch orders. Compared are
their answers, the cosine of their weights, and the straight line between them, before and after the hidden units are
put in the same order (Hecht-Nielsen 1990; Entezari et al. 2022; Ainsworth et al. 2022). Planes through three
solutions, along filter-normalised directions and along the training's own path (Li et al. 2018), with a random walk
as the control (Antognini and Sohl-Dickstein 2018). Last a network of two weights, whose solutions are the curve
w1 w2 = 1 and whose gradient flow keeps w1^2 - w2^2 (Du, Hu and Lee 2018).
"""

from lib.question import Question
from lib.questions.weight_space.config import HEAVIEST, WeightSpace
from lib.questions.weight_space.verdict import headline, verdicts

QUESTION = Question(WeightSpace, verdicts, heaviest=HEAVIEST, memory=130, headline=headline)
