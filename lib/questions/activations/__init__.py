"""Sigmoid or tanh: how much does centring matter?"""

from lib.experiments.activations import HEAVIEST, Activations
from lib.question import Question
from lib.verdicts.activations import verdicts

QUESTION = Question(Activations, verdicts, heaviest=HEAVIEST)
