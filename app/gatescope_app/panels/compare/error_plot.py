"""A plot of errors over time on a logarithmic axis, with the bound that they are held against."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QCursor, QFontMetrics, QFontMetricsF
from PySide6.QtWidgets import QApplication, QGraphicsItem, QGraphicsLineItem

from gatescope.verification.error_curves import ErrorCurves
from gatescope_app.look.theme import Theme
from gatescope_app.look.ticks import counts_between
from gatescope_app.look.tokens import format_step
from gatescope_app.look.tooltips import show_tooltip
from gatescope_app.widgets.step_axis import StepAxis

MARKS = {"error": "●━", "bound": "┅┅", "drift": "──"}
"""How a legend in words shows each curve."""

_MOST_DOTS = 300
_APART = 1.3  # lines of type from one power of ten to the next


def curve_colours(theme: Theme) -> dict[str, str]:
    """Return the colour of each curve."""
    return {"error": theme.quantities["f"], "bound": theme.differs, "drift": theme.quantities["c_tilde"]}


class _DecadeAxis(pg.AxisItem):
    """A logarithmic axis that names powers of ten only."""

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Return whole powers, both ends among them; the axis is in logarithms."""
        first, last = ceil(low - 0.01), floor(high + 0.01)
        least = _APART * QFontMetricsF(self.font()).height() * (high - low) / max(size, 1.0)
        return [(1.0, [float(power) for power in counts_between(first, last, least)] if first <= last else [])]

    def logTickStrings(self, values: list[float], _scale: float, _spacing: float) -> list[str]:
        """Write 1e-7 and so on."""
        return [f"1e{round(power)}" for power in values]


class ErrorPlot:
    """Errors of one quantity over t; a click goes to its step."""

    def __init__(self, go_to: Callable[[int], None]) -> None:
        self._steps, self._decades = StepAxis(), _DecadeAxis("left")
        self.widget = pg.PlotWidget(enableMenu=False, axisItems={"left": self._decades, "bottom": self._steps})
        self.widget.setMinimumSize(160, 120)
        self.widget.setLogMode(y=True)
        self.widget.setMouseEnabled(x=True, y=False)
        self.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.widget.hideButtons()
        item = self.widget.getPlotItem()
        item.setDownsampling(auto=True, mode="peak")
        item.setClipToView(True)
        item.layout.setContentsMargins(1, 9, 1, 1)  # room for the upper half of the topmost label
        self.curves = {kind: item.plot(connect="finite") for kind in ("drift", "bound", "error")}
        for curve in self.curves.values():
            for part in (curve.curve, curve.scatter):  # kept as pictures, so that moving the cursor redraws no curve
                part.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        # As high as the plot: Qt would dash all of a longer line; and pyqtgraph's own has the whole plot painted again.
        self.cursor = QGraphicsLineItem()
        item.getViewBox().sigYRangeChanged.connect(lambda _, ends: self.cursor.setLine(0, ends[0], 0, ends[1]))
        item.addItem(self.cursor, ignoreBounds=True)
        item.setLimits(minXRange=1.0)  # nor are the bound's dashes laid far beyond the steps in view
        self._go_to = go_to
        self._tokens: tuple[str, ...] | None = None
        self._units: Any = ()  # whose error it is, by t
        self._shown: dict[str, Any] = {}  # the numbers of each curve, as they were computed
        self.widget.scene().sigMouseClicked.connect(self._on_click)
        self.widget.scene().sigMouseMoved.connect(self._on_hover)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        colours = curve_colours(theme)
        self.widget.setBackground(theme.base)
        self.curves["error"].setPen(pg.mkPen(colours["error"], width=2))
        self.curves["error"].setSymbolSize(4)
        self.curves["error"].setSymbolPen(None)
        self.curves["error"].setSymbolBrush(colours["error"])
        self.curves["bound"].setPen(pg.mkPen(colours["bound"], width=2, style=Qt.PenStyle.DashLine))
        self.curves["drift"].setPen(pg.mkPen(colours["drift"], width=1))
        self.cursor.setPen(pg.mkPen(theme.cursor, style=Qt.PenStyle.DashLine))
        for axis in (self._decades, self._steps):
            axis.setPen(theme.grid)
            axis.setTextPen(theme.text)
        # Its type is that of the application, which changes with the theme.
        self._decades.setWidth(QFontMetrics(QApplication.font()).horizontalAdvance("1e-300") + 12)

    def show(self, curves: ErrorCurves, tokens: tuple[str, ...] | None) -> None:
        """Draw other curves, over the steps that were fed some tokens."""
        self._tokens, self._units = tokens, curves.unit
        self._shown = {kind: getattr(curves, kind) for kind in MARKS}
        self._steps.set_steps(len(curves.error), None)
        # Dots tell a lone step between two gaps; among many steps they only hide the line.
        self.curves["error"].setSymbol("o" if len(curves.error) <= _MOST_DOTS else None)
        shown = {kind: _positive(values) for kind, values in self._shown.items()}
        for kind, values in shown.items():
            self.curves[kind].setData(values)
        self.widget.getPlotItem().enableAutoRange("x")
        together = np.concatenate([np.asarray(values, dtype=np.float64) for values in shown.values()])
        together = together[np.isfinite(together)]
        if together.size:  # whole decades, so that there is always a labelled line
            self.widget.setYRange(np.floor(np.log10(together.min())), np.ceil(np.log10(together.max())), padding=0.02)

    def clear(self) -> None:
        """Draw nothing."""
        self._shown = {}
        for curve in self.curves.values():
            curve.setData([])

    def describe(self, t: int) -> str:
        """Return whose numbers a step shows, with all their digits and the sign of each curve; nothing outside."""
        error = self._shown.get("error")
        if error is None or not 0 <= t < len(error):
            return ""
        lines = [f"{MARKS[kind]} {values[t]!s}" for kind, values in self._shown.items() if values is not None]
        if not np.isnan(error[t]):
            lines.insert(0, QCoreApplication.translate("error_curves", "unit {unit}").format(unit=self._units[t]))
        return "\n".join([format_step(t, self._tokens), *lines])

    def _on_hover(self, place: QPointF) -> None:
        t = round(self.widget.getPlotItem().vb.mapSceneToView(place).x())
        show_tooltip(QCursor.pos(), self.describe(t), self.widget)

    def _on_click(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go_to(round(self.widget.getPlotItem().vb.mapSceneToView(event.scenePos()).x()))


def _positive(values: Any) -> Any:
    """Leave a gap where there is nothing to draw on a logarithmic axis."""
    if values is None or not (values > 0).any():
        return []  # pyqtgraph looks for the ends of a curve and warns where all of it is gaps
    return np.where(values > 0, values, np.nan).astype(np.float64)
