"""What if negative weights were forbidden?"""

from lib.question import Question
from lib.questions.forbidden_sign.config import HEAVIEST, ForbiddenSign
from lib.questions.forbidden_sign.verdict import verdicts

QUESTION = Question(ForbiddenSign, verdicts, heaviest=HEAVIEST)
