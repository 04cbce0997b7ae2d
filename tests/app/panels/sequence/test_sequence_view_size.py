"""The list of steps in a panel that gets lower or higher."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gatescope_app.state.runs import Setup
from gatescope_app.window.main_window import MainWindow


@pytest.mark.parametrize("scrolled_away", [False, True])
def test_the_current_step_stays_in_sight_where_the_panel_gets_lower(
    show_window: Callable[..., MainWindow], make_setup: Callable[..., Setup], hands: Any, scrolled_away: bool
) -> None:
    window = show_window(make_setup("nn.LSTM(2, 3)", steps=60))
    table: Any = window.views["sequence"].table  # type: ignore[attr-defined]
    table.setFixedHeight(400)
    hands.qtbot.waitUntil(lambda: table.height() == 400)
    hands.press("End")
    if scrolled_away:
        table.verticalScrollBar().setValue(0)
    table.setFixedHeight(120)
    hands.qtbot.waitUntil(lambda: table.height() == 120)
    seen = table.viewport().rect().contains(table.visualRect(table.currentIndex()).center())
    assert seen != scrolled_away
