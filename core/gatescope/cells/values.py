"""The numbers that cells, traces and verifications hand to each other: their types."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # see gatescope.cells.kinds
    from torch import Tensor

Values = dict[str, "Tensor"]
"""Tensors by the name of their quantity; the last dimension of each is H, of h it is P."""

Scan = Callable[["Tensor", "Tensor", "Tensor"], "Tensor"]
"""Solves s_t = kept_t * s_(t-1) + written_t for all t, given kept (T, B, H), written (T, B, H) and s before (B, H)."""


Holding = Callable[[str, "Tensor"], "Tensor"]
"""Told a quantity's name and what it was computed to be; returns what it is to be, where it is held by hand."""


def as_computed(_name: str, value: Tensor) -> Tensor:
    """Hold nothing."""
    return value


Summands = dict[str, dict[str, tuple["Tensor", ...]]]
"""For each state the products that it is the sum of: their formulas, and the numbers of their factors."""
