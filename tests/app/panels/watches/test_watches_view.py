"""The Watches panel: expressions that are followed from step to step."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gatescope.modules.constructor import parse_constructor
from gatescope_app.look.theme import DARK, LIGHT
from gatescope_app.panels.watches import watches_view
from gatescope_app.panels.watches.current_value import format_in_full, format_short, format_to_copy
from gatescope_app.panels.watches.sparkline import MOST_LINES, Spark
from gatescope_app.panels.watches.watch_table import BEFORE, EXPRESSION, NOW, SPARKLINE
from gatescope_app.panels.watches.watches_view import WatchesView
from gatescope_app.state.debugger import Debugger
from gatescope_app.state.runs import Setup, example_setup
from gatescope_app.state.session import Session
from gatescope_app.state.sources import FromSeed
from gatescope_app.widgets.expression_edit import ExpressionEdit

Panel = tuple[Session, Debugger, WatchesView]
Show = Callable[[Setup], Panel]


@pytest.fixture
def show_watches(show_alone: Callable[..., Panel]) -> Show:
    """Return a function that shows the panel alone, on a run."""
    return lambda setup: show_alone(WatchesView, setup, 520, 360)


def start(session: Session, qtbot: QtBot, setup: Setup) -> None:
    session.start(setup)
    qtbot.waitUntil(lambda: not session.runner.busy and not session.drifter.busy, timeout=60_000)


@pytest.fixture
def panel(show_watches: Show) -> Panel:
    """Return the panel on `hello`: an LSTM with 4 units over 5 letters."""
    return show_watches(example_setup("hello"))


def cells(view: WatchesView, row: int) -> tuple[str, str]:
    """Return the value now and before, as the table shows them."""
    return view.model.index(row, NOW).data(), view.model.index(row, BEFORE).data()


def values(session: Session, name: str) -> Any:
    return session.state.values(name)


def editor(view: WatchesView) -> ExpressionEdit:
    found = view.table.viewport().findChild(ExpressionEdit)
    assert isinstance(found, ExpressionEdit)
    return found


def picture(view: WatchesView, row: int) -> QImage:
    """Return what is painted over t."""
    area = view.table.visualRect(view.model.index(row, SPARKLINE))
    return view.table.viewport().grab(area).toImage()


def painted(image: QImage, left: float, right: float, colour: str) -> bool:
    """Tell whether a part of a picture, in shares of its width, has pixels that are much like a colour."""
    wanted = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])
    pixels = np.array(image.convertToFormat(QImage.Format.Format_RGB32).constBits(), dtype=np.uint8)
    pixels = pixels.reshape(image.height(), -1, 4)[:, : image.width(), 2::-1].astype(int)  # B G R X in memory
    part = pixels[:, round(left * image.width()) : round(right * image.width())]
    return bool((np.abs(part - wanted).sum(axis=2) < 60).any())


# adding, changing, removing


def test_enter_in_the_field_adds_an_expression_and_empties_the_field(panel: Panel, hands: Any) -> None:
    session, _, view = panel
    view.entry.setFocus()
    assert QApplication.focusWidget() is view.field.line
    hands.type("f[3]")
    hands.press("Return")
    hands.type("mean(o)")
    hands.press("Return")
    assert session.state.watches == ("f[3]", "mean(o)")
    assert view.field.text() == ""
    assert [view.model.index(row, EXPRESSION).data() for row in range(2)] == ["f[3]", "mean(o)"]


def test_what_is_wrong_is_told_at_the_field_and_nothing_is_added(panel: Panel, hands: Any) -> None:
    session, _, view = panel
    view.entry.setFocus()
    hands.type("f[9]")
    hands.press("Return")
    assert session.state.watches == ()
    assert "0 to 3" in view.field.note.text()
    assert view.field.text() == "f[9]"


@pytest.mark.parametrize("opening", ["F2", "double click", "button"])
def test_an_expression_is_changed_in_its_place(panel: Panel, hands: Any, opening: str) -> None:
    session, debugger, view = panel
    debugger.watch("f[3]")
    debugger.watch("t")
    hands.click_cell(view.table, 0, NOW if opening == "F2" else EXPRESSION)
    if opening == "F2":
        hands.press("F2")
    elif opening == "button":
        hands.click(view.buttons["change"])
    else:
        hands.double_click_cell(view.table, 0, EXPRESSION)
    assert editor(view).text() == "f[3]"
    hands.type("c[1]")  # over what was there, which is selected
    hands.press("Return")
    assert session.state.watches == ("c[1]", "t")
    assert cells(view, 0)[0] == f"{values(session, 'c')[0, 1]:.4f}"
    assert QApplication.focusWidget() is view.table


def test_a_wrong_change_is_told_in_its_place_and_esc_leaves_what_was_there(
    panel: Panel, hands: Any, qtbot: QtBot
) -> None:
    session, debugger, view = panel
    debugger.watch("f[3]")
    hands.click_cell(view.table, 0)
    hands.press("F2")
    hands.type("f[3")
    hands.press("Return")
    field = editor(view)
    assert field.isVisible()
    assert field.note.text().startswith("✗")
    assert session.state.watches == ("f[3]",)
    hands.press("Esc")
    assert session.state.watches == ("f[3]",)
    qtbot.waitUntil(lambda: view.table.viewport().findChild(ExpressionEdit) is None)


@pytest.mark.parametrize(("typed", "kept"), [("c[0]", "c[0]"), ("c[", "f[3]")])
def test_leaving_the_editor_takes_what_is_right_and_forgets_what_is_not(
    panel: Panel, hands: Any, qtbot: QtBot, typed: str, kept: str
) -> None:
    session, debugger, view = panel
    debugger.watch("f[3]")
    hands.click_cell(view.table, 0)
    hands.press("F2")
    hands.type(typed)
    view.field.setFocus()
    assert session.state.watches == (kept,)
    qtbot.waitUntil(lambda: view.table.viewport().findChild(ExpressionEdit) is None)


def test_the_key_that_edits_leaves_an_open_editor_as_it_is(panel: Panel, hands: Any, qtbot: QtBot, qtlog: Any) -> None:
    _, debugger, view = panel
    debugger.watch("f[3]")
    hands.click_cell(view.table, 0)
    hands.press("F2")
    hands.type("c[0] + 1")
    qtbot.keyClick(view.table, Qt.Key.Key_F2)  # where another window had the focus, it comes back to the table
    assert editor(view).text() == "c[0] + 1"
    assert [record.message for record in qtlog.records if "edit" in record.message] == []


def test_esc_forgets_a_change_that_would_be_right(panel: Panel, hands: Any) -> None:
    session, debugger, view = panel
    debugger.watch("f[3]")
    hands.click_cell(view.table, 0)
    hands.press("F2")
    hands.type("c[0] + 1")
    hands.press("Esc")
    assert session.state.watches == ("f[3]",)


def test_a_step_leaves_what_is_being_typed(panel: Panel, hands: Any) -> None:
    session, debugger, view = panel
    debugger.watch("f[3]")
    hands.click_cell(view.table, 0)
    hands.press("F2")
    hands.type("c[")
    session.step()
    assert editor(view).text() == "c["


def test_del_removes_the_selected_one_and_selects_the_next(panel: Panel, hands: Any) -> None:
    session, debugger, view = panel
    for text in ("t", "f[0]", "c[0]"):
        debugger.watch(text)
    hands.click_cell(view.table, 1)
    hands.press("Del")
    assert session.state.watches == ("t", "c[0]")
    assert view.table.currentIndex().row() == 1
    hands.press("Del")
    assert session.state.watches == ("t",)
    hands.click(view.buttons["remove"])
    assert session.state.watches == ()
    assert not view.buttons["remove"].isEnabled()


# values


def test_a_step_shows_the_value_of_the_step_and_of_the_one_before(panel: Panel) -> None:
    session, debugger, view = panel
    for text in ("f[3]", "f[3] < 0.5", "token", "t"):
        debugger.watch(text)
    f = values(session, "f")[:, 3]
    assert cells(view, 0) == (f"{f[0]:.4f}", "–")
    for t in range(1, 5):
        session.step()
        assert cells(view, 0) == (f"{f[t]:.4f}", f"{f[t - 1]:.4f}")
        assert cells(view, 1) == tuple(str(bool(f[s] < 0.5)).lower() for s in (t, t - 1))
        assert cells(view, 2) == (f"“{'hello'[t]}”", f"“{'hello'[t - 1]}”")
        assert cells(view, 3) == (str(t), str(t - 1))


def test_in_the_reverse_direction_the_step_before_is_the_one_that_ran_before(
    show_watches: Show, make_setup: Callable[..., Setup]
) -> None:
    session, debugger, view = show_watches(make_setup("nn.LSTM(3, 4, bidirectional=True)"))
    debugger.watch("h[1]")
    session.look_at(direction="reverse")
    session.run_to(3)
    h = values(session, "h")[:, 1]
    assert cells(view, 0) == (f"{h[3]:.4f}", f"{h[4]:.4f}")
    session.run_to(5)
    assert cells(view, 0)[1] == "–"


def test_inside_a_step_only_what_is_computed_by_now_is_told(panel: Panel) -> None:
    session, debugger, view = panel
    texts = ("t", "z_f[0]", "f[0]", "c[0]", "mean(h) + f[0]", "err")
    for text in texts:
        debugger.watch(text)
    told = []
    for _ in range(len(session.state.order.cell.phases)):
        session.step_into()
        told.append({text for row, text in enumerate(texts) if cells(view, row)[0] != "–"})
        assert all(cells(view, row)[1] != "–" for row in range(len(texts))), "the step before is known"
    known = [{"t"}, {"t", "z_f[0]"}, {"t", "z_f[0]", "f[0]"}]
    assert told == [*known, *[known[2]] * 2, *[known[2] | {"c[0]"}] * 2, set(texts)]


def test_what_reads_the_next_step_is_told_when_that_is_computed(panel: Panel) -> None:
    session, debugger, view = panel
    debugger.watch("next(c[0])")
    debugger.watch("prev(c[0])")
    c = values(session, "c")[:, 0]
    session.run_to(2)
    assert cells(view, 0) == ("–", f"{c[2]:.4f}")
    assert cells(view, 1) == (f"{c[1]:.4f}", f"{c[0]:.4f}")
    session.run_to(4)
    assert cells(view, 0) == ("NaN", f"{c[4]:.4f}"), "after the last step there is none"


def test_a_vector_shows_its_first_units_and_all_of_them_in_the_tooltip(
    show_watches: Show, make_setup: Callable[..., Setup]
) -> None:
    session, debugger, view = show_watches(make_setup("nn.LSTM(3, 20)"))
    debugger.watch("h")
    now, _ = cells(view, 0)
    assert now.startswith("[")
    assert now.endswith(" …]")
    tooltip = view.model.index(0, NOW).data(3)  # Qt.ItemDataRole.ToolTipRole
    assert all(f"{number:.4f}" in tooltip for number in values(session, "h")[0])


def test_values_are_those_of_the_cell_and_batch_element_looked_at(
    show_watches: Show, make_setup: Callable[..., Setup]
) -> None:
    session, debugger, view = show_watches(make_setup("nn.LSTM(3, 4, num_layers=2)", batch=3))
    debugger.watch("c[2]")
    for layer, batch in ((0, 1), (1, 2), (0, 0)):
        session.look_at(layer=layer, batch=batch)
        assert cells(view, 0)[0] == f"{values(session, 'c')[0, 2]:.4f}"
        assert view.summary.text() == f"layer {layer} · batch element {batch}"


def test_where_a_shorter_element_has_no_step_nothing_is_told(
    show_watches: Show, make_setup: Callable[..., Setup]
) -> None:
    setup = make_setup("nn.LSTM(3, 4)", steps=6, batch=2)
    padded = setup.sequence.values.copy()
    padded[3:, 1] = np.nan
    lengths = replace(setup, sequence=replace(setup.sequence, values=padded), lengths=(6, 3))
    session, debugger, view = show_watches(lengths)
    debugger.watch("c[0]")
    session.look_at(batch=1)
    session.run_to(3)
    assert cells(view, 0)[0] == "–"
    assert cells(view, 0)[1] == f"{values(session, 'c')[2, 0]:.4f}"


def test_another_network_says_what_it_does_not_have_until_one_has_it_again(panel: Panel, qtbot: QtBot) -> None:
    session, debugger, view = panel
    debugger.watch("f[3]")
    debugger.watch("h[3]")
    lstm = session.state.setup
    start(session, qtbot, replace(lstm, spec=parse_constructor("nn.GRU(4, 2)"), source=FromSeed(0), example=None))
    assert cells(view, 0)[0].startswith("✗ There is no f")
    assert "0 to 1" in cells(view, 1)[0]
    assert view.model.index(0, SPARKLINE).data(3) == cells(view, 0)[0].removeprefix("✗ ")
    assert session.state.watches == ("f[3]", "h[3]")
    start(session, qtbot, lstm)
    assert cells(view, 0)[0] == f"{values(session, 'f')[0, 3]:.4f}"


def test_values_of_another_run_replace_those_of_the_one_before(panel: Panel, qtbot: QtBot) -> None:
    session, debugger, view = panel
    debugger.watch("c[0]")
    before = cells(view, 0)[0]
    start(session, qtbot, replace(session.state.setup, source=FromSeed(7), example=None))
    assert cells(view, 0)[0] == f"{values(session, 'c')[0, 0]:.4f}" != before


# how and when they are evaluated


def test_an_expression_is_evaluated_once_for_each_cell(
    show_watches: Show, make_setup: Callable[..., Setup], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, debugger, view = show_watches(make_setup("nn.LSTM(3, 4, num_layers=2)"))
    evaluated: list[tuple[str, int]] = []
    real = watches_view.watch

    def counted(text: str, run: Any, focus: Any) -> Any:
        evaluated.append((text, focus.layer))
        return real(text, run, focus)

    monkeypatch.setattr(watches_view, "watch", counted)
    debugger.watch("c[0]")
    for _ in range(20):
        session.step_into()
    debugger.watch("t")
    session.step_back()
    assert cells(view, 0)[0] != "…"
    assert sorted(evaluated) == [("c[0]", 0), ("c[0]", 1), ("t", session.state.focus.layer)]


def test_a_long_run_is_evaluated_off_the_gui_thread(
    panel: Panel, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    session, debugger, view = panel
    monkeypatch.setattr(watches_view, "_AT_ONCE", 0)
    real, go, threads = watches_view.watch, threading.Event(), []

    def slow(text: str, run: Any, focus: Any) -> Any:
        threads.append(threading.current_thread())
        assert go.wait(10)
        return real(text, run, focus)

    monkeypatch.setattr(watches_view, "watch", slow)
    debugger.watch("c[0]")
    debugger.watch("h[0]")
    session.step()
    assert cells(view, 0) == cells(view, 1) == ("…", "…")
    go.set()
    qtbot.waitUntil(lambda: cells(view, 1)[0] != "…")
    assert cells(view, 0)[0] == f"{values(session, 'c')[1, 0]:.4f}"
    assert cells(view, 1)[0] == f"{values(session, 'h')[1, 0]:.4f}"
    assert len(threads) == 2
    assert threading.main_thread() not in threads


def test_a_fault_in_evaluating_is_told_once(panel: Panel, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    session, debugger, view = panel
    monkeypatch.setattr(watches_view, "_AT_ONCE", 0)
    failed: list[Exception] = []
    session.failed.connect(failed.append)

    def broken(_text: str, _run: Any, _focus: Any) -> Any:
        raise RuntimeError("broken")

    monkeypatch.setattr(watches_view, "watch", broken)
    debugger.watch("c[0]")
    qtbot.waitUntil(lambda: bool(failed))
    session.step()
    session.step()
    assert not view.worker.busy
    assert len(failed) == 1


def test_what_happens_while_hidden_is_shown_afterwards(panel: Panel) -> None:
    session, debugger, view = panel
    view.hide()
    debugger.watch("t")
    session.run_to(3)
    assert view.model.rowCount() == 0
    view.show()
    assert cells(view, 0) == ("3", "2")


# sparklines


def test_a_click_in_a_sparkline_goes_to_its_step(panel: Panel, hands: Any) -> None:
    session, debugger, view = panel
    debugger.watch("c[0]")
    area = view.table.visualRect(view.model.index(0, SPARKLINE)).adjusted(4, 0, -6, 0)
    for t in (4, 0, 3):
        x = area.left() + area.width() * (2 * t + 1) // 10
        hands.click(view.table.viewport(), QPoint(x, area.center().y()))
        assert session.state.cursor.t == t
        shown = view.table.viewport().grab(QRect(x - 3, area.top(), 7, area.height() - 3)).toImage()
        pixels = [shown.pixelColor(*place).name() for place in np.ndindex(shown.width(), shown.height())]
        assert LIGHT.grid in pixels, "the cursor is drawn elsewhere"


def test_a_click_where_there_is_no_sparkline_stays(panel: Panel, hands: Any) -> None:
    session, debugger, view = panel
    debugger.watch("token")
    session.step()
    hands.click_cell(view.table, 0, SPARKLINE)
    assert session.state.cursor.t == 1


@pytest.mark.parametrize("text", ["c[0]", "c[0] < 9", "c", "c < 9"])
def test_a_sparkline_is_drawn_up_to_the_cursor(panel: Panel, text: str) -> None:
    session, debugger, view = panel
    debugger.watch(text)
    session.run_to(2)
    early, ground = picture(view, 0), LIGHT.base
    session.run_to(4)
    late = picture(view, 0)
    width = early.width()
    pixels = {x for x in range(round(0.68 * width), width) if any(
        early.pixelColor(x, y).name() not in (ground, LIGHT.grid) for y in range(early.height() - 1))}  # fmt: skip
    assert not pixels, "something is drawn behind the cursor"
    assert late.copy(round(0.68 * width), 0, width, 99) != early.copy(round(0.68 * width), 0, width, 99)


def test_the_reverse_direction_is_drawn_from_the_right(show_watches: Show, make_setup: Callable[..., Setup]) -> None:
    session, debugger, view = show_watches(make_setup("nn.LSTM(3, 4, bidirectional=True)", steps=20))
    debugger.watch("c[0]")
    session.look_at(direction="reverse")
    session.run_to(10)
    image, colour = picture(view, 0), LIGHT.quantities["c"]
    assert painted(image, 0.6, 1.0, colour)
    assert not painted(image, 0.0, 0.45, colour)


@pytest.mark.parametrize("text", ["f[0]", "f[0] < 0.5", "f", "1 - f[0]", "z_f[0]"])
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_an_expression_over_one_quantity_has_its_colour(panel: Panel, text: str, theme: Any) -> None:
    session, debugger, view = panel
    view.set_theme(theme)
    debugger.watch(text)
    session.run_to(4)
    assert painted(picture(view, 0), 0, 1, theme.quantities["f"])
    assert not painted(picture(view, 0), 0, 1, theme.quantities["c"])


def test_the_sparkline_of_a_long_run_keeps_its_extremes() -> None:
    values = np.zeros(100_000)
    values[[777, 99_999]] = 5.0, -3.0
    spark = Spark.of(values)
    assert spark is not None
    assert len(spark.values) <= 1024
    assert (spark.low, spark.high) == (-3.0, 5.0)
    assert spark.values[777 // spark.size, 1] == 5.0
    truths = Spark.of(values == 5.0)
    assert truths is not None
    assert np.flatnonzero(truths.values).tolist() == [777 // truths.size]


def test_the_form_of_a_sparkline_suits_what_it_shows() -> None:
    steps = np.linspace(-1, 1, 50)
    forms = {
        "lines": [steps, np.stack([steps] * MOST_LINES, axis=1), steps.astype(np.float16)],
        "bars": [steps > 0],
        "heat": [np.stack([steps] * (MOST_LINES + 1), axis=1), np.stack([steps > 0] * 3, axis=1)],
    }
    for form, shown in forms.items():
        assert [getattr(Spark.of(values), "form", None) for values in shown] == [form] * len(shown)
    assert Spark.of(np.array(["l", "o"])) is None


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_none_leave_a_range_that_can_be_drawn(odd: float) -> None:
    for values in (np.array([odd, 1.0, 2.0]), np.full(3, odd), np.full((5, 40), odd), np.zeros((5, 40))):
        spark = Spark.of(values)
        assert spark is not None
        assert np.isfinite([spark.low, spark.high]).all()
        assert spark.low < spark.high


def test_numbers_are_written_so_that_their_size_can_be_read() -> None:
    written = {
        0.73106: "0.7311", 3.0: "3", -0.0: "0", 1e-7: "1e-07",
        123456.7: "123457", 123456789.0123: "1.23e+08", 0.00012345: "0.000123",
        float("nan"): "NaN",
        float("-inf"): "-inf", True: "true", " ": "“␣”",
    }  # fmt: skip
    assert [format_short(value) for value in written] == list(written.values())
    assert format_short(np.array([0.5, -0.25])) == "[0.5 -0.25]"
    assert format_in_full(0.1, "float64") == "0.1"
    assert format_in_full(float(np.float32(0.1)), "float32") == "0.1"
    assert format_in_full(float(np.float32(0.1)), "float64") == "0.10000000149011612"
    assert format_in_full(np.arange(300.0), "float32").endswith("255\n…")
    assert format_to_copy(np.array([0.1, 1], dtype=np.float32), "float32") == "[0.1 1]"
    assert format_to_copy(True, "float32") == "true"
    assert format_to_copy("a\tb", "float32") == "a\tb"


def test_everything_has_a_name_for_screen_readers(panel: Panel) -> None:
    view = panel[2]
    assert view.table.accessibleName()
    assert view.field.line.accessibleName()
    assert all(button.accessibleName() and button.toolTip() for button in view.buttons.values())
