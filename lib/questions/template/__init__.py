"""What does a unit look for?"""

from lib.question import Question
from lib.questions.template.config import HEAVIEST, Template
from lib.questions.template.verdict import verdicts

QUESTION = Question(Template, verdicts, heaviest=HEAVIEST)
