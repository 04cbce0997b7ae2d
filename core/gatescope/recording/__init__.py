"""Recording the recurrent modules of somebody's own model while it runs."""
