"""The choice of one of a cell's quantities."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox

from gatescope.cells.quantities import Quantity


class QuantityBox(QComboBox):
    """Lists quantities by their symbols; may also offer none of them."""

    def __init__(self, *, optional: bool) -> None:
        super().__init__(sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._optional = optional

    def set_quantities(self, quantities: Iterable[Quantity], chosen: str | None) -> None:
        """List other quantities without telling anyone; None chooses none."""
        with QSignalBlocker(self):
            self.clear()
            if self._optional:
                self.addItem("", None)
            for quantity in quantities:
                self.addItem(quantity.symbol, quantity.name)
            self.setCurrentIndex(max(self.findData(chosen), 0))
        self.retranslate()

    def retranslate(self) -> None:
        """Set the one text that is no symbol."""
        if self._optional and self.count():
            self.setItemText(0, self.tr("nothing"))

    def choose(self, name: str) -> None:
        """Choose one of those that are listed."""
        self.setCurrentIndex(self.findData(name))

    @property
    def chosen(self) -> str | None:
        """The name of the quantity."""
        name: str | None = self.currentData()
        return name
