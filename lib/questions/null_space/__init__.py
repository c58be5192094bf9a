"""What does a constant matrix forget?

Inputs are sent through layers that have not been trained, and error signals back: what of them is left? A matrix with
equal rows has rank 1, so that it keeps one number of an input (a multiple of its sum) and sends one error back.
For comparison: Gaussian matrices, orthogonal ones, and the cosine transform's, which has no random number in it. A
ReLU layer brings angles together, with many units to cos t' = (sin t + (pi - t) cos t) / pi (Cho and Saul 2009,
eq. 6).
What is left is also drawn: inputs as the best linear map rebuilds them from the outputs of a layer (`rebuilt.py`).
"""

from lib.question import Question
from lib.questions.null_space.config import HEAVIEST, NullSpace
from lib.questions.null_space.verdict import headline, verdicts

QUESTION = Question(NullSpace, verdicts, heaviest=HEAVIEST, memory=125, headline=headline)
