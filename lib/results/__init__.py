"""What a run gave, frozen, and which sentences its numbers choose: one file per question.

No torch, no words: a verdict is the key of a sentence and the numbers in it, so it can be tested on hand-made runs.
"""
