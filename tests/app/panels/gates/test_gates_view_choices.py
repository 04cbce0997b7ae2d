"""Layers, directions, batch elements, projections: the choice in the gates view is what every panel shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gatescope.verification.error_curves import error_curves
from gatescope_app.state.runs import Setup, example_setup
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]

IN_FRONT = "compare"
Make = Callable[..., Setup]

QUANTITIES = ("f", "i", "c_tilde", "c", "o", "h")


@pytest.fixture
def deep(show_window: Open, make_setup: Make) -> MainWindow:
    """Return a window on two layers in both directions, a batch of three, and a projection."""
    line = "nn.LSTM(3, 5, num_layers=2, bidirectional=True, proj_size=2)"
    return show_window(make_setup(line, steps=6, batch=3))


def assert_everything_shows(window: MainWindow, layer: int, direction: str, batch: int) -> None:
    """Check plots, inspector and comparison against the trace."""
    run, t = window.session.state.run, window.session.state.cursor.t
    assert run is not None
    cell = run.trace.cell(layer, direction)
    inspector: Any = window.views["inspector"]
    for column, name in enumerate(QUANTITIES):
        values = cell.quantity(name)[:, batch].numpy()
        curves: Any = window.gates.plots[name].item.curves
        assert np.array_equal(curves.values, values)
        texts = [inspector.model.index(unit, column).data() for unit in range(5)]
        assert texts == [f"{value:.4f}" for value in values[t]] + [""] * (5 - values.shape[1])
    words = inspector.where.text().split(" · ")
    assert words == [f"t = {t}", f"layer {layer}", direction, f"batch element {batch}"]
    for name, plot in window.views["compare"].plots.items():  # type: ignore[attr-defined]
        wanted = error_curves(run.report, name, layer, direction, batch, drift=True)
        for kind, curve in plot.curves.items():
            values, drawn = getattr(wanted, kind), curve.getOriginalDataset()[1]
            expected = np.where(values > 0, values, np.nan).astype(np.float64)
            if not np.isnan(expected).all():
                assert np.array_equal(drawn, expected, equal_nan=True), f"{kind} of {name}"


def test_the_choice_of_layer_direction_and_batch_element_changes_every_panel(deep: MainWindow, hands: Any) -> None:
    hands.press("F10", "F10")
    gates = deep.gates
    assert_everything_shows(deep, 0, "forward", 0)
    hands.set_number(gates.layer, 1)
    assert_everything_shows(deep, 1, "forward", 0)
    hands.choose(gates.direction, 1)
    assert_everything_shows(deep, 1, "reverse", 0)
    hands.set_number(gates.batch, 2)
    assert_everything_shows(deep, 1, "reverse", 2)
    hands.press("F10")
    assert_everything_shows(deep, 1, "reverse", 2)
    hands.set_number(gates.layer, 0)
    assert_everything_shows(deep, 0, "reverse", 2)


def test_the_keys_on_the_labels_reach_the_choices(deep: MainWindow, hands: Any) -> None:
    from PySide6.QtWidgets import QApplication

    for key, widget in (("Alt+L", deep.gates.layer), ("Alt+I", deep.gates.direction), ("Alt+B", deep.gates.batch)):
        hands.press(key)
        assert QApplication.focusWidget() is widget, key


def test_the_sequence_list_follows_the_batch_element(deep: MainWindow, hands: Any) -> None:
    view: Any = deep.views["sequence"]
    values = deep.session.state.setup.sequence.values
    for element in (0, 2):
        hands.set_number(deep.gates.batch, element)
        for t in range(6):
            shown = [float(number) for number in view.model.index(t, 3).data().strip("[]").split()]
            assert shown == pytest.approx(values[t, element].tolist(), rel=1e-3)
    assert "batch of 3" in view.caption.text()


def test_batch_first_shows_the_same_element_as_its_row(show_window: Open, make_setup: Make, hands: Any) -> None:
    window = show_window(make_setup("nn.LSTM(2, 3, batch_first=True)", steps=5, batch=4))
    hands.set_number(window.gates.batch, 3)
    values = window.session.state.setup.sequence.values
    view: Any = window.views["sequence"]
    assert view.model.rowCount() == 5
    shown = [float(number) for number in view.model.index(2, 3).data().strip("[]").split()]
    assert shown == pytest.approx(values[3, 2].tolist(), rel=1e-3)


def test_the_reverse_direction_says_where_its_last_state_is(deep: MainWindow, hands: Any) -> None:
    note = deep.views["inspector"].note  # type: ignore[attr-defined]
    assert "Reverse" not in note.text()
    hands.choose(deep.gates.direction, 1)
    assert note.isVisible()
    assert "Reverse runs from t = 5 down to 0, so its last state is the one at t = 0." in note.text()
    hands.set_number(deep.gates.layer, 1)
    assert "h_n[3] equals output at t = 0, columns 2 to 3." in note.text()
    trace = deep.session.state.run.trace  # type: ignore[union-attr]
    assert (trace.h_n[3] == trace.output[0, :, 2:4]).all()  # the note is true


def test_a_projection_leaves_h_of_the_other_units_blank(deep: MainWindow, hands: Any) -> None:
    inspector: Any = deep.views["inspector"]
    assert "h has 2 units" in inspector.note.text()
    for key in ("Home", "F10", "End"):
        hands.press(key)
        assert [inspector.model.index(unit, 5).data() == "" for unit in range(5)] == [False, False, True, True, True]
    curves: Any = deep.gates.plots["h"].item.curves
    assert curves.units == (0, 1)
    hands.click_cell(inspector.table, 4)
    assert deep.gates.plots["h"].value.text() == ""
    assert deep.gates.plots["c"].value.text().startswith("C[4] = ")


def test_choices_of_one_are_not_offered(window: MainWindow) -> None:
    for choice in (window.gates.layer, window.gates.direction, window.gates.batch):
        assert not choice.isVisible()
    assert "batch" not in window.views["inspector"].where.text()  # type: ignore[attr-defined]


def test_a_smaller_network_pulls_the_choice_back_into_what_it_has(deep: MainWindow, hands: Any) -> None:
    hands.set_number(deep.gates.layer, 1)
    hands.choose(deep.gates.direction, 1)
    hands.set_number(deep.gates.batch, 2)
    deep.session.start(example_setup("hello"))
    hands.wait_for_run(deep)
    focus = deep.session.state.focus
    assert (focus.layer, focus.direction, focus.batch, focus.unit) == (0, "forward", 0, 0)
    hands.press("End")
    assert deep.toolbar.place.text() == "t = 4 / 4"
