"""The list of breakpoints: a tick, what each is, and how often it is hit in this run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gatescope.debugging.breakpoints import Breakpoint
from gatescope_app.look.language import join_texts
from gatescope_app.look.theme import Theme
from gatescope_app.widgets.placeholder import draw_placeholder
from gatescope_app.widgets.table_copy import TableCopier
from gatescope_app.widgets.table_model import Column, CopiedTable, Index, Role, TableModel

_Key = Qt.Key
_MARGIN, _GAP = 3, 8


@dataclass(frozen=True)
class BreakpointRow:
    """What the list says of one breakpoint; `problem` is why this network cannot evaluate it."""

    breakpoint: Breakpoint
    text: str
    details: str
    hits: str
    problem: str
    enabled: bool

    @property
    def below(self) -> str:
        """The second line."""
        return f"✗ {self.problem}" if self.problem else self.details

    @property
    def all(self) -> list[str]:
        """Everything there is to say."""
        return [part for part in (self.text, self.details, self.problem or self.hits) if part]


class BreakpointModel(TableModel[BreakpointRow]):
    """One column, with a tick.

    Signals
    -------
    ticked(Breakpoint, bool)
        The box of a row was clicked; it shows the tick when the breakpoint has it.
    """

    ticked = Signal(object, bool)

    def __init__(self) -> None:
        super().__init__([Column(lambda row: row.text, tooltip=lambda row: "\n".join(row.all))])

    def copied_table(self, rows: Sequence[int], _columns: Sequence[int]) -> CopiedTable:
        """Return what the lines say, a cell for each part."""
        things = self.rows
        return CopiedTable(
            [""] * 3, rows, lambda row: [things[row].text, things[row].details, things[row].problem or things[row].hits]
        )

    def flags(self, index: Index) -> Qt.ItemFlag:
        """All can be ticked."""
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return the tick as well, and to screen readers everything."""
        row = self.rows[index.row()]
        if role == Role.CheckStateRole:
            return Qt.CheckState.Checked if row.enabled else Qt.CheckState.Unchecked
        return join_texts(row.all) if role == Role.AccessibleTextRole else super().data(index, role)

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        """Tell of a tick."""
        if role == Role.CheckStateRole:
            self.ticked.emit(self.rows[index.row()].breakpoint, Qt.CheckState(value) == Qt.CheckState.Checked)
        return role == Role.CheckStateRole

    def set_rows(self, rows: Sequence[BreakpointRow]) -> None:
        """Show these, with the room that each needs."""
        before = [bool(row.below) for row in self.rows]
        super().set_rows(rows)
        if before != [bool(row.below) for row in rows]:
            self.layoutChanged.emit()  # a row has become higher or lower


class BreakpointList(QListView):
    """Shows rows; Space ticks, Del removes, Enter and F2 change.

    Signals
    -------
    ticked(Breakpoint, bool)
        The box of a row was clicked.
    toggle_asked(), removal_asked(), addition_asked(), next_hit_asked()
        A key asks for something with the selected ones.
    change_asked(Breakpoint)
        One is to be changed.
    """

    ticked = Signal(object, bool)
    toggle_asked = Signal()
    removal_asked = Signal()
    addition_asked = Signal()
    next_hit_asked = Signal()
    change_asked = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.placeholder = ""
        self.rows = BreakpointModel()
        self.rows.ticked.connect(self.ticked)
        self.delegate = _Delegate(theme)
        self.setModel(self.rows)
        self.setItemDelegate(self.delegate)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.copier = TableCopier(self)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.activated.connect(lambda _: self._ask_for_change())

    def set_theme(self, theme: Theme) -> None:
        self.delegate.theme = theme
        self.scheduleDelayedItemsLayout()  # the size of type may be another one
        self.viewport().update()

    @property
    def selected(self) -> list[int]:
        """The selected rows, ascending."""
        return sorted(index.row() for index in self.selectionModel().selectedIndexes())

    @property
    def selected_breakpoints(self) -> list[Breakpoint]:
        """What the selected rows show."""
        return [self.rows.rows[row].breakpoint for row in self.selected]

    def set_rows(self, rows: Sequence[BreakpointRow]) -> None:
        """Show these; where some were taken away, the one that took the place of the first is selected."""
        current, fewer = min(self.selected, default=-1), len(rows) < len(self.rows.rows)
        self.rows.set_rows(rows)
        if fewer and current >= 0:
            self.select(min(current, len(rows) - 1))

    def select(self, row: int) -> None:
        """Select one row."""
        self.setCurrentIndex(self.rows.index(row, 0))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select a row for the keys that follow; a click does so itself."""
        super().focusInEvent(event)
        by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_key and not self.selected and self.rows.rows:
            self.select(max(self.currentIndex().row(), 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys of the list."""
        signals = {
            _Key.Key_Space: self.toggle_asked, _Key.Key_Delete: self.removal_asked,
            _Key.Key_Backspace: self.removal_asked, _Key.Key_Insert: self.addition_asked,
        }  # fmt: skip
        enter = event.key() in (_Key.Key_Return, _Key.Key_Enter)
        if enter and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.next_hit_asked.emit()
        elif event.key() in signals:
            signals[_Key(event.key())].emit()
        elif event.key() == _Key.Key_F2 and self.currentIndex().isValid():
            self._ask_for_change()
        else:
            super().keyPressEvent(event)

    def _ask_for_change(self) -> None:
        self.change_asked.emit(_row_of(self.currentIndex()).breakpoint)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows; where there are none, what to do."""
        super().paintEvent(event)
        draw_placeholder(self, self.placeholder)


class _Delegate(QStyledItemDelegate):
    """Paints a row: what it is and its hits, and a second line where there is more to say."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Take a second line where it is needed."""
        lines = 2 if _row_of(index).below else 1
        return QSize(1, option.fontMetrics.height() * lines + 2 * _MARGIN + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, style, option = _row_of(index), option.widget.style(), QStyleOptionViewItem(option)
        self.initStyleOption(option, index)
        area = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, option.widget)
        area = area.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        option.text = ""
        # Its boxes are to be seen in the dark. PySide's types ask for bytes here, which it then refuses.
        option.palette = QApplication.palette("QListWidget")  # type: ignore[call-overload]
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        line = QRect(area.left(), area.top(), area.width(), option.fontMetrics.height())
        taken = self._write(painter, option, line, row.hits, self.theme.faint, Qt.AlignmentFlag.AlignRight)
        line.setRight(line.right() - taken - _GAP)
        self._write(painter, option, line, row.text, self.theme.text if row.enabled else self.theme.faint)
        below = QRect(area.left(), line.bottom() + 1, area.width(), line.height())
        self._write(painter, option, below, row.below, self.theme.differs if row.problem else self.theme.faint)

    def _write(
        self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, text: str, colour: str,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> int:  # fmt: skip
        """Write a text, in that colour while the row is not selected, and return its width."""
        selected = option.state & QStyle.StateFlag.State_Selected
        painter.setPen(QColor(self.theme.on_accent if selected else colour))
        shown = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, align | Qt.AlignmentFlag.AlignVCenter, shown)
        return option.fontMetrics.horizontalAdvance(shown)


def _row_of(index: Index) -> BreakpointRow:
    model = index.model()
    assert isinstance(model, BreakpointModel)
    return model.rows[index.row()]
