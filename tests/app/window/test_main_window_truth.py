"""Every number on the screen is the trace's, at the cursor and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QToolTip
from torch import nn

from gatescope_app.state.runs import Setup
from gatescope_app.widgets import plain_table
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]

COLUMNS = ("f", "i", "c_tilde", "c", "o", "h", "z_f", "z_i", "z_c", "z_o")
SYMBOLS = {"f": "f", "i": "i", "c_tilde": "C̃", "c": "C", "o": "o", "h": "h"}
HALF_OF_THE_LAST_DIGIT = 0.5e-4 + 1e-9


def of_trace(window: MainWindow, quantity: str) -> Any:
    """Return a quantity of the shown cell at the cursor, (units,)."""
    state = window.session.state
    assert state.run is not None
    cell = state.run.trace.cell(state.focus.layer, state.focus.direction)
    return cell.quantity(quantity)[state.cursor.t, state.focus.batch].double()


class _Recorder(QPainter):
    """Keeps what is written where."""

    written: list[tuple[int, int, str]]

    def drawText(self, left: int, top: int, width: int, height: int, flags: object, text: str) -> None:
        self.written.append((left, top, text))
        super().drawText(left, top, width, height, flags, text)


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> Callable[[MainWindow], dict[tuple[int, str], str]]:
    """Return a function that paints the inspector's table and returns its texts by unit and quantity."""

    def paint(window: MainWindow) -> dict[tuple[int, str], str]:
        written: list[tuple[int, int, str]] = []
        monkeypatch.setattr(_Recorder, "written", written, raising=False)
        monkeypatch.setattr(plain_table, "QPainter", _Recorder)
        table = window.views["inspector"].table  # type: ignore[attr-defined]
        table.viewport().grab()
        return {(table.rowAt(top), COLUMNS[table.columnAt(left)]): text for left, top, text in written}

    return paint


@pytest.mark.parametrize("line", ["nn.LSTM(4, 3)", "nn.LSTM(2, 6, bias=False)", "nn.LSTM(3, 5, dtype=torch.float64)"])
def test_every_number_painted_in_the_inspector_is_the_traces_at_the_cursor(
    show_window: Open, make_setup: Callable[..., Setup], hands: Any, painted: Any, line: str
) -> None:
    window = show_window(make_setup(line, steps=4))
    inspector: Any = window.views["inspector"]
    hands.click(inspector.pre_activations, QPoint(10, inspector.pre_activations.height() // 2))
    window.resize(2400, 900)
    window.resizeDocks([window.docks["inspector"]], [900], Qt.Orientation.Horizontal)  # room for all columns
    hands.qtbot.waitUntil(lambda: not inspector.table.horizontalScrollBar().isVisible())
    hidden = window.session.state.setup.spec.hidden_size
    for key in ("Home", "F10", "F10", "F10", "Shift+F10", "Home"):
        hands.press(key)
        texts = painted(window)
        assert set(texts) == {(unit, name) for unit in range(hidden) for name in COLUMNS}
        for (unit, name), text in texts.items():
            assert float(text) == pytest.approx(float(of_trace(window, name)[unit]), abs=HALF_OF_THE_LAST_DIGIT)


def test_the_tooltip_of_a_number_is_the_number_in_full(window: MainWindow, hands: Any) -> None:
    hands.press("F10", "F10")
    model = window.views["inspector"].model  # type: ignore[attr-defined]
    for column, name in enumerate(COLUMNS):
        for unit in range(4):
            full = model.index(unit, column).data(Qt.ItemDataRole.ToolTipRole)
            assert torch.tensor(float(full), dtype=torch.float32) == of_trace(window, name)[unit].float()


def test_the_inspectors_heading_names_the_step_and_its_token(window: MainWindow, hands: Any) -> None:
    seen = []
    for key in ("Home", "F10", "End"):
        hands.press(key)
        seen.append(window.views["inspector"].where.text())  # type: ignore[attr-defined]
    assert [text.split(" · ")[0] for text in seen] == ["t = 0 “h”", "t = 1 “e”", "t = 4 “o”"]


def test_each_plots_heading_shows_the_selected_unit_at_the_cursor(window: MainWindow, hands: Any) -> None:
    for unit in (0, 2):
        hands.click_cell(window.views["inspector"].table, unit)  # type: ignore[attr-defined]
        for key in ("Home", "F10", "End"):
            hands.press(key)
            for name, plot in window.gates.plots.items():
                name_shown, value = plot.value.text().split(" = ")
                assert name_shown == f"{SYMBOLS[name]}[{unit}]"
                assert float(value) == pytest.approx(float(of_trace(window, name)[unit]), abs=HALF_OF_THE_LAST_DIGIT)


@pytest.mark.parametrize("style", ["Ctrl+1", "Ctrl+2"])
def test_hovering_tells_step_unit_and_value_of_the_trace(window: MainWindow, hands: Any, style: str) -> None:
    hands.press(style, "End")
    trace = window.session.state.run.trace  # type: ignore[union-attr]
    for name, plot in window.gates.plots.items():
        values = trace.cell().quantity(name)[:, 0]
        for t in range(5):
            for unit in range(4):
                wanted = float(values[t, unit])
                place = QPointF(t + 0.3, plot.item.curves.row_of(unit) if style == "Ctrl+2" else wanted)
                where, shown = plot.describe(place).rsplit(": ", 1)
                assert where.startswith(f"t = {t} {'hello'[t]}, unit ")
                named = int(where.rsplit(" ", 1)[1])
                assert torch.tensor(float(shown), dtype=torch.float32) == values[t, named]
                if style == "Ctrl+2":
                    assert named == unit
                else:  # where lines meet, the one named is just as near
                    assert float(shown) == pytest.approx(wanted, abs=1e-6)


def test_the_mouse_over_a_line_brings_up_its_value(window: MainWindow, hands: Any, qtbot: Any) -> None:
    hands.press("End")
    plot = window.gates.plots["c"]
    top = int(of_trace(window, "c").argmax())  # the highest line, away from all others
    value = of_trace(window, "c")[top].float()
    hands.hover_plot(plot, 4, float(value))
    where, shown = QToolTip.text().split(": ")
    assert where == f"t = 4 o, unit {top}"
    assert torch.tensor(float(shown)) == value
    hands.hover_plot(plot, 4, 2 * float(value))
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


@pytest.mark.parametrize("style", ["Ctrl+1", "Ctrl+2"])
def test_hovering_over_the_future_tells_nothing(window: MainWindow, hands: Any, style: str) -> None:
    hands.press(style, "F10", "F10")
    trace = window.session.state.run.trace  # type: ignore[union-attr]
    for name, plot in window.gates.plots.items():
        for t in (3, 4):
            for unit in range(4):
                value = float(trace.cell().quantity(name)[t, 0, unit])
                place = QPointF(t, plot.item.curves.row_of(unit) if style == "Ctrl+2" else value)
                assert plot.describe(place) == ""
        assert plot.describe(QPointF(-1, 0.5)) == ""


GATES = ("f", "i", "c_tilde", "o")
PACKED = ("i", "f", "c_tilde", "o")  # torch.nn.LSTM: (W_ii|W_if|W_ig|W_io)
KINDS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


@pytest.mark.parametrize(("layer", "direction"), [(0, "forward"), (1, "reverse")])
def test_the_weights_page_shows_each_gates_block_of_the_packed_tensors(
    show_window: Open, make_setup: Callable[..., Setup], hands: Any, layer: int, direction: str
) -> None:
    window = show_window(make_setup("nn.LSTM(3, 2, num_layers=2, bidirectional=True)", seed=7))
    torch.manual_seed(7)
    reference = nn.LSTM(3, 2, num_layers=2, bidirectional=True).state_dict()
    suffix = f"_l{layer}" + ("_reverse" if direction == "reverse" else "")
    window.session.look_at(layer=layer, direction=direction)
    inspector: Any = window.views["inspector"]
    hands.click(inspector.tabs.tabBar(), inspector.tabs.tabBar().tabRect(1).center())
    page = inspector.weights
    for gate_index, gate in enumerate(GATES):
        hands.choose(page.gate, gate_index)
        for kind_index, kind in enumerate(KINDS):
            hands.choose(page.kind, kind_index)
            block = PACKED.index(gate)
            packed = reference[kind + suffix]
            wanted = packed[2 * block : 2 * block + 2].reshape(2, -1)
            model = page.model
            assert (model.rowCount(), model.columnCount()) == tuple(wanted.shape)
            for row in range(2):
                for column in range(wanted.shape[1]):
                    full = model.index(row, column).data(Qt.ItemDataRole.ToolTipRole)
                    shown = model.index(row, column).data()
                    assert torch.tensor(float(full)) == wanted[row, column]
                    assert float(shown) == pytest.approx(float(wanted[row, column]), abs=HALF_OF_THE_LAST_DIGIT)
            place = f"= {kind}{suffix}[{2 * block}:{2 * block + 2}] of {tuple(packed.shape)}"
            assert place in page.place.text()
