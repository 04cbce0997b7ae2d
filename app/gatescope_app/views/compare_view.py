"""How the run compares with nn.LSTM: the verdict in words, and the errors over time."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGraphicsItem, QGraphicsLineItem, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from gatescope.curves import ErrorCurves, error_curves
from gatescope.messages import Message
from gatescope.quantities import QUANTITIES
from gatescope_app.language import say
from gatescope_app.plots.step_axis import StepAxis
from gatescope_app.session import Focus, Session, State
from gatescope_app.theme import Theme
from gatescope_app.view import View
from gatescope_app.work import Worker

if TYPE_CHECKING:
    from gatescope.report import Report
    from gatescope_app.runs import Run

_SYMBOLS = {quantity.name: quantity.symbol for quantity in QUANTITIES}
_QUANTITIES = {"c": "C", "h": "h"}
_MOST_DOTS = 300
_MOST_AT_ONCE = 1_000_000  # numbers of a cell that are compared in a moment; more are compared off the GUI thread


class CompareView(View):
    """The verdict, and for C and h the re-synced error, its rounding bound and the free-running drift."""

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__(session, theme)
        self.verdict, self.detail, self.legend = QLabel(), QLabel(), QLabel()
        for label in (self.verdict, self.detail, self.legend):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.plots = {name: _ErrorPlot(session) for name in _QUANTITIES}
        self.worker = Worker(self)
        self._errors_of: tuple[object, ...] = ()  # what the plots show, or will when the worker is done
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        for label in (self.verdict, self.detail, self.legend):
            column.addWidget(label)
        column.addStretch(1)
        self.words = QScrollArea()
        self.words.setWidget(page)
        self.words.setWidgetResizable(True)
        self.words.setFrameShape(QScrollArea.Shape.NoFrame)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.words, 3)
        for plot in self.plots.values():
            layout.addWidget(plot.widget, 3)
        self.retranslate()

    def retranslate(self) -> None:
        """Set all texts again."""
        for name, symbol in _QUANTITIES.items():
            title = self.tr("difference in {symbol}").format(symbol=symbol)
            self.plots[name].widget.setTitle(title, color=self.theme.text, size=f"{self.font().pointSize()}pt")
            self.plots[name].widget.setAccessibleName(title)
        colours = _colours(self.theme)
        lines = (
            ("error", self.tr("re-synced: each step of nn.LSTM starts from this run's state before it")),
            ("bound", self.tr("rounding bound of that step, for the unit nearest to it")),
            ("drift", self.tr("free-running: each side on its own history")),
        )
        self.legend.setText(
            "<br>".join(f"<b style='color:{colours[kind]}'>{_MARKS[kind]}</b> {text}" for kind, text in lines)
            + "<br><br>"
            + self.tr("A gap means no difference at all: zero has no place on a logarithmic axis.")
        )

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self.theme = theme
        for plot in self.plots.values():
            plot.set_theme(theme)
        self.retranslate()
        super().set_theme(theme)

    def apply(self, old: State | None, new: State) -> None:
        """Say the verdict and draw the errors; a step only moves the cursor."""
        if old is None or old.run is not new.run:
            self._show_verdict(new)
        self._show_errors(new)
        for plot in self.plots.values():
            plot.cursor.setX(new.cursor.t)

    def _show_verdict(self, state: State) -> None:
        if state.run is None:
            self.verdict.setText(self.tr("Not computed yet."))
            self.words.setAccessibleName(self.verdict.text())
            self.detail.setText("")
            return
        report = state.run.report
        colour = getattr(self.theme, report.verdict.code)
        self.words.setAccessibleName(say(report.verdict))
        self.verdict.setText(f"<b style='color:{colour}; font-size:large'>{say(report.verdict)}</b>")
        self.detail.setText(self._detail(state.run))

    def _detail(self, run: Run) -> str:
        worst, trace = run.report.worst, run.trace
        if isnan(worst.ratio):
            return self.tr("Nothing can be compared. Computed on {device} in {arithmetic}.").format(
                device=trace.spec.device, arithmetic=trace.arithmetic.name
            )
        return (
            self.tr(
                "Largest difference: {error} of {bound} allowed, at t = {t}, {quantity} of unit {unit}, "
                "layer {layer}, {direction}, batch element {batch}. Computed on {device} in {arithmetic}."
            ).format(
                error=f"{worst.error:.2g}", bound=f"{worst.bound:.2g}", t=worst.t,
                quantity=_SYMBOLS[worst.quantity], unit=worst.unit, layer=worst.layer,
                direction=say(Message(worst.direction)),
                batch=worst.batch, device=trace.spec.device, arithmetic=trace.arithmetic.name,
            )
        )  # fmt: skip

    def _show_errors(self, state: State) -> None:
        """Draw the errors of the cell and batch element looked at; whichever unit is selected, they are the same."""
        cell = (state.run, state.focus.layer, state.focus.direction, state.focus.batch)
        wanted = (*cell, state.drift_known)
        if wanted == self._errors_of:
            return
        if cell != self._errors_of[:-1]:  # not while drift is added to what is shown
            self._clear()
        self._errors_of = wanted
        self.worker.cancel()
        if state.run is None:
            return
        report, focus, drift = state.run.report, state.focus, state.drift_known
        if state.setup.steps * state.setup.spec.hidden_size <= _MOST_AT_ONCE:
            self._draw_errors(_errors(report, focus, drift=drift))
        else:
            self.worker.start(
                lambda _progress: _errors(report, focus, drift=drift), self._draw_errors, self.session.failed.emit
            )

    def _draw_errors(self, curves: dict[str, ErrorCurves]) -> None:
        for name, plot in self.plots.items():
            plot.show(curves[name])

    def _clear(self) -> None:
        for plot in self.plots.values():
            plot.clear()


def _errors(report: Report, focus: Focus, *, drift: bool) -> dict[str, ErrorCurves]:
    return {
        name: error_curves(report, name, focus.layer, focus.direction, focus.batch, drift=drift) for name in _QUANTITIES
    }


_MARKS = {"error": "●━", "bound": "┅┅", "drift": "──"}


def _colours(theme: Theme) -> dict[str, str]:
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


class _ErrorPlot:
    """Errors of one quantity over t, on a logarithmic axis."""

    def __init__(self, session: Session) -> None:
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
        self.curves = {kind: item.plot(connect="finite") for kind in ("drift", "bound", "error")}
        for curve in self.curves.values():
            for part in (curve.curve, curve.scatter):  # kept as pictures, so that moving the cursor redraws no curve
                part.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.cursor = QGraphicsLineItem(0, -1000, 0, 1000)  # taller than any power of ten on the axis
        item.addItem(self.cursor, ignoreBounds=True)
        self._session = session
        self.widget.scene().sigMouseClicked.connect(self._on_click)

    def set_theme(self, theme: Theme) -> None:
        colours = _colours(theme)
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
        for curve in self.curves.values():
            curve.setData([])

    def _on_click(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._session.run_to(round(self.widget.getPlotItem().vb.mapSceneToView(event.scenePos()).x()))


def _positive(values: Any) -> Any:
    """Leave a gap where there is nothing to draw on a logarithmic axis."""
    if values is None or not (values > 0).any():
        return []  # pyqtgraph looks for the ends of a curve and warns where all of it is gaps
    return np.where(values > 0, values, np.nan).astype(np.float64)
