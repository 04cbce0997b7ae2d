"""The debugger's moves in the window: into a cell, from breakpoint to breakpoint, and where one is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gatescope.debugging.breakpoints import Breakpoint
from gatescope.traces.order import Cursor
from gatescope_app.state import debugger
from gatescope_app.state.known_values import NOTHING
from gatescope_app.state.runs import Setup, example_setup
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]
LSTM_PHASES = ("input", "preactivations", "f", "i", "c_tilde", "c", "o", "h")


def now(window: MainWindow) -> Cursor:
    return window.session.state.cursor


def table(window: MainWindow) -> Any:
    return window.views["inspector"]


def where(window: MainWindow) -> Any:
    return window.views["where"]


@pytest.fixture
def two_layers(show_window: Open, make_setup: Callable[..., Setup]) -> MainWindow:
    return show_window(make_setup("nn.LSTM(3, 4, num_layers=2)", steps=8))


@pytest.fixture
def both_ways(show_window: Open, make_setup: Callable[..., Setup]) -> MainWindow:
    return show_window(make_setup("nn.LSTM(3, 4, bidirectional=True)", steps=4))


# into the cell


def test_f11_goes_from_phase_to_phase_and_shift_f11_finishes_the_cell(window: MainWindow, hands: Any) -> None:
    seen = []
    for _ in LSTM_PHASES:
        hands.press("F11")
        seen.append(now(window).phase)
    assert tuple(seen) == LSTM_PHASES
    assert now(window) == Cursor(1)
    hands.press("F11", "F11", "F11")
    assert now(window) == Cursor(2, phase="f")
    hands.press("Shift+F11")
    assert now(window) == Cursor(2)
    hands.press("Ctrl+F11")
    assert now(window) == Cursor(2, phase="o")


def test_inside_a_step_what_is_not_computed_yet_is_blank(window: MainWindow, hands: Any) -> None:
    hands.press("F10", "F11", "F11", "F11", "F11")  # t = 2, the input gate
    assert now(window) == Cursor(2, phase="i")
    known = {name: plot.item.known for name, plot in window.gates.plots.items()}
    assert known == {name: range(3) if name in ("f", "i") else range(2) for name in known}
    for name, plot in window.gates.plots.items():
        assert plot.value.text().endswith(NOTHING) == (name not in ("f", "i"))
    cells = [table(window).model.index(0, column).data() for column in range(6)]
    assert [cell == NOTHING for cell in cells] == [False, False, True, True, True, True]
    hands.press("Shift+F11")
    assert NOTHING not in [table(window).model.index(0, column).data() for column in range(6)]


def test_stepping_goes_on_at_the_same_phase(window: MainWindow, hands: Any) -> None:
    hands.press("F11", "F11", "F11", "F10")
    assert now(window) == Cursor(2, phase="f")
    hands.press("Shift+F10")
    assert now(window) == Cursor(1, phase="f")


def test_stepping_into_goes_on_to_the_layer_above_and_the_plots_follow(two_layers: MainWindow, hands: Any) -> None:
    hands.press("F11")
    assert now(two_layers) == Cursor(0, 1, phase="input")
    assert two_layers.gates.layer.value() == 1
    assert two_layers.session.state.known("h") == range(0)
    hands.press("Shift+F11")
    h = two_layers.session.state.run.trace.cell(1).h[0, 0]  # type: ignore[union-attr]
    assert table(two_layers).model.index(0, 5).data() == f"{float(h[0]):.4f}"


def test_with_two_directions_the_forward_pass_comes_first(both_ways: MainWindow, hands: Any) -> None:
    places = [now(both_ways)]
    for _ in range(8):
        hands.press("F10")
        places.append(now(both_ways))
    assert [(place.t, place.direction) for place in places] == [
        *((t, "forward") for t in (0, 1, 2, 3)), *((t, "reverse") for t in (3, 2, 1, 0)), (0, "reverse"),
    ]  # fmt: skip
    assert both_ways.gates.plots["h"].item.known == range(4)


def test_choosing_a_direction_goes_there(both_ways: MainWindow, hands: Any) -> None:
    hands.press("F10", "F10")
    hands.choose(both_ways.gates.direction, 1)
    both_ways.gates.direction.activated.emit(1)
    assert now(both_ways) == Cursor(2, 0, "reverse")
    assert both_ways.gates.plots["h"].item.known == range(2, 4)


def test_playing_walks_through_both_directions(both_ways: MainWindow, hands: Any, qtbot: Any) -> None:
    both_ways.player.set_speed(1000)
    hands.press("F5")
    qtbot.waitUntil(lambda: not both_ways.player.playing)
    assert now(both_ways) == Cursor(0, 0, "reverse")
    hands.press("F5")  # again from the start
    assert now(both_ways).direction == "forward"


# where am I


def test_where_am_i_names_the_place_from_the_sequence_down_to_the_phase(window: MainWindow, hands: Any) -> None:
    window.panels.show("where")
    hands.press("F10", "F11", "F11", "F11")
    here = [row.text for row in where(window).rows if row.here]
    assert here == ["“hello” · sequence of 5 steps", "t = 2 “l”", "layer 0", "forward", "f_t  forget gate"]
    computed = {row.text: row.computed for row in where(window).rows}
    assert computed["f_t  forget gate"]
    assert not computed["h_t  hidden state"]


def test_a_click_in_where_am_i_goes_there(two_layers: MainWindow, hands: Any) -> None:
    two_layers.panels.show("where")
    hands.press("F10")
    rows = [row.text.split("  ")[0] for row in where(two_layers).rows]
    hands.click_cell(where(two_layers).list, rows.index("C_t"))
    assert now(two_layers) == Cursor(1, 0, phase="c")
    rows = [row.text.split("  ")[0] for row in where(two_layers).rows]
    hands.click_cell(where(two_layers).list, rows.index("layer 1"))
    assert now(two_layers) == Cursor(1, 1)
    hands.click_cell(where(two_layers).list, 0)
    assert now(two_layers) == Cursor(0, 1)


def test_enter_in_where_am_i_goes_there(window: MainWindow, hands: Any) -> None:
    window.panels.show("where")
    where(window).list.setFocus()
    hands.press("Up", "Up", "Return")
    assert now(window) == Cursor(0, phase="c")


# from breakpoint to breakpoint


def test_f9_sets_a_breakpoint_and_f5_walks_to_it_in_either_direction(window: MainWindow, hands: Any) -> None:
    hands.press("F10", "F10", "F9", "Home", "F5")
    assert now(window) == Cursor(2)
    assert "t = 2" in window.statusBar().currentMessage()
    hands.press("F5")
    assert now(window) == Cursor(4)
    hands.press("Shift+F5")
    assert now(window) == Cursor(2)
    hands.press("Shift+F5")
    assert now(window) == Cursor(0)
    hands.press("F10", "F10", "F9")  # taken away again
    assert window.session.state.hits.stops.tolist() == []  # type: ignore[union-attr]


def test_hits_are_ticks_on_the_slider_and_in_the_plots(window: MainWindow, hands: Any) -> None:
    assert window.toolbar.slider.ticks.tolist() == []
    window.debugger.add(Breakpoint('token == "l"'))
    assert window.toolbar.slider.ticks.tolist() == [2, 3]
    assert all(plot.item.ticks.tolist() == [2, 3] for plot in window.gates.plots.values())
    hands.press("Ctrl+Shift+F9")
    assert window.toolbar.slider.ticks.tolist() == []
    assert all(plot.item.ticks.tolist() == [] for plot in window.gates.plots.values())


def test_playing_stops_at_a_breakpoint(window: MainWindow, hands: Any, qtbot: Any) -> None:
    window.debugger.toggle(3)
    window.player.set_speed(1000)
    hands.press("Ctrl+F5")
    qtbot.waitUntil(lambda: not window.player.playing)
    assert now(window) == Cursor(3)
    hands.press("Ctrl+F5")
    qtbot.waitUntil(lambda: not window.player.playing)
    assert now(window) == Cursor(4)


def test_a_one_shot_breakpoint_is_gone_after_it_stopped(window: MainWindow, hands: Any) -> None:
    before = window.session.state.breakpoints
    window.debugger.add(Breakpoint("t == 2", once=True))
    hands.press("F5")
    assert now(window) == Cursor(2)
    assert window.session.state.breakpoints == before


def test_a_stop_shows_the_batch_element_that_it_is_about(
    show_window: Open, make_setup: Callable[..., Setup], hands: Any
) -> None:
    window = show_window(make_setup("nn.LSTM(3, 4)", steps=8, batch=3))
    c = window.session.state.run.trace.cell().c[:, :, 1].numpy()  # type: ignore[union-attr]
    level = float(np.sort(c[:, 2])[-2])
    window.debugger.add(Breakpoint(f"c[1] > {level!r} and batch == 2"))
    hands.press("F5")
    assert window.session.state.focus.batch == 2
    assert now(window).t == int(c[:, 2].argmax())


def test_log_points_are_written_on_the_way_and_do_not_stop(window: MainWindow, hands: Any) -> None:
    lines: list[Any] = []
    window.debugger.logged.connect(lambda new, _left_out: lines.extend(new))
    window.debugger.add(Breakpoint('token == "l"', message="l at {t}"))
    window.debugger.toggle(4)
    hands.press("F5")
    assert now(window) == Cursor(4)
    assert [(line.cursor.t, line.text) for line in lines] == [(2, "l at 2"), (3, "l at 3")]
    hands.press("Shift+F5")
    assert [line.cursor.t for line in lines[2:]] == [3, 2]
    hands.press("End")  # a jump passes nothing
    assert len(lines) == 4


def test_another_run_has_its_own_hits(window: MainWindow, hands: Any) -> None:
    window.debugger.add(Breakpoint("t == 2"))
    window.session.start(example_setup("brackets"))
    hands.wait_for_run(window)
    hits = window.session.state.hits
    assert hits is not None
    assert hits.order.steps == window.session.state.setup.steps
    assert hits.stops.tolist() == [2]


def test_hits_in_a_long_run_are_found_off_the_gui_thread(
    show_window: Open, make_setup: Callable[..., Setup], hands: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(debugger, "_AT_ONCE", 100)
    window = show_window(make_setup("nn.LSTM(3, 32)", steps=500))
    window.debugger.add(Breakpoint("t == 400"))
    assert window.debugger.finder.busy
    hands.press("F5")  # waits for them
    qtbot.waitUntil(lambda: not window.debugger.finder.busy)
    assert now(window) == Cursor(400)


def test_breakpoints_before_the_first_run_are_found_with_it(
    show_window: Open, make_setup: Callable[..., Setup], hands: Any
) -> None:
    window = show_window(make_setup("nn.LSTM(3, 4)"), wait=False)
    window.debugger.toggle(2)
    hands.wait_for_run(window)
    hands.qtbot.waitUntil(lambda: window.session.state.hits.stops.tolist() == [2])


# what is painted


def test_what_is_painted_while_stepping_is_what_is_painted_anew(window: MainWindow, hands: Any) -> None:
    def painted(*, anew: bool) -> list[bytes]:
        images = []
        for plot in window.gates.plots.values():
            viewport = plot.plot.viewport()
            if anew:
                viewport.update()
            hands.qtbot.wait(1)
            images.append(screen_of(window, viewport))
        return images

    for key in ("F10", "F11", "F11", "F11", "Shift+F11", "End", "Ctrl+F11", "Ctrl+F11", "Shift+F10", "Home"):
        hands.press(key)
        assert painted(anew=False) == painted(anew=True), key


def screen_of(window: MainWindow, widget: Any) -> bytes:
    """Return what is on the screen where a widget is, not what it would paint if asked."""
    place = widget.mapTo(window, widget.rect().topLeft())
    store = window.screen().grabWindow(window.winId(), place.x(), place.y(), widget.width(), widget.height())
    return bytes(store.toImage().constBits())


def test_an_edit_in_place_and_a_step_into_pause_the_playing(window: MainWindow, hands: Any) -> None:
    hands.press("Ctrl+F5")
    assert window.player.playing
    hands.press("F11")
    assert not window.player.playing
    hands.press("Shift+F11", "Home", "Ctrl+F5")
    assert window.player.playing
    hands.double_click_cell(window.views["inspector"].table, 0, 0)  # type: ignore[attr-defined]
    assert not window.player.playing
