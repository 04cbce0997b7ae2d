"""The table of panels is complete: a row for each folder, and all that a row names is there."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QKeySequence

import gatescope_app.panels
from gatescope_app.widgets.view import View
from gatescope_app.window import panel_layouts
from gatescope_app.window.main_window import MainWindow
from gatescope_app.window.panel_layouts import LAYOUTS
from gatescope_app.window.panel_table import CENTRE, PANELS, Panel

FOLDERS = {path.parent.name for path in Path(gatescope_app.panels.__path__[0]).glob("*/__init__.py")}


def test_every_folder_of_a_panel_has_exactly_one_row() -> None:
    folders = Counter(row.view.split(".")[0] for row in (CENTRE, *PANELS))
    assert folders == Counter(FOLDERS)


@pytest.mark.parametrize("row", [CENTRE, *PANELS], ids=lambda row: row.name)
def test_what_a_row_names_is_there(row: Panel) -> None:
    module, name = row.view.split(":")
    assert issubclass(getattr(import_module(f"gatescope_app.panels.{module}"), name), View)
    assert set(row.places) <= set(LAYOUTS)
    assert {place.split()[0] for place in row.places.values()} <= {"left", "bottom", "right"}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_two_panels_have_the_same_place_or_key(layout: str) -> None:
    places = [row.places[layout] for row in PANELS if layout in row.places]
    keys = [row.key for row in PANELS if row.key]
    assert len(set(places)) == len(places)
    assert len(set(keys)) == len(keys)


def test_each_panel_has_its_dock_title_key_and_entry_in_the_menu(window: MainWindow) -> None:
    assert list(window.docks) == [row.name for row in PANELS]
    for row in PANELS:
        dock, action = window.docks[row.name], window.panels.actions[row.name]
        assert dock.windowTitle() == action.text() == row.title
        assert dock.widget() is window.views[row.name]
        assert action.shortcut() == QKeySequence(f"Ctrl+Alt+{row.key}")
        assert action in window.menus.panel_menu.actions()


def test_the_tabs_of_a_place_stand_in_the_order_of_their_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    places = {"a": "bottom 1b", "b": "left 2a", "c": "left 1a", "d": "bottom 1a", "e": "left 2b", "f": ""}
    rows = [Panel(name, "", "", places={"debug": place} if place else {}) for name, place in places.items()]
    monkeypatch.setattr(panel_layouts, "PANELS", tuple(rows))
    layout = panel_layouts.PanelLayout("debug", (0.2, 0.2), 0.3)
    assert list(layout.stacks.values()) == [(("c",), ("b", "e")), (("d", "a"),), ()]  # left, bottom, right
    assert layout.shown == set("abcde")


def test_a_panel_that_floats_is_shown_the_present(window: MainWindow, hands: Any) -> None:
    """Qt does not say that one can be seen that lay behind others."""
    for name in ("compare", "origins"):
        dock = window.docks[name]
        dock.setFloating(True)
        hands.press("F10", window=window)
        hands.qtbot.waitUntil(lambda name=name: window.views[name]._shown is window.session.state)
        dock.setFloating(False)


def test_a_panel_that_comes_back_while_it_still_moves_away_follows(window: MainWindow, hands: Any) -> None:
    """Qt tells that it goes, and moves it for a moment; where it is called back meanwhile, nothing more is told."""
    for name in ("inspector", "sequence"):
        window.panels.show(name)
        window.docks[name].visibilityChanged.emit(False)
        hands.press("F10", window=window)
        hands.qtbot.waitUntil(lambda name=name: window.views[name]._shown is window.session.state)
        assert not window.panels.is_behind(window.views[name])
