"""The parts of the panel of predictions."""
