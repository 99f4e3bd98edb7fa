"""Kill tests: both programs as processes, SIGKILL before and after every effect of a run."""
