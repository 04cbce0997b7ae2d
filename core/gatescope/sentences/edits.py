"""What is said about what-if edits."""

EDITS: dict[str, str] = {}
