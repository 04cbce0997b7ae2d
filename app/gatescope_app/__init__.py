"""Gatescope's window and command line. The engine is `gatescope`; nothing here computes a gate."""
