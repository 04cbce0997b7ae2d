"""The window drawn offscreen, for the README and for tests."""
