"""Where the run stops: a list of breakpoints, and their conditions."""
