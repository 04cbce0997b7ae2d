"""A plot of errors over time on a logarithmic axis, with the bound that they are held against."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGraphicsItem

from gatescope.verification.error_curves import ErrorCurves
from gatescope_app.look.theme import Theme
from gatescope_app.widgets.step_axis import StepAxis

MARKS = {"error": "●━", "bound": "┅┅", "drift": "──"}
"""How a legend in words shows each curve."""

_MOST_DOTS = 300


def curve_colours(theme: Theme) -> dict[str, str]:
    """Return the colour of each curve."""
    return {"error": theme.quantities["f"], "bound": theme.differs, "drift": theme.quantities["c_tilde"]}


class _DecadeAxis(pg.AxisItem):
    """A logarithmic axis that names powers of ten only."""

    def tickValues(self, low: float, high: float, _size: float) -> list[tuple[float, list[float]]]:
        """Return whole powers; the axis is in logarithms."""
        powers = np.arange(np.ceil(low - 0.01), np.floor(high + 0.01) + 1)
        every = max(1, len(powers) // 6)
        return [(float(every), [float(power) for power in powers[::every]])]

    def logTickStrings(self, values: list[float], _scale: float, _spacing: float) -> list[str]:
        """Write 1e-7 and so on."""
        return [f"1e{round(power)}" for power in values]


class ErrorPlot:
    """Errors of one quantity over t; a click goes to its step."""

    def __init__(self, go_to: Callable[[int], None]) -> None:
        self.widget = pg.PlotWidget(enableMenu=False, axisItems={"left": _DecadeAxis("left"), "bottom": StepAxis()})
        self.widget.setMinimumSize(160, 120)
        self.widget.setLogMode(y=True)
        self.widget.setMouseEnabled(x=True, y=False)
        self.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.widget.hideButtons()
        item = self.widget.getPlotItem()
        item.setDownsampling(auto=True, mode="peak")
        item.setClipToView(True)
        item.getAxis("left").setWidth(52)
        item.layout.setContentsMargins(1, 9, 1, 1)  # room for the upper half of the topmost label
        self.curves = {kind: item.plot(connect="finite") for kind in ("drift", "bound", "error")}
        for curve in self.curves.values():
            for part in (curve.curve, curve.scatter):  # kept as pictures, so that moving the cursor redraws no curve
                part.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.cursor = pg.InfiniteLine()  # drawn inside the plot only: Qt would dash all of a longer line
        item.addItem(self.cursor, ignoreBounds=True)
        item.setLimits(minXRange=1.0)  # nor are the bound's dashes laid far beyond the steps in view
        self._go_to = go_to
        self.widget.scene().sigMouseClicked.connect(self._on_click)

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
        for side in ("left", "bottom"):
            axis = self.widget.getPlotItem().getAxis(side)
            axis.setPen(theme.grid)
            axis.setTextPen(theme.text)

    def show(self, curves: ErrorCurves) -> None:
        """Draw other curves."""
        # Dots tell a lone step between two gaps; among many steps they only hide the line.
        self.curves["error"].setSymbol("o" if len(curves.error) <= _MOST_DOTS else None)
        shown = {kind: _positive(values) for kind, values in curves._asdict().items()}
        for kind, values in shown.items():
            self.curves[kind].setData(values)
        self.widget.getPlotItem().enableAutoRange("x")
        together = np.concatenate([np.asarray(values, dtype=np.float64) for values in shown.values()])
        together = together[np.isfinite(together)]
        if together.size:  # whole decades, so that there is always a labelled line
            self.widget.setYRange(np.floor(np.log10(together.min())), np.ceil(np.log10(together.max())), padding=0.02)

    def clear(self) -> None:
        """Draw nothing."""
        for curve in self.curves.values():
            curve.setData([])

    def _on_click(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go_to(round(self.widget.getPlotItem().vb.mapSceneToView(event.scenePos()).x()))


def _positive(values: Any) -> Any:
    """Leave a gap where there is nothing to draw on a logarithmic axis."""
    if values is None or not (values > 0).any():
        return []  # pyqtgraph looks for the ends of a curve and warns where all of it is gaps
    return np.where(values > 0, values, np.nan).astype(np.float64)
