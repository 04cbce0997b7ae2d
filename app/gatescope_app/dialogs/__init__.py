"""What is asked of a person in a window of its own."""
