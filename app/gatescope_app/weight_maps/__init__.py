"""A cell's packed parameters as heat maps and histograms."""
