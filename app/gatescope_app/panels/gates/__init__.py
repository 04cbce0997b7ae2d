"""The plots of all quantities over time."""
