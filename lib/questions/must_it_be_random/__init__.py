"""Must it be random? Starts without a single random number against random ones, and against 0.5 everywhere.

Each start is a pattern for a weight matrix (out, in), scaled to the root mean square that keeps signals alive,
sqrt(2 / in) for ReLU (He et al. 2015) and sqrt(1 / in) for tanh; biases are 0. Hadamard and cosine matrices have
orthogonal rows, as the identity has (Zhao, Schaefer and Anandkumar 2022 train deep networks from such starts). The
ramp has no two weights equal and rank 2; the constant has one unit many times over. Every start meets the same
minibatches, at every learning rate of one grid, and is judged at its own best one, chosen by the training loss.
"""

from lib.question import Question
from lib.questions.must_it_be_random.config import HEAVIEST, MustItBeRandom
from lib.questions.must_it_be_random.verdict import headline, verdicts

QUESTION = Question(MustItBeRandom, verdicts, heaviest=HEAVIEST, memory=130, headline=headline)
