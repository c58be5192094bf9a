"""What happens to the weights when an input is inverted?"""

from lib.question import Question
from lib.questions.inverted_input.config import HEAVIEST, InvertedInput
from lib.questions.inverted_input.verdict import verdicts

QUESTION = Question(InvertedInput, verdicts, heaviest=HEAVIEST)
