"""The equation of one quantity of one unit at one step: in symbols, in numbers, and as text."""
