"""The numbers of the step, in a panel that is wide, narrow, or narrower than its numbers."""

from __future__ import annotations

from typing import Any

import pytest

from gatescope_app.panels.inspector.inspector_view import StepTable
from gatescope_app.widgets.plain_table import CELL_MARGIN
from gatescope_app.window.main_window import MainWindow


def room_for(table: Any, number: str) -> int:
    """Return how wide the table is whose six columns have just room for a number."""
    column = table.fontMetrics().horizontalAdvance(number) + 2 * CELL_MARGIN
    return 6 * column + table.verticalHeader().width() + 2 * table.frameWidth()


@pytest.mark.parametrize(("number", "places"), [("-0.0000", 4), ("-0.000", 3)])
def test_all_columns_show_the_same_digits_and_none_is_cut(
    window: MainWindow, hands: Any, number: str, places: int
) -> None:
    table: Any = window.views["inspector"].table  # type: ignore[attr-defined]
    table.setFixedWidth(room_for(table, number))
    hands.qtbot.waitUntil(lambda: not table.horizontalScrollBar().isVisible())
    hands.qtbot.waitUntil(lambda: table.places == places)
    table.viewport().repaint()
    for column in range(6):
        _, room = table.room_of(column)
        texts = table.texts(column, range(4))
        assert {len(text.partition(".")[2]) for text in texts} == {places}
        assert all(table.fontMetrics().horizontalAdvance(text) <= room for text in texts), column


def test_a_panel_that_is_narrower_than_three_digits_scrolls(window: MainWindow, hands: Any) -> None:
    table: Any = window.views["inspector"].table  # type: ignore[attr-defined]
    table.setFixedWidth(room_for(table, "-0.000") - 6)
    hands.qtbot.waitUntil(table.horizontalScrollBar().isVisible)
    assert table.places == 3


def test_how_many_digits_there_is_room_for_is_asked_once_to_paint_all_columns(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    table: Any = window.views["inspector"].table  # type: ignore[attr-defined]
    places, asked = StepTable.places.fget, []
    assert places is not None
    monkeypatch.setattr(StepTable, "places", property(lambda self: (asked.append(self), places(self))[1]))
    table.viewport().repaint()
    assert asked == [table]
