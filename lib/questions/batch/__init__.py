"""Does summing over a batch cure the one-signed gradients?

A batch's gradient is Cov(e, x) + mean(e) mean(x), e being the error f - y. With positive inputs a single sample's
gradient has one sign; a batch averages the first term's noise away, but the second term has one sign for any batch
size, and goes only when the mean error does. And the loss is as stretched for a batch as for one sample (page 43), so
the steps of descents are compared as well, against the same draws centred.
"""

from lib.question import Question
from lib.questions.batch.config import HEAVIEST, Batch
from lib.questions.batch.verdict import headline, verdicts

QUESTION = Question(Batch, verdicts, heaviest=HEAVIEST, headline=headline)
