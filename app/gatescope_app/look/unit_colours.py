"""The shades of a quantity's colour in which its units are drawn: neighbours far apart, the selected one strongest."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from gatescope_app.look.contrast import luminance
from gatescope_app.look.theme import Theme

_STEPS = 64  # of a table from a colour's brightness to its lightness for the eye


def unit_shades(theme: Theme, quantity: str, count: int) -> tuple[QColor, ...]:
    """Return the shades of `count` units, evenly far apart for the eye, which sees them whatever colours it confuses.

    One after the other is from the darker half and from the lighter one, so that neighbours are further apart still.
    """
    if count == 1:
        return (QColor(theme.quantities[quantity]),)
    darker = -(-count // 2)
    ranks = [unit // 2 + darker * (unit % 2) for unit in range(count)]
    shades = _shades(theme.quantities[quantity], *theme.unit_lightness, count)
    return tuple(shades[rank] for rank in ranks)


def selected_shade(theme: Theme, quantity: str) -> QColor:
    """Return the shade of the selected unit, which stands out from the others and from the background."""
    return _shades(theme.quantities[quantity], theme.selected_lightness, theme.selected_lightness, 1)[0]


@lru_cache(maxsize=128)
def _shades(colour: str, low: float, high: float, count: int) -> tuple[QColor, ...]:
    """Return shades of a colour's hue, whose lightness in CIELAB goes from `low` to `high`."""
    base = QColor(colour)
    hue, saturation = max(base.hslHueF(), 0.0), base.hslSaturationF()
    bright = np.linspace(0, 1, _STEPS)
    light = [_lightness(QColor.fromHslF(hue, saturation, each)) for each in bright.tolist()]
    wanted: NDArray[np.float64] = np.interp(np.linspace(low, high, count), light, bright)
    return tuple(QColor.fromHslF(hue, saturation, each) for each in wanted.tolist())


def _lightness(colour: QColor) -> float:
    """Return L* of CIELAB, from 0 to 100; that of the darkest colours is only about right."""
    return max(0.0, 116 * float(np.cbrt(luminance(colour))) - 16)
