"""The list of what may be typed next, beside the field that it belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from gatescope.debugging.expressions.completion import Completion
from gatescope_app.look.language import format_message
from gatescope_app.look.theme import Theme

_Index = QModelIndex | QPersistentModelIndex

_WIDEST = 75  # characters
_MOST_ROWS = 9
_GAP = 12
_HELP = Qt.ItemDataRole.UserRole


class CompletionPopup(QListWidget):
    """Never takes the focus, so that typing goes on in the field.

    The list of a QCompleter would take the first click elsewhere for itself, and stay where the focus or the window
    goes away.

    Signals
    -------
    chosen(Completion)
        One was clicked.
    """

    chosen = Signal(object)

    def __init__(self, field: QLineEdit, theme: Theme) -> None:
        super().__init__(field)
        self._field, self._completions = field, tuple[Completion, ...]()
        self._beside = QPoint()  # where the field was when the list was opened
        self.setWindowFlags(Qt.WindowType.ToolTip)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.delegate = _Rows(self)
        self.setItemDelegate(self.delegate)
        self.itemClicked.connect(lambda item: self.chosen.emit(self._completions[self.row(item)]))
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Write the names of quantities in their colours."""
        self.delegate.colours = theme.quantities

    @property
    def selected(self) -> Completion | None:
        """The one that a key would take."""
        row = self.currentRow()
        return self._completions[row] if 0 <= row < len(self._completions) else None

    def offer(self, completions: Sequence[Completion], at: int, *, select: bool) -> None:
        """Show these below the field, from this x on; `select` the first, or none until an arrow key is pressed."""
        self._completions = tuple(completions)
        self.setAccessibleName(self.tr("Completions"))
        self.clear()
        for each in self._completions:
            item = QListWidgetItem(each.insert)
            item.setData(_HELP, format_message(each.help))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{each.insert} {format_message(each.help)}")
            self.addItem(item)
        self.setFont(self._field.font())
        self.delegate.fit(self)
        self.setCurrentRow(0 if select else -1)
        self._place(at)
        if not self.isVisible():
            self._field.window().installEventFilter(self)
            self.show()

    def move_by(self, rows: int) -> None:
        """Select another one, around both ends."""
        before = self.currentRow() if self.currentRow() >= 0 else (-1 if rows > 0 else self.count())
        self.setCurrentRow((before + rows) % self.count())

    def close_up(self) -> None:
        """Offer nothing any more."""
        if self.isVisible():
            self._field.window().removeEventFilter(self)
            self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Do not stay behind where the field's window goes."""
        moved = self._field.mapToGlobal(QPoint()) != self._beside
        if event.type() == QEvent.Type.Hide or (event.type() in (QEvent.Type.Move, QEvent.Type.Resize) and moved):
            self.close_up()
        return super().eventFilter(watched, event)

    def _place(self, at: int) -> None:
        """Take a place below the field, or above it where there is no room."""
        self._beside = self._field.mapToGlobal(QPoint())
        rows = min(self.count(), _MOST_ROWS)
        frame = 2 * self.frameWidth()
        scroll_bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent) if self.count() > rows else 0
        size = QSize(self.delegate.width + frame + scroll_bar, self.sizeHintForRow(0) * rows + frame)
        screen = self._field.screen().availableGeometry()
        place = QRect(self._field.mapToGlobal(QPoint(at, self._field.height() + 2)), size)
        if place.bottom() > screen.bottom():
            place.moveBottom(self._field.mapToGlobal(QPoint(0, -2)).y())
        place.moveLeft(max(screen.left(), min(place.left(), screen.right() - place.width())))
        self.setGeometry(place)


class _Rows(QStyledItemDelegate):
    """Paints a name, and in fainter type what it is."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.colours: dict[str, str] = {}
        self.width = 0
        self._names = 0

    def fit(self, popup: CompletionPopup) -> None:
        """Measure the two columns."""
        measure = popup.fontMetrics().horizontalAdvance
        items = [popup.item(row) for row in range(popup.count())]
        self._names = max(measure(item.text()) for item in items)
        width = self._names + max(measure(item.data(_HELP)) for item in items) + 3 * _GAP
        self.width = min(_WIDEST * popup.fontMetrics().averageCharWidth(), width)

    def sizeHint(self, option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """Leave some room between the lines."""
        return QSize(self.width, option.fontMetrics.height() + 6)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        text, name = index.data(), index.data().removesuffix("(")
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        palette = option.palette
        if selected:
            painter.fillRect(option.rect, palette.highlight())
        plain = palette.color(QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text)
        faint = plain if selected else palette.color(QPalette.ColorRole.PlaceholderText)
        colour = QColor(self.colours[name]) if name in self.colours and not selected else plain
        area = option.rect.adjusted(_GAP // 2, 0, -_GAP // 2, 0)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(colour)
        painter.drawText(area, flags, text)
        area.setLeft(area.left() + self._names + _GAP)
        painter.setPen(faint)
        help_ = option.fontMetrics.elidedText(index.data(_HELP), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, flags, help_)
