"""Numbers of tables at the edge of what is in sight."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QStyleOptionViewItem

from gatescope_app.dialogs.number_table import NumberTable
from gatescope_app.widgets.number_delegate import NumberDelegate


@pytest.mark.parametrize("in_sight", [20, 45, 70])
def test_a_number_of_which_a_part_is_in_sight_is_rounded_to_that(qtbot: Any, in_sight: int) -> None:
    table = NumberTable(np.full((2, 3), 0.12345678), "x", "float32")
    qtbot.addWidget(table)
    table.show()
    frame = table.width() - table.viewport().width()
    table.resize(2 * table.columnWidth(0) + in_sight + frame, 200)
    qtbot.waitUntil(lambda: table.viewport().width() == 2 * table.columnWidth(0) + in_sight)
    texts = []
    for column in range(3):
        option, index = QStyleOptionViewItem(), table.model().index(0, column)
        option.initFrom(table)
        option.widget, option.rect = table, table.visualRect(index)  # type: ignore[attr-defined]
        delegate = table.itemDelegate()
        assert isinstance(delegate, NumberDelegate)
        delegate.initStyleOption(option, index)
        assert option.rect.right() < table.viewport().width()  # type: ignore[attr-defined]
        assert table.fontMetrics().horizontalAdvance(option.text) <= option.rect.width()  # type: ignore[attr-defined]
        texts.append(option.text)  # type: ignore[attr-defined]
    assert texts[:2] == ["0.12345678"] * 2
    assert texts[2][0] in "≈…"
