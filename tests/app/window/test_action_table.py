"""The table of actions is complete, and each action can be chosen just when its row says."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import Any

import pytest
import qtawesome
from PySide6.QtGui import QIcon

from gatescope_app.window.action_table import ACTIONS
from gatescope_app.window.main_window import MainWindow
from gatescope_app.window.menus import TITLES


def test_no_name_stands_twice_and_each_menu_is_there() -> None:
    assert [name for name, count in Counter(row.name for row in ACTIONS).items() if count > 1] == []
    assert {row.menu.split()[0] for row in ACTIONS} <= set(TITLES)


def test_the_groups_of_a_menu_are_numbered_from_1_and_lie_together() -> None:
    places = [place for place, _ in groupby(row.menu for row in ACTIONS)]
    for menu in TITLES:
        numbers = [place.split()[1] for place in places if place.split()[0] == menu]
        assert numbers == [str(index + 1) for index in range(len(numbers))]


def test_every_icon_is_there(window: MainWindow) -> None:
    icons = [qtawesome.icon(row.icon) for row in ACTIONS if row.icon]
    assert len(icons) > 15
    assert all(isinstance(icon, QIcon) and not icon.isNull() for icon in icons)


@pytest.mark.parametrize("menu", sorted({row.menu.split()[0] for row in ACTIONS}))
def test_a_menu_has_its_rows_in_their_order_with_lines_between_groups(window: MainWindow, menu: str) -> None:
    wanted: list[str] = []
    for place, rows in groupby((row for row in ACTIONS if row.menu.split()[0] == menu), key=lambda row: row.menu):
        wanted += [*([] if place.endswith(" 1") else ["—"]), *(row.name for row in rows)]
    actions = [action for action in window.menus.menus[menu].actions() if action.menu() is None]
    assert ["—" if action.isSeparator() else action.objectName() for action in actions] == wanted


def enabled(window: MainWindow) -> set[str]:
    return {name for name, action in window.actions_by_name.items() if action.isEnabled()}


def test_what_can_be_chosen_follows_the_run_the_edits_and_what_is_kept(show_window: Any, hands: Any) -> None:
    from gatescope.edits.edits import Hold
    from gatescope_app.state.runs import example_setup

    window = show_window(example_setup("hello"), wait=False)
    at_once = {
        "new_session", "open", "new_network", "sequence", "start_page", "quit", "next_unit", "larger", "keys", "about",
    }  # fmt: skip
    assert at_once <= enabled(window)
    need_a_run = {
        "first", "step_back", "step", "step_into", "step_back_into", "step_out", "continue", "reverse_continue", "play",
        "last", "go_to", "save",
        "save_as", "export", "save_trace", "compare", "keep", "toggle_breakpoint", "new_breakpoint", "new_watch",
        "what_if", "branch", "show_all", "all_units", "one_unit", "lines", "heat", "auto",
    }  # fmt: skip
    later = {"undo", "redo", "reset", "compare_original", "compare_kept", "forget"}
    assert enabled(window).isdisjoint(need_a_run | later)
    hands.wait_for_run(window)
    assert enabled(window) == {row.name for row in ACTIONS} - later
    window.editor.do(Hold("f", 0.9, start=1, stop=2, units=(3,)))
    assert {"undo", "reset"} <= enabled(window)  # at once, while the run is under way
    hands.qtbot.waitUntil(lambda: window.session.state.ghost is not None)
    assert enabled(window) & later == {"undo", "reset", "compare_original"}
    hands.press("Ctrl+K")
    assert enabled(window) & later == {"undo", "reset", "compare_original", "forget"}
    hands.press("Ctrl+Z")
    hands.wait_for_run(window)
    assert enabled(window) & later == {"redo", "compare_kept", "forget"}
