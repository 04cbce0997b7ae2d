"""Numbers as colours: of a quantity, from the background up to its colour; of weights, to either side of zero."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from gatescope_app.look.theme import DARK, LIGHT, Theme

Colours = NDArray[np.uint32]
"""256 colours from the lowest value to the highest, and one more for NaN, as `0xffrrggbb`."""


def quantity_colours(theme: Theme, quantity: str, *, signed: bool) -> Colours:
    """Return the colours of a quantity: from the background up to its own; below zero to the negative one."""
    return _scale(theme.name, theme.quantities[quantity], theme.negative if signed else "")


def diverging_colours(theme: Theme) -> Colours:
    """Return the colours of weights, which belong to no quantity; zero has the background's."""
    return _scale(theme.name, theme.positive, theme.negative)


@lru_cache(maxsize=64)
def _scale(theme: str, high: str, low: str) -> Colours:
    chosen = next(one for one in (LIGHT, DARK) if one.name == theme)
    background, top = QColor(chosen.base), QColor(high)
    table = [_mixed(QColor(low), background, k / 127) for k in range(128)] if low else []
    steps = 256 - len(table)
    table += [_mixed(background, top, k / (steps - 1)) for k in range(steps)]
    return np.array([*table, QColor(chosen.disabled).rgb()], dtype=np.uint32)


def _mixed(start: QColor, end: QColor, share: float) -> int:
    parts = zip(start.getRgb()[:3], end.getRgb()[:3], strict=True)  # type: ignore[index]  # PySide types it as object
    return int(QColor(*(round(a + (b - a) * share) for a, b in parts)).rgb())


def heat_image(values: NDArray[np.floating[Any]], low: float, high: float, colours: Colours) -> QImage:
    """Return a picture of numbers, (rows, columns), a pixel for each; what is beyond the ends has the end's colour."""
    scaled = values.astype(np.float64)  # the arithmetic of float16 would overflow
    with np.errstate(over="ignore", invalid="ignore"):
        scaled -= low
        scaled *= (len(colours) - 2) / (high - low)
    missing = np.isnan(scaled)
    scaled[missing] = 0.0
    index = scaled.clip(0, len(colours) - 2, out=scaled).astype(np.intp)
    index[missing] = len(colours) - 1
    pixels = np.ascontiguousarray(colours[index])  # (rows, columns)
    height, columns = pixels.shape
    return QImage(pixels.data, columns, height, 4 * columns, QImage.Format.Format_RGB32).copy()
