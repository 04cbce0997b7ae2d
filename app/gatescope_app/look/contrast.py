"""Which ink can be read on a colour."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QColor

BLACK, WHITE = "#000000", "#ffffff"


@lru_cache(maxsize=4096)
def ink_on(paper: int) -> QColor:
    """Return black or white, whichever is read more easily on a colour given as `0xffrrggbb`.

    The contrasts of both, by the Web Content Accessibility Guidelines 2, multiply to 21, so the greater one is at least
    4.58 on any colour.
    """
    bright = luminance(QColor.fromRgb(paper)) + 0.05
    return QColor(BLACK if bright / 0.05 >= 1.05 / bright else WHITE)


def luminance(colour: QColor) -> float:
    """Return the relative luminance of the same guidelines, from 0 to 1."""
    red, green, blue = (_linear(part) for part in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
