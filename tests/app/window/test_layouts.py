"""The panels are arranged for a purpose by one key, moved by hand, and come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QByteArray, QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTabBar

from gatescope_app.state.arrangement import (
    SIDES,
    Arrangement,
    Floating,
    Place,
    format_arrangement,
    is_valid,
    read_arrangement,
)
from gatescope_app.state.runs import example_setup
from gatescope_app.state.settings import settings
from gatescope_app.window.main_window import MainWindow, first_size
from gatescope_app.window.panel_layouts import LAYOUTS, USUAL
from gatescope_app.window.panel_table import PANELS

Open = Callable[..., MainWindow]

NAMES = [panel.name for panel in PANELS]
AREAS = {
    "left": Qt.DockWidgetArea.LeftDockWidgetArea, "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
}  # fmt: skip
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
        assert all(window.dockWidgetArea(window.docks[one]) == AREAS[area] for stack in stacks for one in stack)
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
    first = show_window(example_setup("hello"))
    first.docks["notes"].close()
    hands.press("Ctrl+Q")
    whole = settings().value("arrangement_debug")
    for damaged in (
        whole[:-1],
        whole.replace("0.", "-0."),
        whole.replace("left", "nowhere"),
        "",
        QByteArray(b"\xff\0"),
        3,
    ):
        settings().setValue("arrangement_debug", damaged)
        second = show_window(example_setup("hello"), wait=False)
        assert shown(second) == set(NAMES)
        hands.wait_for_run(second)
        hands.press("Ctrl+Q")


def rooms(window: MainWindow) -> dict[str, tuple[int, int]]:
    """Return the sizes of everything that can be seen."""
    sizes = {name: window.docks[name].size() for name in in_front(window)}
    return {name: (size.width(), size.height()) for name, size in (*sizes.items(), ("plots", window.gates.size()))}


def drag_line(window: MainWindow, hands: Any, start: QPoint, by: QPoint) -> None:
    """Drag a line between panels."""
    assert window.isSeparator(start)
    handle = window.windowHandle()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(handle, start + by)
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=start + by)
    QTest.qWait(0)
    QApplication.processEvents()


def beside(window: MainWindow, name: str) -> QPoint:
    """Return a place on the line at the right of a panel."""
    at = window.docks[name].geometry()
    return QPoint(at.right() + 3, at.center().y())


def test_changing_layouts_and_type_there_and_back_moves_nothing_by_a_pixel(window: MainWindow, hands: Any) -> None:
    drag_line(window, hands, beside(window, "sequence"), QPoint(37, 0))
    hands.qtbot.waitUntil(lambda: window.docks["sequence"].width() > 0.2 * window.width())
    before = rooms(window)
    for _ in range(8):
        hands.press("F6", "F7")
    hands.qtbot.waitUntil(lambda: rooms(window) == before)
    for key in ("Ctrl++", "Ctrl+-"):
        for _ in range(7):
            hands.press(key)
            QApplication.processEvents()
    hands.qtbot.waitUntil(lambda: rooms(window) == before)
    described = window.layouts.describe()
    window.layouts.apply(described)
    assert window.layouts.describe() == described
    hands.qtbot.waitUntil(lambda: rooms(window) == before)


def test_panels_keep_their_shares_of_a_window_of_another_size(window: MainWindow, hands: Any) -> None:
    hands.press("F6")
    before, size = rooms(window), window.size()
    window.resize(2 * size)
    hands.qtbot.waitUntil(lambda: rooms(window)["diagram"][1] > 1.5 * before["diagram"][1])
    larger = rooms(window)
    for name in ("sequence", "diagram", "equations"):
        share = LAYOUTS["teach"].height if name != "sequence" else LAYOUTS["teach"].widths[0]
        assert share > 0, name
    assert larger["sequence"][0] == round(LAYOUTS["teach"].widths[0] * window.width())
    window.resize(size)
    hands.qtbot.waitUntil(lambda: rooms(window) == before)


def test_a_line_that_a_person_dragged_stays_where_it_is(show_window: Open, hands: Any) -> None:
    first = show_window(example_setup("hello"))
    width = first.docks["sequence"].width()
    drag_line(first, hands, beside(first, "sequence"), QPoint(50, 0))
    hands.qtbot.waitUntil(lambda: first.docks["sequence"].width() == width + 50)
    hands.press("Ctrl+Q")
    second = show_window(example_setup("hello"))
    hands.qtbot.waitUntil(lambda: second.docks["sequence"].width() == width + 50)


def test_tabs_nested_places_and_floating_panels_come_back(window: MainWindow, hands: Any) -> None:
    docks = window.docks
    window.splitDockWidget(docks["sequence"], docks["watches"], Qt.Orientation.Horizontal)
    window.tabifyDockWidget(docks["inspector"], docks["memory"])
    window.addDockWidget(Qt.DockWidgetArea.TopDockWidgetArea, docks["where"])
    docks["log"].setFloating(True)
    docks["log"].setGeometry(40, 50, 320, 240)
    docks["edits"].close()
    bar = next(bar for bar in window.findChildren(QTabBar) if bar.tabText(0) == "Cell diagram" and bar.isVisible())
    bar.moveTab(2, 1)  # as a hand drags it, place by place
    bar.moveTab(1, 0)
    docks["origins"].raise_()
    QApplication.processEvents()
    described = window.layouts.describe()
    assert described.sides["bottom"].panels[:3] == ("weights", "diagram", "equations")
    assert described.sides["bottom"].front == "origins"
    assert "edits" in described.hidden
    assert [one.panel for one in described.floating] == ["log"]
    before = rooms(window)
    hands.press("F6")
    window.layouts.apply(read_arrangement(format_arrangement(described)))
    assert window.layouts.describe() == described
    hands.qtbot.waitUntil(lambda: rooms(window) == before)


def test_no_arrangement_that_is_read_makes_the_window_fall(window: MainWindow, hands: Any) -> None:
    """Whatever somebody wrote into a file: panels twice, unknown, none at all, shares and places of nowhere."""
    strange = (
        Arrangement(),
        Arrangement("nowhere"),
        Arrangement("teach", hidden=tuple(NAMES)),
        Arrangement("debug", {"left": Place(0.5, ("sequence", "sequence"), "x")}),
        Arrangement("debug", {"left": Place(0.001, ("sequence", "unknown"), "unknown")}),
        Arrangement("debug", {side: Place(1.0, (name,)) for side, name in zip(SIDES, NAMES, strict=False)}),
        Arrangement("debug", {"top": Place(1.0, tuple(NAMES), "log")}),
        Arrangement("compare", floating=tuple(Floating(name, -50_000, 9000, 1, 99_999) for name in NAMES)),
    )
    for arrangement in strange:
        window.layouts.apply(arrangement)
        QApplication.processEvents()
        described = window.layouts.describe()
        assert described.panels() == set(NAMES), arrangement
        assert read_arrangement(format_arrangement(described)) == described
        hands.press("Ctrl+Shift+0")
        assert shown(window) == LAYOUTS[window.layouts.name].shown


@pytest.mark.parametrize(
    ("room", "size"),
    [((3840, 2120), (3264, 1802)), ((1920, 1040), (1632, 884)), ((1440, 860), (1280, 800)), ((1024, 728), (1024, 728))],
)
def test_the_window_first_takes_85_percent_of_the_screen_and_a_small_one_whole(
    room: tuple[int, int], size: tuple[int, int]
) -> None:
    assert first_size(QSize(*room)) == QSize(*size)


def test_the_toolbar_is_as_before_after_larger_type(window: MainWindow, hands: Any) -> None:
    before = [widget.width() for widget in (window.toolbar.speed, window.toolbar.place, window.toolbar.badge)]
    hands.press("F6", "F7")
    hands.qtbot.waitUntil(
        lambda: [one.width() for one in (window.toolbar.speed, window.toolbar.place, window.toolbar.badge)] == before
    )


@pytest.mark.parametrize("key", ["F6", "F7", "F8"])
def test_the_verdict_and_the_speed_stay_in_sight_on_a_small_screen(window: MainWindow, hands: Any, key: str) -> None:
    hands.press(key)
    window.resize(1024, 728)
    QApplication.processEvents()
    toolbar = window.toolbar
    assert window.width() == 1024
    assert toolbar.badge.text().endswith(" %)")  # all of it
    for widget in (toolbar.badge, toolbar.slider, toolbar.speed):
        assert widget.isVisible()
        assert toolbar.rect().contains(widget.geometry())
    assert toolbar.speed.width() >= toolbar.speed.minimumSizeHint().width()


def test_a_window_that_grows_while_panels_are_put_back_shares_its_room_afterwards(
    window: MainWindow, hands: Any, qtlog: Any
) -> None:
    """With all panels afloat it may be smaller than they let it be."""
    for dock in window.docks.values():
        dock.setFloating(True)
    QApplication.processEvents()
    window.resize(300, 200)
    QApplication.processEvents()
    for key in ("F6", "F8", "F7"):
        hands.press(key, window=window)
    assert [record.message for record in qtlog.records if "resizeDocks" in record.message] == []
    assert shown(window) == LAYOUTS[window.layouts.name].shown


class Paints(QObject):
    """Counts how often a widget is painted."""

    count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_the_window_is_painted_on_when_a_layout_came_before_what_was_to_be_painted(
    window: MainWindow, qtbot: Any
) -> None:
    paints, badge = Paints(window), window.toolbar.badge
    badge.installEventFilter(paints)
    badge.update()  # asked of Qt, which has not painted it yet
    window.layouts.apply(window.layouts.describe())  # as a session does that was recovered
    qtbot.waitUntil(window.updatesEnabled)
    before = paints.count
    badge.update()
    qtbot.waitUntil(lambda: paints.count > before)


def test_a_panel_that_floats_is_painted_on_after_a_layout_put_it_there(window: MainWindow, qtbot: Any) -> None:
    window.panels.show("predictions")
    dock = window.docks["predictions"]
    dock.setFloating(True)
    floating = window.layouts.describe()  # in the same moment, as when a session is kept
    assert is_valid(floating)
    window.layouts.reset()
    qtbot.waitUntil(window.updatesEnabled)
    assert not dock.isFloating()
    window.layouts.apply(floating)  # as a session does that is opened
    qtbot.waitUntil(window.updatesEnabled)
    assert dock.isFloating()
    paints, view = Paints(window), dock.widget()
    view.installEventFilter(paints)
    view.update()
    qtbot.waitUntil(lambda: paints.count > 0)


def test_a_panel_that_floated_on_a_larger_screen_is_whole_in_sight(window: MainWindow, qtbot: Any) -> None:
    window.panels.show("predictions")
    dock, room = window.docks["predictions"], window.screen().availableGeometry()
    dock.setFloating(True)
    now = window.layouts.describe()
    far = replace(now.floating[0], x=room.right() - 50, y=room.bottom() - 20, width=400, height=300)
    for place in (far, replace(far, x=-5000, y=-5000)):
        window.layouts.apply(replace(now, floating=(place,)))
        qtbot.waitUntil(window.updatesEnabled)
        assert room.contains(dock.geometry())
