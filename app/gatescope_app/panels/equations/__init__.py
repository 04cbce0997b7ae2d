"""The equation of the selected quantity, in symbols and in numbers."""
