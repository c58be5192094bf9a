"""What if negative weights were forbidden?

The same starting draws are trained twice: free, and with the weights of the chosen layers held at or above zero
(their absolute values at the start, clamped after each step; the start alone costs something, too). Theorem: with
every weight non-negative, free biases, one output and activations that are non-decreasing and convex (ReLU, leaky
ReLU), each unit is by induction a non-decreasing, convex and supermodular function of the input, and so is the
output. XOR's floor needs the last of the three: max(x1, x2) is non-decreasing and convex, and gets below it. For
tanh and sigmoid, non-decreasing is what remains (Sill 1998; Daniels and Velikova 2010; Amos, Xu and Kolter 2017).
`monotone` has the floors that follow. A softmax head escapes: a difference of two non-decreasing outputs can fall,
and adding one number to a column of the last weights changes no probability. With inputs [x, 1 - x] the first layer
needs no minus sign either.
"""

from lib.question import Question
from lib.questions.forbidden_sign.config import HEAVIEST, ForbiddenSign
from lib.questions.forbidden_sign.verdict import headline, verdicts

QUESTION = Question(ForbiddenSign, verdicts, heaviest=HEAVIEST, headline=headline)
