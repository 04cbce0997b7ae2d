"""What the log points wrote, line by line; a click on a line goes to its moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from gatescope.messages.message import GatescopeError, Message
from gatescope_app.look.language import format_message, join_texts
from gatescope_app.look.theme import Theme
from gatescope_app.look.tokens import escape_markup
from gatescope_app.state.debugger import LogLine
from gatescope_app.state.session_state import State
from gatescope_app.widgets.box_layouts import fill_column
from gatescope_app.widgets.context_menu import ContextMenu
from gatescope_app.widgets.elided_label import ElidedLabel
from gatescope_app.widgets.icon_buttons import IconButtons
from gatescope_app.widgets.long_table import LongTable
from gatescope_app.widgets.placeholder import draw_placeholder
from gatescope_app.widgets.table_copy import TableCopier
from gatescope_app.widgets.table_model import Column, Index, TableModel
from gatescope_app.widgets.view import PanelParts, View

MOST_LINES = 10_000
_MARGIN = 5  # pixels left and right of a line
_ICONS = {"copy": "mdi6.content-copy", "clear": "mdi6.delete-sweep-outline"}


@dataclass(frozen=True)
class Places:
    """What of a line's place is worth telling: that of which its network has several."""

    layers: bool
    directions: bool
    elements: bool

    @classmethod
    def of(cls, state: State) -> Places:
        """Return what is worth telling of the lines of a run."""
        spec = state.setup.spec
        return cls(spec.num_layers > 1, spec.bidirectional, state.setup.batch_size > 1)


class LogEntry(NamedTuple):
    """A line of the log."""

    line: LogLine
    places: Places


class LogModel(TableModel[LogEntry | None]):
    """The last lines, and between them where another run begins: there an entry is None."""

    def __init__(self) -> None:
        super().__init__([Column(self._text, tooltip=lambda entry: escape_markup(self._text(entry)))])
        self.rows: list[LogEntry | None] = []
        self.lines = 0
        self.left_out = 0

    def _text(self, entry: LogEntry | None) -> str:
        return "".join(self.parts(entry))

    def parts(self, entry: LogEntry | None) -> tuple[str, str]:
        """Return where a line comes from, and what it says."""
        if entry is None:
            return self.tr("— new run —"), ""
        return f"{self._place(entry.line, entry.places)} · ", entry.line.text

    def _place(self, line: LogLine, places: Places) -> str:
        cell = [format_message(Message(line.cursor.direction))] if places.directions else []
        cell += [self.tr("layer {layer}").format(layer=line.cursor.layer)] if places.layers else []
        element = [self.tr("batch {batch}").format(batch=line.batch)] if places.elements else []
        return " · ".join([f"t = {line.cursor.t}", *([join_texts(cell)] if cell else []), *element])

    def add(self, lines: Sequence[LogLine], places: Places, left_out: int) -> None:
        """Write lines below the others; right before them, `left_out` more are missing."""
        if left_out:
            self._forget(self.lines)
            self.left_out += left_out
        self._append([LogEntry(line, places) for line in lines])
        self.lines += len(lines)
        self._forget(self.lines - MOST_LINES)

    def separate(self) -> None:
        """Mark that what follows is of another run, where there is something to tell it from."""
        if self.rows and self.rows[-1] is not None:
            self._append([None])

    def clear(self) -> None:
        """Have no lines."""
        self.lines = self.left_out = 0
        self.reset_rows([])

    def _append(self, new: Sequence[LogEntry | None]) -> None:
        first = len(self.rows)
        self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
        self.rows += new
        self.endInsertRows()

    def _forget(self, count: int) -> None:
        """Leave out the first lines, with what is between them."""
        if count <= 0:
            return
        rows = next(rows for rows, lines in enumerate(accumulate(map(_is_line, self.rows)), 1) if lines == count)
        self.beginRemoveRows(QModelIndex(), 0, rows - 1)
        del self.rows[:rows]
        self.lines, self.left_out = self.lines - count, self.left_out + count
        self.endRemoveRows()


def _is_line(entry: LogEntry | None) -> bool:
    return entry is not None


class LogDelegate(QStyledItemDelegate):
    """Paints the place of a line fainter than its text; itself, since Qt's styled items take several times as long."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, palette, area = index.model(), option.palette, option.rect.adjusted(_MARGIN, 0, -_MARGIN, 0)
        assert isinstance(model, LogModel)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(option.rect, palette.highlight())
        entry = model.rows[index.row()]
        place, text = model.parts(entry)
        faint, plain = (palette.highlightedText(),) * 2 if chosen else (palette.placeholderText(), palette.text())
        painter.setPen(faint.color())
        if entry is None:
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, place)
            return
        measure, elide = option.fontMetrics.horizontalAdvance, option.fontMetrics.elidedText
        # Where there is not room for both, most of it is the text's.
        room = max(area.width() - measure(text), area.width() * 2 // 5)
        place = elide(place.rstrip(), Qt.TextElideMode.ElideRight, room) + " "
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, place)
        area.setLeft(area.left() + measure(place))
        painter.setPen(plain.color())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, elide(text, Qt.TextElideMode.ElideRight, area.width()))


class LogTable(LongTable):
    """The lines; a table, since a list lays out all of its rows again for each that comes.

    Signals
    -------
    chosen(int)
        A row was clicked, or Enter pressed on it.
    """

    chosen = Signal(int)

    def __init__(self, model: LogModel) -> None:
        super().__init__()
        self.placeholder = ""
        self.setModel(model)
        self.setItemDelegate(LogDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.copier = TableCopier(self)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.clicked.connect(self._on_click)
        self._at_end = True
        bar = self.verticalScrollBar()
        bar.valueChanged.connect(self._on_scrolled)
        bar.rangeChanged.connect(self._on_room)

    def _on_scrolled(self, value: int) -> None:
        self._at_end = value == self.verticalScrollBar().maximum()

    def _on_room(self, _first: int, last: int) -> None:
        """Go on to the last line, but stay where a person has scrolled back to."""
        if self._at_end:
            self.verticalScrollBar().setValue(last)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines; where there are none, how to make some."""
        super().paintEvent(event)
        draw_placeholder(self, self.placeholder)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _on_click(self, index: QModelIndex) -> None:
        if len(self.selectedIndexes()) == 1:  # else a person selects lines to copy
            self._choose(index)

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index.row())


class LogView(View):
    """The log; it also listens while hidden."""

    def __init__(self, parts: PanelParts) -> None:
        super().__init__(parts)
        self.model = LogModel()
        self.table = LogTable(self.model)
        self.table.chosen.connect(self._go)
        self.summary = ElidedLabel()
        self.buttons = IconButtons(_ICONS)
        self.buttons["copy"].clicked.connect(self.table.copier.copy)
        self.buttons["clear"].clicked.connect(self._clear)
        self.entry = self.table
        fill_column(self, self.buttons.beside(self.summary), (self.table, 1), margins=(4, 4, 4, 4), spacing=4)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._enable_buttons())
        parts.debugger.logged.connect(self._on_logged)
        self.session.changed.connect(self._on_run)
        self.retranslate()

    def retranslate(self) -> None:
        self.table.setAccessibleName(self.tr("Log"))
        self.table.setToolTip(self.tr("Click a line to go to its moment (Enter); Ctrl+C copies the selected lines"))
        self.table.placeholder = self.tr(
            "Nothing logged yet. A breakpoint with a message, such as “{example}”, writes a line here instead of "
            "stopping."
        ).format(example="f = {f[0]}")
        tips = {
            "copy": (self.tr("Copy lines"), self.tr("Copy the selected lines (Ctrl+C)")),
            "clear": (self.tr("Clear"), self.tr("Remove all lines")),
        }
        self.buttons.set_texts(tips)
        self._sum_up()
        self.table.viewport().update()

    def set_theme(self, theme: Theme) -> None:
        self.buttons.set_theme(theme)
        height = self.fontMetrics().height() + 6
        self.table.verticalHeader().setMinimumSectionSize(height)
        self.table.verticalHeader().setDefaultSectionSize(height)
        super().set_theme(theme)

    def apply(self, old: State | None, new: State) -> None:
        """Do nothing: the lines come by themselves, whether they are seen or not."""

    def fill_menu(self, menu: ContextMenu) -> None:
        """Offer what can be done with the selected lines."""
        index = self.table.currentIndex()
        entry = self.model.rows[index.row()] if index.isValid() else None
        menu.offer(self.tr("Go to its moment"), lambda: self._go_to(entry), keys="Return", enabled=entry is not None)
        menu.offer_buttons(self.buttons, clear="")

    def _on_run(self, old: State, new: State) -> None:
        if old.run is not new.run:
            self.model.separate()

    def _on_logged(self, lines: list[LogLine], left_out: int) -> None:
        self.model.add(lines, Places.of(self.session.state), left_out)
        self._sum_up()

    def _sum_up(self) -> None:
        """Say how many lines there are, and how many there were."""
        count, left_out = self.model.lines, self.model.left_out
        texts = [self.tr("1 line") if count == 1 else self.tr("{count} lines").format(count=f"{count:,}")]
        if left_out:
            texts.append(self.tr("{count} earlier ones left out").format(count=f"{left_out:,}"))
        self.summary.setText(join_texts(texts) if count else "")
        self.summary.setToolTip(self.summary.text())
        self._enable_buttons()

    def _enable_buttons(self) -> None:
        self.buttons.set_enabled(copy=self.table.selectionModel().hasSelection(), clear=bool(self.model.rows))

    def _clear(self) -> None:
        self.model.clear()
        self._sum_up()

    def _go(self, row: int) -> None:
        """Go to where a line was written; of an earlier run, that may lie outside of this one."""
        self._go_to(self.model.rows[row])

    def _go_to(self, entry: LogEntry | None) -> None:
        if entry is None:
            return
        line, size = entry.line, self.session.state.setup.batch_size
        try:
            if line.batch >= size:
                raise GatescopeError("no_such_element", last=size - 1, value=line.batch)
            self.session.go(line.cursor)
        except GatescopeError as error:
            self.session.refused.emit(error.message)
        else:
            self.session.look_at(batch=line.batch)
