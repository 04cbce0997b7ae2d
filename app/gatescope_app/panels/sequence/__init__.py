"""The sequence, step by step, with breakpoints in its margin."""
