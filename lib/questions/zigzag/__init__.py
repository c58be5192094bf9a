"""Why do all-positive inputs make gradient descent zig-zag?

One linear neuron with two inputs learns the weights of another one, one sample at a time. dL/dw = dL/df x, so with
positive inputs both components of a step have the sign of -dL/df: the step leads to the north-east or the south-west,
and a target in the north-west can only be reached by turning round and round. The same draws without their offset are
the control. That the loss is stretched too, and that this is what costs steps, is the work of the second-moment
matrix (LeCun, Kanter and Solla 1991; LeCun, Bottou, Orr and Müller 1998, section 4.3).
"""

from lib.question import Question
from lib.questions.zigzag.config import HEAVIEST, Zigzag
from lib.questions.zigzag.verdict import headline, verdicts

QUESTION = Question(Zigzag, verdicts, heaviest=HEAVIEST, headline=headline)
