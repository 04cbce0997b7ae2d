"""Headers of tables of very many rows: as Qt's own, without a question about each cell of a row or column."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QApplication

from gatescope_app.dialogs.number_table import NumbersModel, NumberTable


@pytest.mark.parametrize("shape", [(300_000, 3), (2, 300_000)])
def test_all_of_a_very_large_table_can_be_selected(
    qtbot: Any, monkeypatch: pytest.MonkeyPatch, shape: tuple[int, int]
) -> None:
    table = NumberTable(np.zeros(shape), "x", "float32")
    qtbot.addWidget(table)
    table.show()
    asked: list[Any] = []
    flags = NumbersModel.flags
    monkeypatch.setattr(NumbersModel, "flags", lambda self, index: (asked.append(index), flags(self, index))[1])
    table.selectAll()
    QApplication.processEvents()
    table.grab()
    assert len(table.selectionModel().selection()) == 1
    assert len(asked) < 10_000  # of those in sight


def test_rows_are_numbered_and_a_click_on_a_number_selects_the_row(qtbot: Any) -> None:
    table = NumberTable(np.arange(12.0).reshape(4, 3), "x", "float32")
    qtbot.addWidget(table)
    table.show()
    blank = table.verticalHeader().grab().toImage()
    table.model_of_numbers.set_numbers(np.zeros((40, 3)))
    QApplication.processEvents()
    assert table.verticalHeader().grab().toImage() != blank
    header = table.verticalHeader()
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(3, header.sectionViewportPosition(2) + 4))
    assert {index.row() for index in table.selectedIndexes()} == {2}


class Paints(QObject):
    """Counts how often a widget is painted."""

    count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_a_row_that_is_gone_to_leaves_the_header_as_it_is(hands: Any, qtbot: Any) -> None:
    table = NumberTable(np.zeros((4, 3)), "x", "float32")
    qtbot.addWidget(table)
    hands.bring_up(table)
    QApplication.processEvents()
    header, cells = Paints(), Paints()
    table.horizontalHeader().viewport().installEventFilter(header)
    table.viewport().installEventFilter(cells)
    table.selectRow(2)
    qtbot.waitUntil(lambda: cells.count > 0)
    assert header.count == 0
