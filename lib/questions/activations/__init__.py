"""Sigmoid or tanh: how much does centring matter?"""

from lib.question import Question
from lib.questions.activations.config import HEAVIEST, Activations
from lib.questions.activations.verdict import verdicts

QUESTION = Question(Activations, verdicts, heaviest=HEAVIEST)
