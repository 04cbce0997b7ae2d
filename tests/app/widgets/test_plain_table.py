"""Tables that paint their texts themselves: no number is cut, and all selected rows are seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from gatescope_app.look.fonts import in_bold
from gatescope_app.panels.sequence.sequence_view import SequenceView
from gatescope_app.state.runs import Setup
from gatescope_app.widgets import plain_table
from gatescope_app.widgets.number_texts import fit_number
from gatescope_app.widgets.plain_table import CELL_MARGIN, PlainTable
from gatescope_app.widgets.table_model import RIGHT, Column, TableModel

NUMBERS = [0.12345678, -1.2346e-07, 123456.789, float("nan"), 0.5]


@pytest.fixture
def table(hands: Any, qtbot: Any) -> PlainTable:
    """Return a table of two columns of numbers."""
    model = TableModel([Column[float](str, title, align=RIGHT) for title in "ab"])
    model.reset_rows(NUMBERS)
    shown = PlainTable(model)
    qtbot.addWidget(shown)
    shown.resize(260, 240)
    hands.bring_up(shown)
    return shown


def drawn(table: PlainTable, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, int]]:
    """Return the numbers that had no room, what was drawn for them, and how much room there was."""
    found = []

    def fit(text: str, room: int, measure: Callable[[str], int]) -> str:
        shown = fit_number(text, room, measure)
        found.append((text, shown, room))
        return shown

    monkeypatch.setattr(plain_table, "fit_number", fit)
    table.viewport().repaint()
    return found


def test_a_number_that_has_no_room_is_rounded(table: PlainTable, monkeypatch: pytest.MonkeyPatch) -> None:
    measure = table.fontMetrics().horizontalAdvance
    for width in (30, 50, 70):
        table.setColumnWidth(0, width)
        table.setColumnWidth(1, width)
        fitted = drawn(table, monkeypatch)
        assert any(shown != text for text, shown, _ in fitted), width
        for text, shown, room in fitted:
            assert room == width - 2 * CELL_MARGIN
            assert measure(shown) <= room or shown in ("…", "nan")
            assert shown == text or shown[0] in "≈…"


def test_with_room_every_number_is_shown_in_full(table: PlainTable, monkeypatch: pytest.MonkeyPatch) -> None:
    for column in range(2):
        table.setColumnWidth(column, 115)
    assert all(shown == text for text, shown, _ in drawn(table, monkeypatch))


def test_a_column_at_the_edge_shows_what_there_is_room_for(table: PlainTable, monkeypatch: pytest.MonkeyPatch) -> None:
    table.setHorizontalScrollMode(PlainTable.ScrollMode.ScrollPerPixel)
    for column in range(2):
        table.setColumnWidth(column, 200)
    seen = table.viewport().width() - 200 - 2 * CELL_MARGIN
    rooms = {room for _, _, room in drawn(table, monkeypatch)}
    assert rooms == {seen}
    table.horizontalScrollBar().setValue(table.horizontalScrollBar().maximum())
    QApplication.processEvents()
    rooms = {room for _, _, room in drawn(table, monkeypatch)}
    assert rooms == {seen}, "now of the first one"


def test_all_selected_rows_are_painted_as_selected(table: PlainTable, hands: Any) -> None:
    table.setFocus()
    hands.press("Ctrl+A", window=table)
    picture = table.viewport().grab().toImage()
    colour = table.palette().highlight().color()
    for row in range(len(NUMBERS)):
        assert picture.pixelColor(2, table.rowViewportPosition(row) + 3) == colour
    table.go_to(table.model().index(2, 0))
    picture = table.viewport().grab().toImage()
    selected = [
        row for row in range(len(NUMBERS)) if picture.pixelColor(2, table.rowViewportPosition(row) + 3) == colour
    ]
    assert selected == [2]


# ---- the sequence


@pytest.fixture
def wide(show_alone: Any, make_setup: Any) -> Callable[[int], SequenceView]:
    """Return a function that shows a sequence of many numbers in each step."""

    def show(width: int) -> SequenceView:
        setup: Setup = make_setup(f"nn.LSTM({width}, 2)", steps=4)
        setup.sequence.values[...] = np.float32(0.1)
        view: SequenceView = show_alone(SequenceView, setup, 260, 300)[-1]
        return view

    return show


@pytest.mark.parametrize("count", [28, 300])
def test_of_many_inputs_whole_numbers_are_shown_and_how_many_there_are(
    wide: Callable[[int], SequenceView], count: int
) -> None:
    view = wide(count)
    table, measure = view.table, QFontMetrics(in_bold(view.font())).horizontalAdvance
    seen = []
    for width in (180, 280, 600, 4000):
        view.resize(width, 300)
        QApplication.processEvents()
        text = table.texts(3, range(1))[0]
        room = table.viewport().width() - table.columnViewportPosition(3) - 2 * CELL_MARGIN
        assert measure(text) <= room, (width, text)
        assert text == f"[{'0.1 ' * text.count('0.1')}… {count}]" or text.count("0.1") == count
        seen.append(text.count("0.1"))
    assert seen == sorted(seen)
    assert seen[1] >= 3
    assert seen[-1] == min(count, 64)


def test_the_shortest_form_is_what_is_edited_and_told(wide: Callable[[int], SequenceView]) -> None:
    view = wide(28)
    index = view.model.index(0, 3)
    assert index.data(Qt.ItemDataRole.EditRole) == " ".join(["0.1"] * 28)
    tip = index.data(Qt.ItemDataRole.ToolTipRole).split("\n")
    assert tip == [f"[{start}]  " + "  ".join(["0.1"] * min(10, 28 - start)) for start in (0, 10, 20)]
