"""Do two trainings find the same weights?"""

from lib.question import Question
from lib.questions.weight_space.config import HEAVIEST, WeightSpace
from lib.questions.weight_space.verdict import verdicts

QUESTION = Question(WeightSpace, verdicts, heaviest=HEAVIEST)
