"""A run: the trace of it, how it is computed layer by layer, and in which order."""
