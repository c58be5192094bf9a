"""One file per question: its Config and its run. An experiment computes and never draws."""
