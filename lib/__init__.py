"""The app's library: settings, questions, engine, figures, words, and what knows Streamlit.

Importing it keeps every numerical library to one thread, before any of them is loaded. On tensors of this size two
threads gain at most 1.2 to 1.5 times on an idle machine and lose 10 to 40 times on a busy one, since they wait for
each other spinning; the second core belongs to the second reader. And where work is split between threads, sums round
differently, so that a result would depend on the machine's cores.
"""

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
