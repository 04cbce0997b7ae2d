"""The font of the equations: STIX Two Math, which comes with ziamath."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

_FILE = "STIXTwoMath-Regular.ttf"
SCRIPT = 0.7
"""The size of a subscript, of that of its letter; as the font itself asks for (MATH table, ScriptPercentScaleDown)."""
SINK = 0.21
"""How far below the base line a subscript stands, of the size of its letter (MATH table, SubscriptShiftDown)."""


@cache
def family() -> str:
    """Return its name; where it cannot be had, that of a font with serifs."""
    package = find_spec("ziamath")  # only looked for: the package is imported off the GUI thread
    for place in (package.submodule_search_locations or ()) if package else ():
        index = QFontDatabase.addApplicationFont(str(Path(place) / "fonts" / _FILE))
        if index >= 0:
            return QFontDatabase.applicationFontFamilies(index)[0]
    return QFont("serif").family()


class MathFont:
    """The font in one size, for letters and for subscripts.

    Parameters
    ----------
    size : int
        In pixels.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.letter, self.script = _sized(size), _sized(max(1, round(SCRIPT * size)))
        self._metrics = {False: QFontMetricsF(self.letter), True: QFontMetricsF(self.script)}
        self._widths: dict[tuple[str, bool], float] = {}

    def width(self, text: str, *, script: bool = False) -> float:
        """Return how wide a text is."""
        key = (text, script)
        if key not in self._widths:
            if len(self._widths) >= _KEPT:
                self._widths.clear()
            self._widths[key] = self._metrics[script].horizontalAdvance(text)
        return self._widths[key]


_KEPT = 1000  # widths that are remembered; numbers change with every step


def _sized(pixels: int) -> QFont:
    font = QFont(family())
    font.setPixelSize(pixels)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)  # as ziamath draws
    return font


def slanted(letters: str) -> str:
    """Return letters as variables are printed, in the font's own italic."""
    return "".join(_SLANTED.get(letter, letter) for letter in letters)


_SLANTED = {chr(ord("a") + n): chr(0x1D44E + n) for n in range(26)}
_SLANTED |= {chr(ord("A") + n): chr(0x1D434 + n) for n in range(26)}
_SLANTED["h"] = "ℎ"  # Unicode had that one before the others
