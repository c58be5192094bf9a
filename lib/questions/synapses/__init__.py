"""Is a negative weight an inhibitory synapse?"""

from lib.experiments.synapses import HEAVIEST, Synapses
from lib.question import Question
from lib.verdicts.synapses import verdicts

QUESTION = Question(Synapses, verdicts, heaviest=HEAVIEST)
