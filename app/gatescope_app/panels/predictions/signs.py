"""Signs that tell without colour whether an answer is right."""

from __future__ import annotations

RIGHT, WRONG, PREDICTED, TARGET = "✓", "✗", "●", "◀"
