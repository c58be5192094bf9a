"""What is the problem, really?"""

from lib.question import Question
from lib.questions.conditioning.config import HEAVIEST, Conditioning
from lib.questions.conditioning.verdict import verdicts

QUESTION = Question(Conditioning, verdicts, heaviest=HEAVIEST)
