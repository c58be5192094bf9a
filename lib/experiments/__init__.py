"""One file per question: its Config, its run, its Result. An experiment computes and never draws."""
