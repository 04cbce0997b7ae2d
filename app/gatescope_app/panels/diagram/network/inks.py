"""The pens, brushes and fonts that the unrolled network is drawn with: made once, not in every paint."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPen

from gatescope_app.look.theme import Theme
from gatescope_app.panels.diagram.network.wiring import Carried

_SMALL = 0.85  # of the type
_WIRE = 0.55  # of its quantity's colour, the rest is background: the cells come first
_FRAME = 0.8


class Inks:
    """Those of a theme and a font."""

    def __init__(self, theme: Theme, font: QFont) -> None:
        self.theme, self.font = theme, font
        self.line = QFontMetricsF(font).height()
        self.hair, self.thick = self.line * 0.07, self.line * 0.16
        self.small, self.bold = QFont(font), QFont(font)
        self.small.setPointSizeF(font.pointSizeF() * _SMALL)
        self.bold.setBold(True)
        self.base, self.text, self.faint = QColor(theme.base), QColor(theme.text), QColor(theme.faint)
        self.band, self.accent, self.on_accent = QColor(theme.window), QColor(theme.accent), QColor(theme.on_accent)
        self.now = _clear(self.accent, 0.14)
        self.frame = QPen(_mixed(self.faint, self.base, _FRAME), self.hair)
        self.pending = QPen(QColor(theme.disabled), self.hair, Qt.PenStyle.CustomDashLine)
        self.pending.setDashPattern([3.0, 3.0])
        self.tick = QPen(self.text, self.hair * 1.5)
        self.tick.setCapStyle(Qt.PenCapStyle.FlatCap)
        self.current = QPen(self.accent, self.thick)
        self.current.setJoinStyle(Qt.PenJoinStyle.MiterJoin)

    def quantity(self, name: str) -> QColor:
        """Return the colour of a quantity."""
        return QColor(self.theme.quantities[name])

    def wire(self, carries: Carried) -> QColor:
        """Return the colour of a line."""
        full = self.faint if carries == "x" else self.quantity("h" if carries == "join" else carries)
        return _mixed(full, self.base, _WIRE)

    def verdict(self, so: bool | None) -> QColor:
        """Return the colour of an equality that is so, is not, or is not known yet."""
        return self.faint if so is None else QColor(self.theme.matches if so else self.theme.differs)

    def marker(self, so: bool | None) -> QColor:
        """Return the same to draw over other things."""
        return _clear(self.verdict(so), 0.32)


def _clear(colour: QColor, alpha: float) -> QColor:
    result = QColor(colour)
    result.setAlphaF(alpha)
    return result


def _mixed(colour: QColor, background: QColor, share: float) -> QColor:
    parts = zip(colour.getRgbF()[:3], background.getRgbF()[:3], strict=True)  # type: ignore[index]  # PySide types it as object
    return QColor.fromRgbF(*(one * share + other * (1 - share) for one, other in parts))
