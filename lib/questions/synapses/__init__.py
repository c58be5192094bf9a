"""Is a negative weight an inhibitory synapse?

Three readings of a weight's sign are tried. A weight of zero is a missing link: a network with some outgoing weights
at zero against the smaller one without those units. A weight of -2 is a detour over an inhibitory relay,
-2 h = -relu(2 h), exact where the activation h is never negative. And Dale's law, under which a cell's outgoing
synapses are all of one sign: networks with k inhibitory units among H are trained (start |He| with the unit's sign,
clamped after each step; with excitatory inputs the first layer is at or above zero too), from the draws of the free
network. They are held against networks with the same inputs and free outgoing signs, and excitatory inputs are held
against free ones apart, so that what is lost is lost by the one or the other; each condition is a start as well as
a hold, and the start may do most of it (of XOR's ReLU units from |He| none is silent at all four points). Any free
network with non-negative activations is a Dale network of twice the units, each once with its positive and once with
its negative outgoing weights (Parisien, Anderson and Eliasmith 2008; Cornford et al. 2021).
"""

from lib.question import Question
from lib.questions.synapses.config import HEAVIEST, Synapses
from lib.questions.synapses.verdict import headline, verdicts

QUESTION = Question(Synapses, verdicts, heaviest=HEAVIEST, memory=60, headline=headline)
