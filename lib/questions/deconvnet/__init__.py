"""What excites a deeper unit?

For each unit of a convolutional network on digits, the nine test images that excite it most, and the projection of
that one activation back to pixels (Zeiler and Fergus 2014), beside the same for untrained networks and for networks
trained on shuffled labels (the sanity checks of Adebayo et al. 2018; Nie et al. 2018). Whether the projection points
at what drives the unit is tested by deleting the pixels that it names; whether deeper layers serve new classes, by a
linear reader on digits that the network has not been trained on (Yosinski et al. 2014).
"""

from lib.question import Question
from lib.questions.deconvnet.config import HEAVIEST, Deconvnet
from lib.questions.deconvnet.verdict import headline, verdicts

QUESTION = Question(Deconvnet, verdicts, heaviest=HEAVIEST, headline=headline, memory=75)
