"""What a head answers at every step."""
