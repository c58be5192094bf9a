"""What does a unit look for?"""

from lib.experiments.template import HEAVIEST, Template
from lib.question import Question
from lib.verdicts.template import verdicts

QUESTION = Question(Template, verdicts, heaviest=HEAVIEST)
