"""What excites a deeper unit?"""

from lib.experiments.deconvnet import HEAVIEST, Deconvnet
from lib.question import Question
from lib.verdicts.deconvnet import verdicts

QUESTION = Question(Deconvnet, verdicts, heaviest=HEAVIEST)
