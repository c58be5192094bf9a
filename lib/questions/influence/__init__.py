"""Does a bigger weight matter more?"""

from lib.experiments.influence import HEAVIEST, Influence
from lib.question import Question
from lib.verdicts.influence import verdicts

QUESTION = Question(Influence, verdicts, heaviest=HEAVIEST)
