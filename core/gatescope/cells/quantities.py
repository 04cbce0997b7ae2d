"""What one quantity of a cell is called, how it is computed, and where its values lie."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Quantity:
    """One quantity that a step computes.

    Parameters
    ----------
    name : str
        Its name in the library and in CSV columns.
    symbol : str
        The textbook's symbol, without the time index.
    torch_name : str
        The letter that torch uses for it.
    title : str
        What it is called, in English (marked for translation).
    equation : str
        How a step computes it.
    low, high : float or None
        The range of its values; None where it has no limit.
    preactivation : str or None
        The name of what its nonlinearity is applied to; None for what is no gate.
    like : str or None
        The quantity of an LSTM that it does most like, whose colour it has; None where it has that name itself.
    """

    name: str
    symbol: str
    torch_name: str
    title: str
    equation: str
    low: float | None
    high: float | None
    preactivation: str | None = None
    like: str | None = None
