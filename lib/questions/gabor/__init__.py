"""Do networks learn edge detectors from photographs?

Patches of whitened photographs are coded by a small number of active ReLU units (a tied, sparse autoencoder after
Olshausen and Field 1996), or a convolution learns to tell real from scrambled pictures. A Gabor function is fitted to
every filter. Three controls: the same pictures with their phases scrambled (same spectrum, no edges; but few large
values among many small ones are gone, too, so that what is missed need not be the edges), the same training without
its sparsity, or with shuffled labels, and the untrained filters. R^2 alone is not enough: a wave that fills the patch
is a Gabor function too, so a filter counts as an edge detector only if its window is narrow. A dot passes as well.
"""

from lib.question import Question
from lib.questions.gabor.config import HEAVIEST, Gabor
from lib.questions.gabor.verdict import headline, verdicts

QUESTION = Question(Gabor, verdicts, heaviest=HEAVIEST, headline=headline, memory=110)
