"""Which sentence the numbers of a run choose: one file per question, from the Result's arrays to `Verdict`s.

No torch, no words: a verdict is the key of a sentence and the numbers in it, so it can be tested on hand-made runs.
"""
