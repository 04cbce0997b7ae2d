"""Expressions that are followed over the run."""
