"""What was changed by hand, and the branches of it."""
