"""Which sentence a run's numbers choose: one file per question.

A verdict is the key of a sentence in the words file and the numbers in it; functions of a Result, tested on hand-made
runs as well as on real ones.
"""
