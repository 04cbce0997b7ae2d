"""A typed letter does not go through all rows of a long table."""

from __future__ import annotations

from typing import Any

import numpy as np
from pytestqt.qtbot import QtBot

from gatescope_app.dialogs.number_table import NumbersModel, NumberTable


def test_a_letter_that_is_typed_reads_no_more_than_what_is_in_sight(qtbot: QtBot, monkeypatch: Any) -> None:
    table = NumberTable(np.zeros((20_000, 2)), "x", "float32")
    qtbot.addWidget(table)
    table.show()
    table.setCurrentIndex(table.model().index(3, 0))
    asked = set[int]()
    data = NumbersModel.data

    def counted(self: NumbersModel, index: Any, role: int = 0) -> Any:
        asked.add(index.row())
        return data(self, index, role)

    monkeypatch.setattr(NumbersModel, "data", counted)
    table.keyboardSearch("x")
    qtbot.keyClicks(table, "xy")
    assert len(asked) < 1000
