"""Is a negative weight an inhibitory synapse?"""

from lib.question import Question
from lib.questions.synapses.config import HEAVIEST, Synapses
from lib.questions.synapses.verdict import verdicts

QUESTION = Question(Synapses, verdicts, heaviest=HEAVIEST)
