"""The models of tables: what a column declares is what a view is told, and what is selected stays where it can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QTableView

from gatescope_app.widgets.table_model import RIGHT, ArrayModel, Column, TableModel

Role = Qt.ItemDataRole


@dataclass(frozen=True)
class Word:
    text: str
    fixed: bool = False


COLUMNS: tuple[Column[Word], ...] = (
    Column(lambda word: word.text, "word", tooltip=lambda word: f"all of {word.text}"),
    Column(
        lambda word: str(len(word.text)), "length", align=RIGHT,
        edit_text=lambda word: f"{len(word.text)}.0", editable=lambda word: not word.fixed,
    ),
)  # fmt: skip
WORDS = [Word("gate"), Word("cell", fixed=True), Word("state")]


@pytest.fixture
def model(qtbot: Any) -> TableModel[Word]:
    model = TableModel(COLUMNS)
    model.set_rows(WORDS)
    return model


def texts_of(model: TableModel[Word]) -> list[list[str]]:
    return [[model.index(row, column).data() for column in range(2)] for row in range(model.rowCount())]


def test_a_model_keeps_what_qt_asks_of_one(model: TableModel[Word]) -> None:
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    testers = [QAbstractItemModelTester(one, fatal) for one in (model, TableModel[Word](()))]
    model.set_rows(WORDS[:1])
    model.set_rows(WORDS[1:2])
    model.reset_rows(())
    assert testers


def test_cells_say_what_their_columns_declare(model: TableModel[Word]) -> None:
    assert texts_of(model) == [["gate", "4"], ["cell", "4"], ["state", "5"]]
    assert model.texts(0, range(1, 3)) == ["cell", "state"]
    assert model.index(2, 0).data(Role.ToolTipRole) == "all of state"
    assert model.index(2, 1).data(Role.ToolTipRole) is None
    assert [model.index(2, column).data(Role.EditRole) for column in range(2)] == ["state", "5.0"]
    assert model.index(0, 1).data(Role.TextAlignmentRole) == Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def test_only_those_cells_are_edited_that_can_be(model: TableModel[Word]) -> None:
    editable = [
        [bool(model.index(row, column).flags() & Qt.ItemFlag.ItemIsEditable) for column in range(2)] for row in range(3)
    ]
    assert editable == [[False, True], [False, False], [False, True]]


def test_headers_follow_the_language(model: TableModel[Word], qtbot: Any) -> None:
    across = Qt.Orientation.Horizontal
    assert [model.headerData(column, across) for column in range(2)] == ["word", "length"]
    with qtbot.waitSignal(model.headerDataChanged):
        model.set_headers("词", "长度")
    assert [model.headerData(column, across) for column in range(2)] == ["词", "长度"]
    assert [model.headerData(row, Qt.Orientation.Vertical) for row in range(3)] == ["0", "1", "2"]


def test_what_is_selected_stays_while_there_are_as_many_rows(model: TableModel[Word], qtbot: Any) -> None:
    table = QTableView()
    qtbot.addWidget(table)
    table.setModel(model)
    table.selectRow(1)
    with qtbot.waitSignal(model.dataChanged):
        model.set_rows([Word("a"), Word("b"), Word("c")])
    assert table.currentIndex().data() == "b"
    model.set_rows(WORDS[:2])
    assert not table.currentIndex().isValid()
    table.selectRow(1)
    model.reset_rows(WORDS[:2])
    assert not table.currentIndex().isValid()


def test_a_row_is_made_only_when_it_is_looked_at(qtbot: Any) -> None:
    class Lazy(Sequence[Any]):
        def __init__(self) -> None:
            self.looked_at: list[int] = []

        def __len__(self) -> int:
            return 1_000_000

        def __getitem__(self, row: Any) -> Any:
            self.looked_at.append(row)
            return Word(str(row))

    model, rows = TableModel(COLUMNS), Lazy()
    model.set_rows(rows)
    assert model.index(999_999, 0).data() == "999999"
    assert rows.looked_at == [999_999]


def test_an_array_is_counted_from_zero_and_set_to_the_right(qtbot: Any) -> None:
    class Halves(ArrayModel):
        def text(self, number: Any) -> str:
            return f"{number:.1f}"

    model = Halves(np.array([[0.5, 1.0], [1.5, 2.0], [2.5, 3.0]]))
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert (model.rowCount(), model.columnCount()) == (3, 2)
    assert model.index(2, 1).data() == "3.0"
    assert model.index(0, 0).data(Role.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert model.index(0, 0).flags() & Qt.ItemFlag.ItemIsEditable
    assert model.headerData(1, Qt.Orientation.Horizontal) == "1"
    model.reset_numbers(np.zeros((1, 4)))
    assert (model.rowCount(), model.columnCount()) == (1, 4)
    assert tester
