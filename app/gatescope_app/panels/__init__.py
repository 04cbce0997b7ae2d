"""The panels, a folder each with its view and all of its painting; none imports another."""
