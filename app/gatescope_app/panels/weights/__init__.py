"""The packed weights as heat maps and histograms."""
