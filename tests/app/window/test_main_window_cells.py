"""Every kind of recurrent network in the window: its own quantities, plots, numbers and weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from torch import nn
from torch.nn.utils.rnn import pack_sequence

import gatescope as gs
from gatescope.cells.kinds import CELLS
from gatescope_app.look.colour_maps import heat_image, quantity_colours
from gatescope_app.look.theme import LIGHT
from gatescope_app.panels.gates.trace_plot import TracePlot
from gatescope_app.state.runs import Setup, recorded_setup
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]
Make = Callable[..., Setup]

LSTM, GRU, RNN = ("f", "i", "c_tilde", "c", "o", "h"), ("r", "z", "n", "h"), ("a", "h")
EVERY_KIND = {
    "nn.LSTM(3, 4)": LSTM, "nn.GRU(3, 4, bidirectional=True)": GRU, "nn.RNN(3, 4)": RNN,
    "nn.RNN(3, 4, nonlinearity='relu')": RNN, "nn.LSTMCell(3, 4)": LSTM, "nn.GRUCell(3, 4)": GRU,
    "nn.RNNCell(3, 4)": RNN,
}  # fmt: skip


def start(window: MainWindow, hands: Any, setup: Setup) -> None:
    window.session.start(setup)
    hands.wait_for_run(window)


def shown_plots(window: MainWindow) -> list[TracePlot]:
    return [plot for plot in window.gates.findChildren(TracePlot) if plot.isVisible()]


def headers(window: MainWindow) -> list[str]:
    """Return the titles of the inspector's visible columns."""
    inspector: Any = window.views["inspector"]
    model, across = inspector.model, Qt.Orientation.Horizontal
    visible = [c for c in range(model.columnCount()) if not inspector.table.isColumnHidden(c)]
    return [model.headerData(column, across) for column in visible]


@pytest.mark.parametrize(("line", "names"), EVERY_KIND.items())
def test_each_kind_has_its_plots_with_the_traces_values(
    show_window: Open, make_setup: Make, hands: Any, line: str, names: tuple[str, ...]
) -> None:
    window = show_window(make_setup(line))
    assert tuple(window.gates.plots) == names
    assert shown_plots(window) == list(window.gates.plots.values())
    hands.press("Ctrl+End")  # of the forward direction: End goes on to where the backward one ends
    cell = window.session.state.run.trace.cell()  # type: ignore[union-attr]
    for name, plot in window.gates.plots.items():
        values = cell.quantity(name)[:, 0].numpy()
        assert np.array_equal(plot.item.curves.values, values)  # type: ignore[union-attr]
        assert float(plot.value.text().split(" = ")[1]) == pytest.approx(float(values[-1, 0]), abs=1e-4)
    assert window.toolbar.badge.text().startswith(f"✓  matches {line.split('(', maxsplit=1)[0]} (")


@pytest.mark.parametrize(
    ("line", "places"),
    [
        ("nn.LSTM(3, 4)", [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]),
        ("nn.GRU(3, 4)", [(0, 0), (0, 1), (1, 0), (1, 1)]),
        ("nn.RNN(3, 4)", [(0, 0), (1, 0)]),
    ],
)
def test_plots_stand_in_two_rows_and_fill_them(
    show_window: Open, make_setup: Make, line: str, places: list[tuple[int, int]]
) -> None:
    window = show_window(make_setup(line))
    plots = list(window.gates.plots.values())
    lefts, tops = ({getattr(plot.pos(), axis)() for plot in plots} for axis in ("x", "y"))
    columns, rows = sorted(lefts), sorted(tops)
    assert [(rows.index(plot.y()), columns.index(plot.x())) for plot in plots] == places
    assert plots[-1].geometry().right() > window.gates.width() - 10


def test_a_change_of_kind_replaces_plots_columns_and_weights_and_leaves_nothing_behind(
    show_window: Open, make_setup: Make, hands: Any
) -> None:
    window = show_window(make_setup("nn.LSTM(3, 4)"))
    made = window.gates.findChildren(TracePlot)
    for line in ("nn.GRU(3, 5)", "nn.RNN(3, 4)", "nn.LSTM(3, 2)", "nn.GRU(3, 4)"):
        start(window, hands, make_setup(line))
        names = EVERY_KIND[f"nn.{line[3:7].strip('(')}(3, 4)"] if "GRU" not in line else GRU
        symbols = [quantity.symbol for quantity in window.session.state.setup.spec.cell.quantities]
        assert tuple(window.gates.plots) == names
        assert shown_plots(window) == list(window.gates.plots.values())
        assert headers(window) == symbols
        assert [plot.heading.text().split(">")[1].split("<")[0] for plot in shown_plots(window)] == symbols
        hands.press("End", "F10", "Home", "F10", "Ctrl+2", "Ctrl+1")
        assert all(plot.item.known == range(2) for plot in shown_plots(window))
    assert window.gates.findChildren(TracePlot) == made  # given to other quantities, not made again
    for plot in set(made) - set(shown_plots(window)):
        assert plot.item.curves is None  # a hidden one holds on to no run


def test_the_views_paint_every_kind_before_the_first_run(show_window: Open, make_setup: Make) -> None:
    for line, names in EVERY_KIND.items():
        window = show_window(make_setup(line), wait=False)
        window.grab()
        assert tuple(window.gates.plots) == names
        assert window.toolbar.badge.text() == "not checked yet"


def test_keys_zoom_and_units_work_with_the_plots_of_another_kind(
    show_window: Open, make_setup: Make, hands: Any
) -> None:
    window = show_window(make_setup("nn.LSTM(3, 4)"))
    start(window, hands, make_setup("nn.RNN(3, 4)", steps=30))
    plots = window.gates.plots
    whole = plots["h"].box.viewRange()[0]
    plots["h"].box.setXRange(0, 5, padding=0)
    assert plots["a"].box.viewRange()[0] == pytest.approx([0, 5])
    hands.press("End")
    left, right = plots["a"].box.viewRange()[0]
    assert left <= 29 <= right
    hands.press("Ctrl+0")
    assert plots["h"].box.viewRange()[0] == pytest.approx(whole)
    hands.click_plot(plots["a"], 7, plots["a"].item.curves.values[7, 2])  # type: ignore[union-attr]
    assert window.session.state.cursor.t == 7
    assert window.session.state.focus.unit == 2


def test_an_h_that_starts_beyond_its_usual_range_is_on_the_plot(show_window: Open, make_setup: Make) -> None:
    from dataclasses import replace

    setup = replace(make_setup("nn.GRU(3, 4)"), states={"h0": np.full((1, 4), 8.0)})
    curves: Any = show_window(setup).gates.plots["h"].item.curves
    assert curves.values.max() > 1
    assert curves.low <= curves.values.min()
    assert curves.high >= curves.values.max()


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("nn.LSTM(3, 4)", ["f", "i", "C̃", "C", "o", "h", "z f", "z i", "z C̃", "z o"]),
        ("nn.GRU(3, 4)", ["r", "z", "n", "h", "z r", "z z", "z n"]),
    ],
)
def test_pre_activations_are_those_of_the_cell(
    show_window: Open, make_setup: Make, hands: Any, line: str, wanted: list[str]
) -> None:
    window = show_window(make_setup(line))
    inspector: Any = window.views["inspector"]
    hands.click(inspector.pre_activations, QPoint(10, inspector.pre_activations.height() // 2))
    assert headers(window) == wanted
    cell = window.session.state.run.trace.cell()  # type: ignore[union-attr]
    for column, name in enumerate((*cell.cell.names, *cell.cell.preactivation_names)):
        shown = float(inspector.model.index(1, column).data(Qt.ItemDataRole.ToolTipRole))
        assert torch.tensor(shown, dtype=torch.float32) == cell.quantity(name)[0, 0, 1], name


def test_an_rnn_has_no_pre_activations_beyond_a(show_window: Open, make_setup: Make, hands: Any) -> None:
    window = show_window(make_setup("nn.RNN(3, 4)"))
    inspector: Any = window.views["inspector"]
    assert not inspector.pre_activations.isVisible()
    assert headers(window) == ["a", "h"]
    start(window, hands, make_setup("nn.GRU(3, 4)"))
    assert inspector.pre_activations.isVisible()


PACKED = {"LSTM": ("i", "f", "c_tilde", "o"), "GRU": ("r", "z", "n"), "RNN": ("a",)}


@pytest.mark.parametrize("kind", ["GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell"])
def test_the_weights_page_shows_the_blocks_of_every_kind(
    show_window: Open, make_setup: Make, hands: Any, kind: str
) -> None:
    window = show_window(make_setup(f"nn.{kind}(3, 2)", seed=5))
    torch.manual_seed(5)
    state = getattr(nn, kind)(3, 2).state_dict()
    inspector: Any = window.views["inspector"]
    hands.click(inspector.tabs.tabBar(), inspector.tabs.tabBar().tabRect(1).center())
    page, packed = inspector.weights, PACKED[kind.removesuffix("Cell")]
    in_teaching_order = [name for name in window.gates.plots if name in packed]
    assert page.gate.count() == len(packed)
    assert page.gate.isVisible() is (len(packed) > 1)
    suffix = "" if kind.endswith("Cell") else "_l0"
    for index, gate in enumerate(in_teaching_order):
        if len(packed) > 1:
            hands.choose(page.gate, index)
        for kind_index, name in enumerate(("weight_ih", "weight_hh", "bias_ih", "bias_hh")):
            hands.choose(page.kind, kind_index)
            block = state[name + suffix][2 * packed.index(gate) :][:2].reshape(2, -1)
            full = [
                [float(page.model.index(row, column).data(Qt.ItemDataRole.ToolTipRole)) for column in range(len(rows))]
                for row, rows in enumerate(block)
            ]
            assert torch.equal(torch.tensor(full), block)
            assert f"{name}{suffix}" in page.place.text()
    assert ("torch calls it" in page.place.text()) is (len(packed) > 1)


def test_the_weights_page_follows_a_change_of_kind_while_it_is_open(
    show_window: Open, make_setup: Make, hands: Any
) -> None:
    window = show_window(make_setup("nn.LSTM(3, 2)"))
    inspector: Any = window.views["inspector"]
    hands.click(inspector.tabs.tabBar(), inspector.tabs.tabBar().tabRect(1).center())
    hands.choose(inspector.weights.gate, 3)
    start(window, hands, make_setup("nn.GRU(3, 2)"))
    assert inspector.weights.gate.currentText().startswith("r ")
    assert "weight_ih_l0[0:2] of (6, 3)" in inspector.weights.place.text()


def test_a_cell_module_has_no_layer_to_speak_of(show_window: Open, make_setup: Make) -> None:
    window = show_window(make_setup("nn.GRUCell(3, 2)"))
    assert window.views["inspector"].where.text() == "t = 0"  # type: ignore[attr-defined]


# ---- batch elements of several lengths ----


@pytest.fixture
def packed() -> Setup:
    """Return a recorded run of two elements with 6 and 3 steps."""
    module = nn.GRU(2, 3, bidirectional=True).eval()
    x = pack_sequence([torch.randn(6, 2), torch.randn(3, 2)])
    return recorded_setup(gs.trace(module, x), "x.gates")


@pytest.mark.parametrize("style", ["Ctrl+1", "Ctrl+2"])
def test_a_shorter_element_ends_in_a_gap_and_a_dash(show_window: Open, hands: Any, packed: Setup, style: str) -> None:
    from PySide6.QtCore import QPointF

    window = show_window(packed)
    window.session.look_at(batch=1)
    hands.press(style, "Ctrl+End")
    window.grab()
    inspector: Any = window.views["inspector"]
    sequence: Any = window.views["sequence"]
    assert {inspector.model.index(unit, 0).data() for unit in range(3)} == {"–"}
    assert inspector.table.texts(0, range(3)) == ["–"] * 3
    assert inspector.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) == "–"
    assert "it has only 3 steps" in inspector.where.text()
    assert [sequence.model.index(t, 3).data() for t in range(3, 6)] == ["–"] * 3
    for name, plot in window.gates.plots.items():
        assert plot.value.text() == f"{name}[0] = –"
        y = plot.item.curves.row_of(1) if style == "Ctrl+2" else 0.0  # type: ignore[union-attr]
        assert plot.describe(QPointF(4, y)) == ""
    hands.press("Home", "F10", "F10")
    assert inspector.model.index(0, 0).data() != "–"
    window.session.look_at(batch=0)
    hands.press("End")
    assert inspector.model.index(0, 0).data() not in ("–", "nan")


def test_a_heat_map_is_blank_behind_the_end_of_a_shorter_element(show_window: Open, hands: Any, packed: Setup) -> None:
    window = show_window(packed)
    window.session.look_at(batch=1)
    hands.press("Ctrl+2", "End")
    for plot in window.gates.plots.values():
        image = plot.plot.grab().toImage()
        place = hands.place_in(plot, 4.3, 1.5)
        assert image.pixelColor(place).name() == LIGHT.base


def test_the_reverse_direction_of_a_shorter_element_starts_at_its_own_end(show_window: Open, packed: Setup) -> None:
    window = show_window(packed)
    window.session.look_at(batch=1, direction="reverse")
    assert "Reverse runs from t = 2 down to 0" in window.views["inspector"].note.text()  # type: ignore[attr-defined]


# ---- small floats ----


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.parametrize(
    "line", ["nn.LSTM(3, 40, dtype=torch.{})", "nn.RNN(3, 4, nonlinearity='relu', dtype=torch.{})"]
)
def test_small_floats_are_drawn_and_told_like_others(
    show_window: Open, make_setup: Make, hands: Any, line: str, dtype: str
) -> None:
    window = show_window(make_setup(line.format(dtype), steps=20))
    for key in ("Ctrl+1", "End", "Ctrl+2", "Home", "Ctrl+3", "End"):
        hands.press(key)
        window.grab()
    inspector: Any = window.views["inspector"]
    hands.click(inspector.tabs.tabBar(), inspector.tabs.tabBar().tabRect(1).center())
    window.grab()
    cell = window.session.state.run.trace.cell()  # type: ignore[union-attr]
    for column, name in enumerate(cell.cell.names):
        full = inspector.model.index(2, column).data(Qt.ItemDataRole.ToolTipRole)
        assert torch.tensor(float(full), dtype=getattr(torch, dtype)) == cell.quantity(name)[-1, 0, 2]
    assert float(inspector.weights.model.index(0, 0).data()) == pytest.approx(
        float(cell.weights.parameters.w_ih[cell.weights.rows(cell.cell.gates[0])][0, 0]), abs=1e-4
    )


def test_the_largest_float16_has_a_colour() -> None:
    values = np.array([[-60000, 0, 60000]], dtype=np.float16)
    image = heat_image(values, -60000.0, 60000.0, quantity_colours(LIGHT, "c", signed=True))
    colours = [image.pixelColor(x, 0).name() for x in range(3)]
    assert colours == [LIGHT.negative, LIGHT.base, LIGHT.quantities["c"]]


# ---- colours ----


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell.name} {cell.nonlinearity or ''}")
def test_every_quantity_of_a_cell_has_a_colour_of_its_own(cell: Any) -> None:
    from gatescope_app.look import theme as themes

    for theme in (themes.LIGHT, themes.DARK):
        colours = {theme.quantities[name] for name in cell.names}
        assert len(colours) == len(cell.names)
