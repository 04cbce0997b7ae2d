"""The quantities of an LSTM step: names, symbols, torch's names, equations and ranges, in teaching order."""

from __future__ import annotations

from dataclasses import dataclass

from gatescope.messages import QT_TRANSLATE_NOOP


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
    """

    name: str
    symbol: str
    torch_name: str
    title: str
    equation: str
    low: float | None
    high: float | None


QUANTITIES: tuple[Quantity, ...] = (
    Quantity("f", "f", "f", QT_TRANSLATE_NOOP("engine", "forget gate"), "f_t = σ(z_f)", 0.0, 1.0),
    Quantity("i", "i", "i", QT_TRANSLATE_NOOP("engine", "input gate"), "i_t = σ(z_i)", 0.0, 1.0),
    Quantity("c_tilde", "C̃", "g", QT_TRANSLATE_NOOP("engine", "candidate"), "C̃_t = tanh(z_c)", -1.0, 1.0),
    Quantity("c", "C", "c", QT_TRANSLATE_NOOP("engine", "cell state"), "C_t = f_t * C_(t-1) + i_t * C̃_t", None, None),
    Quantity("o", "o", "o", QT_TRANSLATE_NOOP("engine", "output gate"), "o_t = σ(z_o)", 0.0, 1.0),
    Quantity("h", "h", "h", QT_TRANSLATE_NOOP("engine", "hidden state"), "h_t = o_t * tanh(C_t)", -1.0, 1.0),
)

NAMES: tuple[str, ...] = tuple(quantity.name for quantity in QUANTITIES)

PACKED_ORDER: tuple[str, ...] = ("i", "f", "c_tilde", "o")
"""The gates in the order of their blocks of rows in `weight_ih`, `weight_hh` and the biases (torch.nn.LSTM)."""
