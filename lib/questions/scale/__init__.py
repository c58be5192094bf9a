"""How large should random weights be?

A stack of equal layers without biases, random inputs of size 1 at the bottom and a random gradient of size 1 at the
top: how large are activations and gradients at every layer? Against mean-field theory (Poole et al. 2016; Schoenholz
et al. 2017), for the schemes of LeCun et al. 1998, Glorot and Bengio 2010, He et al. 2015 and Saxe et al. 2014. With
variance sigma^2 / width, layers keep a linear signal for sigma = 1 and one through ReLU for sigma = sqrt(2). On
request, the networks are trained: which learn 64 digits by heart, by size of the weights and by depth?
"""

from lib.question import Question
from lib.questions.scale.config import HEAVIEST, Scale
from lib.questions.scale.verdict import headline, verdicts

QUESTION = Question(Scale, verdicts, heaviest=HEAVIEST, memory=85, headline=headline)
