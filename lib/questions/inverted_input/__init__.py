"""What happens to the weights when an input is inverted?

Two networks learn the same digits; the second sees some inputs inverted (-x, or 1 - x as in a photographic negative).
In IEEE arithmetic (-x)(-w) is x w exactly, so if the second starts from the first one's weights with the signs of
those inputs mirrored, every activation, every gradient up to its sign, and hence every step of any optimiser that
treats w and -w alike (SGD, momentum, Adam, L2 decay) is the mirror image, bit for bit. From other starts only the set
of minima is mirrored: the loss of the mirrored weights on the inverted inputs is the loss of the weights on the
inputs, whatever the weights. Hidden units may then come in another order, so they are matched by what they compute; a
run ends in the mirrored weights for sure only where the minimum is unique, as in softmax regression with L2 decay
(strictly convex). For 1 - x the biases must move too: w x + b = -w (1 - x) + (b + w).
"""

from lib.question import Question
from lib.questions.inverted_input.config import HEAVIEST, InvertedInput
from lib.questions.inverted_input.verdict import headline, verdicts

QUESTION = Question(InvertedInput, verdicts, heaviest=HEAVIEST, headline=headline)
