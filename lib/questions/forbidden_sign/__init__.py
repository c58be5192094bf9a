"""What if negative weights were forbidden?"""

from lib.experiments.forbidden_sign import HEAVIEST, ForbiddenSign
from lib.question import Question
from lib.verdicts.forbidden_sign import verdicts

QUESTION = Question(ForbiddenSign, verdicts, heaviest=HEAVIEST)
