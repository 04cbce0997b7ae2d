"""What log points wrote, and where the run stopped."""
