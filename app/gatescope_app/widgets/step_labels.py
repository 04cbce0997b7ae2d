"""The axis of t under what a widget draws over time: numbers of steps, and the tokens they were fed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from gatescope_app.look.fonts import in_bold
from gatescope_app.look.ticks import round_count
from gatescope_app.look.tokens import format_token

_APART = 4.0  # pixels at least to either side of a number
_BESIDE = 6.0  # pixels between the names of the rows and the labels
_NARROWEST = 4.0  # pixels of a column with a token
_Align = Qt.AlignmentFlag
_NOWHERE = QRectF()


def row_names(tokens: Sequence[str] | None) -> list[str]:
    """Return what the rows of labels under a plot over time are."""
    return ["t", QCoreApplication.translate("StepAxis", "token")] if tokens else ["t"]


def names_width(metrics: QFontMetricsF, tokens: Sequence[str] | None) -> float:
    """Return how much room these need to the left of a plot, in pixels."""
    return max(metrics.horizontalAdvance(name) for name in row_names(tokens)) + _BESIDE


@dataclass(frozen=True)
class StepLabels:
    """Writes the current step in bold type, the first and the last, others where there is room, and tokens where all
    in view have it; and beside them what either row is.

    Parameters
    ----------
    painter : QPainter
        With the font and the colour.
    top : float
        Where the first line of type begins.
    ends : pair of float
        Between which all labels stay; the names of the rows are to the left.
    centre : callable
        Returns the middle of a step's column.
    column : float
        How wide a column is.
    """

    painter: QPainter
    top: float
    ends: tuple[float, float]
    centre: Callable[[int], float]
    column: float

    def draw(
        self,
        view: range,
        now: int,
        tokens: Sequence[str] | None,
        exposed: range | None = None,
        taken: QRectF = _NOWHERE,
    ) -> None:
        """Label the steps in view; only those that are exposed are sure to be, and none in a place that is taken."""
        room = QFontMetricsF(self.painter.font()).horizontalAdvance("0" * len(str(view.stop))) + 2 * _APART
        every, beyond = round_count(room / self.column), int(room / self.column) + 1
        exposed = exposed or view
        steps = range(max(exposed.start - beyond, view.start), min(exposed.stop + beyond, view.stop))
        kept = [taken] if now not in view else [taken, self._write(now, str(now), bold=True)]
        for t in (view[0], view[-1], *range(-(-steps.start // every) * every, steps.stop, every)):
            place = self._place(t, str(t), 0).adjusted(-_APART, 0, _APART, 0)
            if not any(place.intersects(other) for other in kept):
                written = self._write(t, str(t))
                kept = [*kept, written] if t in (view[0], view[-1]) else kept
        tokens = tokens if tokens and self._fits(tokens, view) else ()
        for t in steps if tokens else ():
            self._write(t, format_token(tokens[t]), 1, bold=t == now)
        for line, name in enumerate(row_names(tokens)):
            self._write_name(name, line)

    def _fits(self, tokens: Sequence[str], view: range) -> bool:
        """Whether each token in view is narrower than a column; very narrow ones are not even tried."""
        metrics = QFontMetricsF(self.painter.font())
        return self.column >= _NARROWEST and self.column >= 1 + max(
            metrics.horizontalAdvance(format_token(tokens[t])) for t in view
        )

    def _write_name(self, name: str, line: int) -> None:
        height = self.painter.fontMetrics().height()
        place = QRectF(0, self.top + line * height, self.ends[0] - _BESIDE, height)
        self.painter.drawText(place, _Align.AlignRight | _Align.AlignVCenter, name)

    def _write(self, t: int, text: str, line: int = 0, *, bold: bool = False) -> QRectF:
        """Write below a column; return where."""
        usual = self.painter.font()
        self.painter.setFont(in_bold(usual, bold))
        place = self._place(t, text, line)
        self.painter.drawText(place, _Align.AlignHCenter | _Align.AlignVCenter, text)
        self.painter.setFont(usual)
        return place

    def _place(self, t: int, text: str, line: int) -> QRectF:
        """Return where a label stands: below its column, but between the ends also where the column is at one."""
        metrics = self.painter.fontMetrics()
        width, (left, right) = metrics.horizontalAdvance(text) + 2, self.ends
        start = min(max(self.centre(t) - width / 2, left), right - width)
        return QRectF(start, self.top + line * metrics.height(), width, metrics.height())
