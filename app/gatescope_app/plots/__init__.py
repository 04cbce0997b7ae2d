"""Plots of quantities over time."""
