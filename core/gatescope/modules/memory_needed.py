"""How much memory there is, so that absurd sizes are refused instead of tried."""

from __future__ import annotations

from collections.abc import Callable

import psutil

from gatescope.messages.message import GatescopeError

ALWAYS = 1 << 26
"""So many bytes are never asked about: the question takes longer than a small run."""


def require_memory(needed: int, what: str | Callable[[], str]) -> None:
    """Refuse work that cannot fit into this machine.

    Parameters
    ----------
    needed : int
        Bytes.
    what : str or callable
        What needs them, for the message; a callable returns it and is called only then.

    Raises
    ------
    GatescopeError
        `too_much_memory` where `needed` exceeds the memory that is free now.
    """
    if not is_free(needed):
        free = psutil.virtual_memory().available
        written = what if isinstance(what, str) else what()
        raise GatescopeError("too_much_memory", what=written, needed=format_bytes(needed), available=format_bytes(free))


def is_free(needed: int) -> bool:
    """Return whether so many bytes are free now."""
    return needed <= ALWAYS or needed <= psutil.virtual_memory().available


def format_bytes(size: float) -> str:
    """Write a number of bytes in the largest unit that fits, such as `3.2 GiB`."""
    if size >= 1 << 70:
        return "over 1 million PiB"  # far beyond any machine, and perhaps beyond a float
    units = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
    for unit in units:
        if size < 1024 or unit == units[-1]:
            break
        size /= 1024
    return f"{size:.3g} {unit}" if size < 999.5 else f"{size:.0f} {unit}"  # 1020, not 1.02e+03
