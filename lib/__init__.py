"""The layers of the house; each folder's name is its import rule (tests/test_architecture.py)."""
