"""Why do all-positive inputs make gradient descent zig-zag?"""

from lib.question import Question
from lib.questions.zigzag.config import HEAVIEST, Zigzag
from lib.questions.zigzag.verdict import verdicts

QUESTION = Question(Zigzag, verdicts, heaviest=HEAVIEST)
