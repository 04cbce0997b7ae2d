"""The classes of one step as bars: each with its number, and which is predicted and which is right, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView

from gatescope.messages.number_format import format_number
from gatescope_app.look.fonts import in_bold
from gatescope_app.look.theme import Theme
from gatescope_app.look.tokens import escape_markup
from gatescope_app.panels.predictions.signs import RIGHT, WRONG
from gatescope_app.state.known_values import NOTHING
from gatescope_app.widgets.number_texts import format_exactly
from gatescope_app.widgets.row_table import RowTable
from gatescope_app.widgets.table_model import Column, TableModel

_Align = Qt.AlignmentFlag
_GAP = 8
_WIDEST_LABEL = 14  # characters
_FEWEST_LINES = 5  # how many times as wide as a line is high a bar is at least, before remarks are cut to their signs
_GO = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True)
class ClassRow:
    """One class.

    Parameters
    ----------
    number : int
        From 0; -1 for a row that is still empty.
    label : str
        What it is called.
    value : float or None
        The length of the bar; None before it is computed.
    before : float or None
        What it was before the edits, where there are any.
    remark : str
        Whether it is predicted, and right, in words.
    sign : str
        The same in one sign.
    predicted, target : bool
        The same for the colours.
    tip : callable
        Returns all there is to say about it; seldom asked for.
    """

    number: int
    label: str
    value: float | None = None
    before: float | None = None
    remark: str = ""
    sign: str = ""
    predicted: bool = False
    target: bool = False
    tip: Callable[[], str] = field(default=str, compare=False)


@dataclass(frozen=True)
class BarScale:
    """Where the bars begin and end, and their colour."""

    low: float
    high: float
    colour: str


def _class_model() -> TableModel[ClassRow]:
    """Return the rows for screen readers and the selection."""
    texts: tuple[Callable[[ClassRow], str], ...] = (
        lambda row: row.label, lambda row: format_value(row.value), lambda row: row.remark,
    )  # fmt: skip
    columns = [Column(text, tooltip=lambda row: escape_markup(row.tip())) for text in texts]
    columns[1] = replace(columns[1], edit_text=lambda row: "" if row.value is None else format_exactly(row.value))
    model = TableModel(columns)
    model.is_frozen = True
    return model


def format_value(value: float | None) -> str:
    """Return a value as it is shown."""
    return NOTHING if value is None else format_number(value)


class ClassTable(RowTable):
    """Paints its rows itself, with a bar in each.

    Signals
    -------
    picked(int)
        A class was clicked, or Enter pressed on it.
    pointed(bool)
        Whether the mouse is over it.
    """

    picked = Signal(int)
    pointed = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.classes = _class_model()
        self.setModel(self.classes)
        self.scale_of_bars = BarScale(0.0, 1.0, theme.accent)
        self._widths: tuple[int, int, int] = (0, 0, 0)  # of label, number and remark
        self._places: tuple[int, int, int] = (0, 0, 0)  # the right edges of label, bar and number
        self._signs_only = False
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.clicked.connect(lambda index: self._pick(index.row()))

    def show_rows(self, rows: Sequence[ClassRow], scale: BarScale) -> None:
        """Show other rows."""
        count, same = len(self.classes.rows), (rows, scale) == (self.classes.rows, self.scale_of_bars)
        self.scale_of_bars = scale
        self.classes.set_rows(rows)  # those that look the same as well: their tooltips tell more
        if len(rows) != count:
            self._spread_rows()
        if not same:
            self._make_room_for(rows)

    def _make_room_for(self, rows: Sequence[ClassRow]) -> None:
        """Widen the column of the numbers where they would be cut; it stays so, or bars would jump at every step."""
        label, number, remark = self._widths
        advance = QFontMetrics(in_bold(self.font())).horizontalAdvance
        widest = max((advance(format_value(row.value)) for row in rows), default=0)
        if widest > number:
            self._widths = label, widest, remark
            self._place_columns()

    def lay_out(self, labels: Sequence[str], remarks: Sequence[str]) -> None:
        """Make room for the longest texts that there may be, in the current type."""
        metrics, bold = QFontMetrics(self.font()), QFontMetrics(in_bold(self.font()))
        label = _GAP + max((bold.horizontalAdvance(text[:_WIDEST_LABEL]) for text in labels), default=0)
        number, remark = metrics.horizontalAdvance("-0.0000"), max(map(bold.horizontalAdvance, remarks))
        self._widths = label, number, remark
        self._place_columns()
        self.setMinimumHeight(3 * self._least_height())
        self._spread_rows()

    def _least_height(self) -> int:
        return self.fontMetrics().height() + 2

    def _spread_rows(self) -> None:
        """Make the rows higher where there is room for it."""
        least = self._least_height()
        fair = self.viewport().height() // max(len(self.classes.rows), 1)
        self.verticalHeader().setDefaultSectionSize(max(least, min(fair, least * 8 // 5)))

    def _place_columns(self) -> None:
        label, number, remark = self._widths
        bar = self.viewport().width() - remark - number - 3 * _GAP
        self._signs_only = bar - label < _FEWEST_LINES * self.fontMetrics().height()
        if self._signs_only:
            bar += remark - QFontMetrics(in_bold(self.font())).horizontalAdvance(RIGHT)
        bar = max(bar, label + _GAP)
        self._places = (label, bar, bar + number + _GAP)
        self.viewport().update()

    def resizeEvent(self, event: Any) -> None:
        """Give the bars what room there is."""
        super().resizeEvent(event)
        self._place_columns()
        self._spread_rows()

    # the mouse and the keys

    def _pick(self, row: int) -> None:
        number = self.classes.rows[row].number
        if number >= 0:
            self.picked.emit(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pick with Enter."""
        if event.key() in _GO and self.currentIndex().isValid():
            self._pick(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: Any) -> None:
        super().enterEvent(event)
        self.pointed.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(False)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        usual, bold = self.font(), in_bold(self.font())
        height = self.verticalHeader().defaultSectionSize()
        chosen = self.chosen_in(self.rows_in(event.rect()))
        for number, row in enumerate(self.classes.rows):
            area = QRect(0, self.rowViewportPosition(number), self.viewport().width(), height)
            if area.intersects(event.rect()):
                painter.setFont(bold if row.predicted else usual)
                if number in chosen:
                    self._draw_selection(painter, area)
                self._draw_bar(painter, area, row)
                self._draw_texts(painter, area, row)

    def _draw_selection(self, painter: QPainter, area: QRect) -> None:
        painter.fillRect(area, QColor(self.theme.raised))
        if self.hasFocus():
            painter.setPen(QColor(self.theme.accent))
            painter.drawRect(area.adjusted(0, 0, -1, -1))

    def _draw_bar(self, painter: QPainter, area: QRect, row: ClassRow) -> None:
        scale, label, right, inset = self.scale_of_bars, *self._places[:2], area.height() // 6
        track = QRectF(label + _GAP, area.top() + inset, right - label - _GAP, area.height() - 2 * inset)
        per_one = track.width() / (scale.high - scale.low)
        zero = track.left() - scale.low * per_one
        painter.fillRect(track, QColor(self.theme.grid))
        if row.value is not None and isfinite(row.value):
            value = min(max(row.value, scale.low), scale.high)
            bar = QRectF(zero + min(value, 0.0) * per_one, track.top(), abs(value) * per_one, track.height())
            painter.fillRect(bar, QColor(self.theme.matches if row.target else scale.colour))
        if scale.low < 0:
            painter.fillRect(QRectF(zero - 0.5, area.top(), 1, area.height()), QColor(self.theme.text))
        if row.before is not None and isfinite(row.before):
            place = zero + min(max(row.before, scale.low), scale.high) * per_one
            painter.fillRect(QRectF(place - 1, area.top(), 2, area.height()), QColor(self.theme.text))

    def _draw_texts(self, painter: QPainter, area: QRect, row: ClassRow) -> None:
        label, bar, number = self._places
        middle, metrics = _Align.AlignVCenter, painter.fontMetrics()
        painter.setPen(QColor(self.theme.text))
        name = metrics.elidedText(row.label, Qt.TextElideMode.ElideRight, label - _GAP // 2)
        painter.drawText(QRect(0, area.top(), label, area.height()), _Align.AlignRight | middle, name)
        place = QRect(bar, area.top(), number - bar, area.height())
        painter.drawText(place, _Align.AlignRight | middle, format_value(row.value))
        if row.remark:
            painter.setPen(QColor(self._colour_of(row)))
            place = QRect(number + _GAP, area.top(), area.width() - number - _GAP, area.height())
            painter.drawText(place, _Align.AlignLeft | middle, row.sign if self._signs_only else row.remark)

    def _colour_of(self, row: ClassRow) -> str:
        if row.target:
            return self.theme.matches
        return self.theme.differs if row.sign == WRONG else self.theme.text
