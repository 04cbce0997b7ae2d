"""The panels of the window. Each follows the session's changes; none knows another."""
