"""Do two trainings find the same weights?"""

from lib.experiments.weight_space import HEAVIEST, WeightSpace
from lib.question import Question
from lib.verdicts.weight_space import verdicts

QUESTION = Question(WeightSpace, verdicts, heaviest=HEAVIEST)
