"""One folder per question: its settings, experiment, result, verdicts and words.

`python -m lib.questions new SLUG "Question?"` writes the files of a new one.
"""
