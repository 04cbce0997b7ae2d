"""The legend of units, as chips: which are shown, and which one is selected."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)  # fmt: skip

from gatescope_app.look.fonts import in_bold
from gatescope_app.look.theme import Theme
from gatescope_app.look.unit_colours import selected_shade, unit_shades
from gatescope_app.widgets.table_model import Index

MOST_ROWS = 3
"""Of chips that are in view at once; of more units the others are scrolled to."""

_GAP = 4  # pixels between chips
_SWATCH = 14  # pixels of a line
_PAD = 4
_QUANTITY = "h"  # has no hue, as the units have none


class UnitList(QListWidget):
    """Rows of units to tick, each with the shade of its line; as high as its rows.

    Signals
    -------
    chosen(int)
        A unit was selected.
    shown_changed()
        A tick was set or removed.
    """

    chosen = Signal(int)
    shown_changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._chips = _ChipDelegate(theme, self)
        self.setItemDelegate(self._chips)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.currentRowChanged.connect(self.chosen)
        self.itemChanged.connect(lambda _: self.shown_changed.emit())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Up and Down along the units; Left and Right step through time wherever the focus is."""
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.setCurrentRow(min(max(self.currentRow() + by, 0), self.count() - 1))

    def set_units(self, count: int, theme: Theme) -> None:
        """List that many units; those of the same count keep their ticks."""
        ticks = self.shown() if self.count() == count else range(count)
        self._chips.set_units(count, theme)
        with QSignalBlocker(self):
            self.clear()
            for unit in range(count):
                item = QListWidgetItem(str(unit))
                item.setCheckState(Qt.CheckState.Checked if unit in ticks else Qt.CheckState.Unchecked)
                self.addItem(item)
        self._fit_height()

    def shown(self) -> list[int]:
        """Return the ticked units."""
        return [row for row in range(self.count()) if self.item(row).checkState() == Qt.CheckState.Checked]

    def show_only(self, units: set[int]) -> None:
        """Tick these units and no others."""
        with QSignalBlocker(self):
            for row in range(self.count()):
                self.item(row).setCheckState(Qt.CheckState.Checked if row in units else Qt.CheckState.Unchecked)
        self.viewport().update()
        self.shown_changed.emit()

    def select(self, unit: int) -> None:
        """Select a unit without telling anyone."""
        with QSignalBlocker(self):
            self.setCurrentRow(unit)

    # size

    @property
    def row_width(self) -> int:
        """How wide it is when all units stand in one row."""
        return self.count() * self._chips.size().width()

    @property
    def row_height(self) -> int:
        """How high a chip is."""
        return self._chips.size().height() - _GAP

    def sizeHint(self) -> QSize:
        """Ask for room for all units in one row."""
        return QSize(self.row_width, self.maximumHeight())

    def minimumSizeHint(self) -> QSize:
        return self._chips.size()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of type."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.scheduleDelayedItemsLayout()
            self._fit_height()

    def _fit_height(self) -> None:
        chip = self._chips.size()
        in_a_row = max(1, self.width() // chip.width())
        rows = -(-max(self.count(), 1) // in_a_row)
        policy = Qt.ScrollBarPolicy
        # A bar that is only there because there is one would take the room of a chip in each row.
        self.setVerticalScrollBarPolicy(policy.ScrollBarAsNeeded if rows > MOST_ROWS else policy.ScrollBarAlwaysOff)
        self.setFixedHeight(min(rows, MOST_ROWS) * chip.height())


class _ChipDelegate(QStyledItemDelegate):
    """Paints a unit as a chip: the box to tick, a piece of its line, its number."""

    def __init__(self, theme: Theme, owner: UnitList) -> None:
        super().__init__(owner)
        self._owner, self._theme, self._count = owner, theme, 1

    def set_units(self, count: int, theme: Theme) -> None:
        """Paint so many units in the colours of a theme."""
        self._theme, self._count = theme, count

    def size(self) -> QSize:
        """Return the size of every chip, for the widest number."""
        style, metric, type_size = self._owner.style(), QStyle.PixelMetric, self._bold_metrics
        box = style.pixelMetric(metric.PM_IndicatorWidth, None, self._owner)
        number = type_size.horizontalAdvance("0" * len(str(self._count - 1)))
        height = max(type_size.height(), style.pixelMetric(metric.PM_IndicatorHeight, None, self._owner))
        return QSize(box + _SWATCH + number + 5 * _PAD + _GAP, height + 6 + _GAP)

    @property
    def _bold_metrics(self) -> QFontMetrics:
        return QFontMetrics(in_bold(self._owner.font()))

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return self.size()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        chip, selected = QStyleOptionViewItem(option), index.row() == self._owner.currentRow()
        self.initStyleOption(chip, index)
        label = self._owner.style().subElementRect(QStyle.SubElement.SE_ItemViewItemText, chip, self._owner)
        chip.text = ""
        chip.state &= ~(QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_ground(painter, QRectF(chip.rect), selected=selected)
        self._owner.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, chip, painter, self._owner)
        self._draw_swatch(painter, QPoint(label.left() + _PAD, chip.rect.center().y()), index.row(), selected=selected)
        label.setLeft(label.left() + _SWATCH + 2 * _PAD)
        painter.setFont(in_bold(self._owner.font(), selected))
        painter.setPen(QColor(self._theme.text if index.data(Qt.ItemDataRole.CheckStateRole) else self._theme.faint))
        painter.drawText(label, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, str(index.row()))
        painter.restore()

    def _draw_ground(self, painter: QPainter, place: QRectF, *, selected: bool) -> None:
        theme, edge = self._theme, 1.8 if selected else 1.0
        place = place.adjusted(edge / 2, edge / 2, -_GAP - edge / 2, -_GAP - edge / 2)
        painter.setPen(QPen(QColor(theme.accent if selected else theme.grid), edge))
        painter.setBrush(QColor(theme.raised if selected and self._owner.hasFocus() else theme.base))
        painter.drawRoundedRect(place, 5, 5)

    def _draw_swatch(self, painter: QPainter, start: QPoint, unit: int, *, selected: bool) -> None:
        """Draw a piece of the unit's line as the plot of h has it."""
        colour = unit_shades(self._theme, _QUANTITY, self._count)[unit]
        if selected and self._count > 1:
            colour = selected_shade(self._theme, _QUANTITY)
        thick = 4 if selected else 2
        painter.fillRect(QRect(start.x(), start.y() - thick // 2, _SWATCH, thick), colour)
