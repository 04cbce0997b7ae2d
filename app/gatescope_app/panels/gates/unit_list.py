"""The legend of units: which are shown, and which one is selected."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem

from gatescope_app.look.theme import Theme, shades


class UnitList(QListWidget):
    """A row of units to tick, with the shade of their lines.

    Signals
    -------
    chosen(int)
        A unit was selected.
    shown_changed()
        A tick was set or removed.
    """

    chosen = Signal(int)
    shown_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setHorizontalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(10, 14))
        self.setFixedHeight(44)
        self.currentRowChanged.connect(self.chosen)
        self.itemChanged.connect(lambda _: self.shown_changed.emit())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Up and Down along the row; Left and Right step through time wherever the focus is."""
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.setCurrentRow(min(max(self.currentRow() + by, 0), self.count() - 1))

    def set_units(self, count: int, theme: Theme) -> None:
        """List that many units; those of the same count keep their ticks."""
        ticks = self.shown() if self.count() == count else range(count)
        with QSignalBlocker(self):
            self.clear()
            for unit, shade in enumerate(shades(theme.quantities["h"], count)):
                item = QListWidgetItem(str(unit))
                swatch = QPixmap(10, 14)
                swatch.fill(shade)
                item.setIcon(QIcon(swatch))
                item.setCheckState(Qt.CheckState.Checked if unit in ticks else Qt.CheckState.Unchecked)
                self.addItem(item)

    def shown(self) -> list[int]:
        """Return the ticked units."""
        return [row for row in range(self.count()) if self.item(row).checkState() == Qt.CheckState.Checked]

    def show_only(self, units: set[int]) -> None:
        """Tick these units and no others."""
        with QSignalBlocker(self):
            for row in range(self.count()):
                self.item(row).setCheckState(Qt.CheckState.Checked if row in units else Qt.CheckState.Unchecked)
        self.shown_changed.emit()

    def select(self, unit: int) -> None:
        """Select a unit without telling anyone."""
        with QSignalBlocker(self):
            self.setCurrentRow(unit)
