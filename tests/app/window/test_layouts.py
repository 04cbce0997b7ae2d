"""The panels are arranged for a purpose by one key, moved by hand, and come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QApplication

from gatescope_app.state.runs import example_setup
from gatescope_app.window.layouts import LAYOUTS, USUAL
from gatescope_app.window.main_window import MainWindow
from gatescope_app.window.panel_table import PANELS

Open = Callable[..., MainWindow]

NAMES = [panel.name for panel in PANELS]
KEYS = {"teach": "F6", "debug": "F7", "compare": "F8"}


def shown(window: MainWindow) -> set[str]:
    """Return the panels that are there, also those behind others."""
    return {name for name, dock in window.docks.items() if not dock.isHidden()}


def in_front(window: MainWindow) -> set[str]:
    """Return the panels that can be seen."""
    return {name for name in shown(window) if not window.docks[name].visibleRegion().isEmpty()}


def test_every_panel_has_a_place_in_the_usual_layout() -> None:
    assert LAYOUTS[USUAL].shown == set(NAMES)


@pytest.mark.parametrize("name", KEYS)
def test_a_key_arranges_the_panels_for_a_purpose(window: MainWindow, hands: Any, name: str) -> None:
    other = "compare" if name == "teach" else "teach"
    hands.press(KEYS[other], KEYS[name])
    layout = LAYOUTS[name]
    assert shown(window) == layout.shown
    assert in_front(window) == {stack[0] for stacks in layout.stacks.values() for stack in stacks}
    for area, stacks in layout.stacks.items():
        assert all(window.dockWidgetArea(window.docks[one]) == area for stack in stacks for one in stack)
    assert window.menus.layouts.by_name[name].isChecked()


def test_teach_shows_diagram_and_equations_in_big_type_and_others_do_not(window: MainWindow, hands: Any) -> None:
    usual = QApplication.font().pointSize()
    hands.press("F6")
    assert QApplication.font().pointSize() == usual + LAYOUTS["teach"].larger > usual
    assert {"diagram", "equations"} <= in_front(window)
    hands.press("Ctrl++")
    hands.press("F7")
    assert QApplication.font().pointSize() == usual + 1  # what was chosen by hand stays


def test_debug_shows_sequence_plots_and_breakpoints(window: MainWindow, hands: Any) -> None:
    hands.press("F6", "F7")
    assert {"sequence", "inspector", "breakpoints", "diagram"} <= in_front(window)
    assert "watches" in shown(window)
    assert window.gates.isVisible()


def test_each_layout_stays_as_it_was_left_until_it_is_reset(window: MainWindow, hands: Any) -> None:
    window.docks["notes"].close()
    hands.press("F6")
    assert window.docks["notes"].isVisible()
    hands.press("F7")
    assert window.docks["notes"].isHidden()
    hands.press("Ctrl+Shift+0")
    assert window.docks["notes"].isVisible()


def test_the_layout_and_its_type_are_there_the_next_time(show_window: Open, hands: Any) -> None:
    usual = QApplication.font().pointSize()
    first = show_window(example_setup("hello"))
    hands.press("F6")
    first.docks["sequence"].close()
    hands.press("Ctrl+Q")
    font = QApplication.font()
    font.setPointSize(usual)  # as another process begins
    QApplication.setFont(font)
    second = show_window(example_setup("hello"))
    assert second.layouts.name == "teach"
    assert second.menus.layouts.by_name["teach"].isChecked()
    assert QApplication.font().pointSize() == usual + LAYOUTS["teach"].larger
    assert "sequence" not in shown(second)
    assert "equations" in in_front(second)


def test_a_panel_that_a_layout_hides_comes_back_by_its_key(window: MainWindow, hands: Any) -> None:
    for name in NAMES:
        hands.press("F6", "Ctrl+Shift+0")  # as it is at first
        action = window.panels.actions[name]
        if name in shown(window):
            hands.press(action.shortcut().toString())
            assert name not in shown(window)
        hands.press(action.shortcut().toString())
        assert name in in_front(window)
        assert window.views[name].isVisible(), name


def test_its_key_brings_a_panel_that_lies_behind_to_the_front(window: MainWindow, hands: Any) -> None:
    key = window.panels.actions["weights"].shortcut().toString()
    assert window.panels.actions["weights"].isChecked()
    hands.press(key)
    assert "weights" in in_front(window)
    assert window.panels.actions["weights"].isChecked()
    hands.press(key)
    assert "weights" not in shown(window)
    assert not window.panels.actions["weights"].isChecked()


def test_every_panel_floats_moves_and_is_tabbed_with_any_other(window: MainWindow, hands: Any) -> None:
    for name in NAMES:
        assert_floats_moves_and_is_tabbed(window, hands, name)


def assert_floats_moves_and_is_tabbed(window: MainWindow, hands: Any, name: str) -> None:
    dock = window.docks[name]
    allowed = dock.features()
    for feature in ("Closable", "Movable", "Floatable"):
        assert allowed & getattr(dock.DockWidgetFeature, f"DockWidget{feature}")
    dock.setFloating(True)
    assert dock.isWindow()
    t = window.session.state.cursor.t
    hands.bring_up(dock)
    hands.press("F10" if t == 0 else "Shift+F10")
    assert window.session.state.cursor.t == (1 if t == 0 else t - 1), name  # the keys of the window work in it
    dock.setFloating(False)
    other = window.docks["sequence" if name != "sequence" else "inspector"]
    window.tabifyDockWidget(other, dock)
    dock.raise_()
    assert name in in_front(window)
    hands.bring_up(window)
    hands.press("Ctrl+Shift+0")
    assert shown(window) == set(NAMES)
    assert not dock.isWindow(), name


def test_a_view_waits_while_its_panel_is_hidden_or_behind_and_then_catches_up(window: MainWindow, hands: Any) -> None:
    told: dict[str, int] = dict.fromkeys(NAMES, 0)
    for name, view in window.views.items():
        apply = view.apply

        def counted(old: Any, new: Any, name: str = name, apply: Any = apply) -> None:
            told[name] += 1
            apply(old, new)

        view.apply = counted  # type: ignore[method-assign]  # to count its calls
    window.docks["inspector"].close()
    hands.press("F10")
    awake = {name for name, count in told.items() if count}
    assert awake == in_front(window)
    assert {"inspector", "weights"}.isdisjoint(awake)
    window.docks["inspector"].show()
    window.panels.show("weights")
    assert told["inspector"] == told["weights"] == 1


def test_a_panel_that_floats_from_behind_another_follows_every_step(window: MainWindow, hands: Any) -> None:
    view, dock = window.views["watches"], window.docks["watches"]
    assert "watches" not in in_front(window)
    dock.setFloating(True)
    window.session.step()
    assert view._shown is window.session.state
    dock.setFloating(False)
    dock.raise_()
    window.session.step()
    assert view._shown is window.session.state
    window.docks["breakpoints"].raise_()
    window.session.step()
    assert view._shown is not window.session.state


def test_a_panel_that_a_stored_arrangement_does_not_know_has_its_usual_place(show_window: Open, hands: Any) -> None:
    first = show_window(example_setup("hello"))
    first.docks["memory"].setObjectName("of an older version")
    first.docks["notes"].close()
    hands.press("Ctrl+Q")
    second = show_window(example_setup("hello"))
    assert shown(second) == set(NAMES) - {"notes"}
    assert second.docks["memory"] in second.tabifiedDockWidgets(second.docks["weights"])


def test_docks_titles_follow_the_size_of_type(window: MainWindow, hands: Any) -> None:
    hands.press("F6")
    assert {dock.font().pointSize() for dock in window.docks.values()} == {QApplication.font().pointSize()}


def test_a_damaged_arrangement_is_left_alone(show_window: Open, hands: Any) -> None:
    """Qt may crash on one of which some bytes are wrong."""
    from gatescope_app.state.settings import settings

    first = show_window(example_setup("hello"))
    first.docks["notes"].close()
    hands.press("Ctrl+Q")
    whole = bytes(settings().value("layout_debug").data())
    for damaged in (whole[:-1], whole[:40] + bytes([whole[40] ^ 1]) + whole[41:], b"", b"abc"):
        settings().setValue("layout_debug", QByteArray(damaged))
        second = show_window(example_setup("hello"), wait=False)
        assert shown(second) == set(NAMES)
        hands.wait_for_run(second)
        hands.press("Ctrl+Q")


@pytest.mark.parametrize("key", ["F6", "F7", "F8"])
def test_the_verdict_and_the_speed_stay_in_sight_on_a_small_screen(window: MainWindow, hands: Any, key: str) -> None:
    hands.press(key)
    window.resize(1024, 728)
    QApplication.processEvents()
    toolbar = window.toolbar
    assert window.width() == 1024
    for widget in (toolbar.badge, toolbar.slider, toolbar.speed):
        assert widget.isVisible()
        assert toolbar.rect().contains(widget.geometry())
    assert toolbar.speed.width() >= toolbar.speed.minimumSizeHint().width()
