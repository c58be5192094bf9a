"""What happens to the weights when an input is inverted?"""

from lib.experiments.inverted_input import HEAVIEST, InvertedInput
from lib.question import Question
from lib.verdicts.inverted_input import verdicts

QUESTION = Question(InvertedInput, verdicts, heaviest=HEAVIEST)
