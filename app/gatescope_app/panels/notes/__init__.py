"""What to look for in an example."""
