"""Are weights probabilities?"""

from lib.experiments.probability import HEAVIEST, Probability
from lib.question import Question
from lib.verdicts.probability import verdicts

QUESTION = Question(Probability, verdicts, heaviest=HEAVIEST)
