"""Speed and memory, as ratios measured side by side in one run; never a timed test, because machines are noisy."""
