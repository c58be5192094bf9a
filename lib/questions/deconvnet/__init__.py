"""What excites a deeper unit?"""

from lib.question import Question
from lib.questions.deconvnet.config import HEAVIEST, Deconvnet
from lib.questions.deconvnet.verdict import verdicts

QUESTION = Question(Deconvnet, verdicts, heaviest=HEAVIEST)
