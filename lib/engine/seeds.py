"""One seed per repeat, counted from the reader's start number."""

APART = 1000  # between two start numbers, so that no two of them share a starting draw


def seeds_of(start: int, repeats: int, *, skip: int = 0) -> range:
    """Return the seeds of `repeats` repeats at a start number, `skip` later for draws of another kind."""
    first = start * APART + skip
    return range(first, first + repeats)
