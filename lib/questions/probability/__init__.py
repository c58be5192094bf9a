"""Are weights probabilities?

The axioms are checked on trained networks: is every weight in [0, 1], does any row add up to 1? The same is asked of
the softmax output, whose honesty is measured too (calibration, Guo et al. 2017), and weights are forced to be
probabilities, to see the price. What a weight of a logistic regression is: the log of an odds ratio (Good 1950), the
same factor for every patient, while the probability changes differently for each. Bernoulli naive Bayes is the case
where the thread is nearly right: a linear network whose weights are the log-odds of probabilities,
sigmoid(W) = P(pixel on | class). And 'it is not that': a classifier with its negative or its positive weights alone.
"""

from lib.question import Question
from lib.questions.probability.config import HEAVIEST, Probability
from lib.questions.probability.verdict import headline, verdicts

QUESTION = Question(Probability, verdicts, heaviest=HEAVIEST, headline=headline)
