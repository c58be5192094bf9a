"""What a run gave, frozen: one file per question, arrays and tables. No torch, no words.

Which sentences the numbers choose stands in `lib/verdicts`, where it can be tested on hand-made runs.
"""
