"""What is the problem, really?"""

from lib.experiments.conditioning import HEAVIEST, Conditioning
from lib.question import Question
from lib.verdicts.conditioning import verdicts

QUESTION = Question(Conditioning, verdicts, heaviest=HEAVIEST)
