"""What to look for in an example, and notes of one's own."""
