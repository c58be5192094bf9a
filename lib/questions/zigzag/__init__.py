"""Why do all-positive inputs make gradient descent zig-zag?"""

from lib.experiments.zigzag import HEAVIEST, Zigzag
from lib.question import Question
from lib.verdicts.zigzag import verdicts

QUESTION = Question(Zigzag, verdicts, heaviest=HEAVIEST)
