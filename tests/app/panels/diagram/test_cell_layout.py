"""The drawings of the cells, as circuits: followed wire by wire, they compute what torch computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from gatescope.cells.gru import GRU
from gatescope.modules.constructor import parse_constructor
from gatescope.traces.order import Cursor
from gatescope_app.look.theme import LIGHT
from gatescope_app.panels.diagram.cell_drawings.drawing_table import layout_of
from gatescope_app.panels.diagram.cell_drawings.plain import plain
from gatescope_app.panels.diagram.cell_layout import Box, CellLayout, OperationNode, Wire, WireStrip, grown
from gatescope_app.panels.diagram.cell_painting import Emphasis, Highlight
from gatescope_app.panels.diagram.cell_scene import CellScene
from gatescope_app.state.runs import Run, Setup, run
from gatescope_app.state.session_state import State

Numbers = NDArray[np.float64]
Signals = dict[str, Numbers]
LINES = (
    "nn.LSTM(3, 4)", "nn.LSTM(3, 5, proj_size=2)", "nn.GRU(3, 4)", "nn.GRU(3, 4, bias=False)", "nn.RNN(3, 4)",
    "nn.RNN(3, 4, nonlinearity='relu')",
)  # fmt: skip


@pytest.fixture(scope="module", params=LINES)
def computed(request: pytest.FixtureRequest, make_setup: Callable[..., Setup]) -> Run:
    """Return a run of each drawing's network."""
    return run(make_setup(request.param, steps=3))


def ends_at(layout: CellLayout, part: Box | OperationNode) -> list[Wire]:
    """Return the wires whose arrows touch a part."""
    return [w for w in layout.wires if w.arrow and grown(part.area, 1).contains(QPointF(*w.points[-1]))]


def starts_at(layout: CellLayout, part: Box | OperationNode) -> set[str]:
    """Return what leaves a part."""
    leaving = (w for w in layout.wires if not w.dot and grown(part.area, 1).contains(QPointF(*w.points[0])))
    return {wire.carries for wire in leaving}


class Circuit:
    """Computes what each part of a drawing makes of what its wires bring, with the numbers on the strips."""

    def __init__(self, done: Run, layout: CellLayout, signals: Signals) -> None:
        self.layout, self.signals = layout, dict(signals)
        self.weights = {name: value.double().numpy() for name, value in done.trace.weights.items()}
        self.spec, self.cell = done.setup.spec, done.trace.cell()

    def rows(self, name: str, gate: str) -> Numbers:
        """Return a gate's part of a packed parameter; a bias that there is not is 0."""
        found = self.weights.get(f"{name}_l0")
        return np.zeros(self.spec.hidden_size) if found is None else found[self.spec.gate_rows(gate)]

    def gate(self, box: Box, brought: list[str]) -> Numbers:
        """Apply a gate to what goes into its box."""
        gate, z = box.makes, self.rows("bias_ih", box.makes)
        z = z + self.rows("weight_ih", gate) @ self.signals["x"] * ("x" in brought or self.joined)
        if "r W_hn h" in brought:
            return np.tanh(z + self.signals["r W_hn h"])
        assert "h_before" in brought, f"{gate} does not read h"
        z = z + self.rows("weight_hh", gate) @ self.signals["h_before"] + self.rows("bias_hh", gate)
        functions = {"σ": lambda v: 1 / (1 + np.exp(-v)), "tanh": np.tanh}
        result: Numbers = functions.get(box.text, lambda v: v)(z)
        return result

    @property
    def joined(self) -> bool:
        """Whether x goes over into the line of h, as in the drawing of the LSTM."""
        lines = [wire for wire in self.layout.wires if wire.carries == "x" and not wire.arrow]
        bus = next(wire for wire in self.layout.wires if wire.carries == "h_before")
        return any(bus.path().intersects(QRectF(*line.points[-1], 1, 1)) for line in lines)

    def made_by(self, part: Box | OperationNode) -> Numbers:
        """Return what a part makes."""
        brought = [wire.carries for wire in ends_at(self.layout, part)]
        if isinstance(part, Box) and part.is_gate:
            return self.gate(part, brought)
        values = [self.signals[name] for name in brought]
        if part.text in "×+":
            assert len(values) == 2, f"{part.text} has {brought}"
            return values[0] * values[1] if part.text == "×" else values[0] + values[1]
        (value,) = values
        if part.text.startswith("W_hn"):
            return self.rows("weight_hh", "n") @ value + self.rows("bias_hh", "n") * ("b_hn" in part.text)
        functions = {"tanh": np.tanh, "relu": lambda v: np.maximum(v, 0), "1−": lambda v: 1 - v}
        result: Numbers = functions[part.text](value)
        return result


def check(done: Run, layout: CellLayout, signals: Signals) -> None:
    """Follow all wires, and compare what comes out with the numbers on the strips."""
    circuit = Circuit(done, layout, signals)
    waiting = [part for part in (*layout.boxes, *layout.nodes) if part.text != "W_hr"]
    while waiting:
        part = next(
            part for part in waiting if all(w.carries in circuit.signals for w in ends_at(layout, part))
        )  # a part of a loop, or one that is fed by nothing, would end in StopIteration
        waiting.remove(part)
        made = circuit.made_by(part)
        (name,) = starts_at(layout, part)
        if name == "h" and done.setup.spec.proj_size:
            assert any(box.text == "W_hr" for box in layout.boxes)
            made = circuit.weights["weight_hr_l0"] @ made
        if name in circuit.signals:
            assert np.allclose(circuit.signals[name], made, atol=1e-5), f"{part.text} makes {name}"
        circuit.signals[name] = made


def shown_by(done: Run) -> tuple[CellLayout, Signals]:
    """Return a drawing, and the numbers on its strips."""
    scene = CellScene(LIGHT)
    scene.apply(None, State(done.setup, done, Cursor(1), quantity="h"))
    contents = {name: content.values for name, content in scene.strips.contents.items()}
    return layout_of(done.setup.spec), {name: np.float64(v) for name, v in contents.items() if v is not None}


def test_the_drawing_computes_what_torch_computes(computed: Run, qapp: Any) -> None:
    check(computed, *shown_by(computed))


def test_wires_that_are_exchanged_are_found(computed: Run, qapp: Any) -> None:
    """The fault that the test above must find: what two gates make is exchanged."""
    layout, signals = shown_by(computed)
    cell = computed.setup.spec.cell
    for one, other in combinations(cell.gates, 2):
        names = {one: other, other: one}
        wires = tuple(replace(wire, carries=names.get(wire.carries, wire.carries)) for wire in layout.wires)
        with pytest.raises((AssertionError, StopIteration)):
            check(computed, replace(layout, wires=wires), signals)


def test_a_gate_in_the_place_of_another_is_found(computed: Run, qapp: Any) -> None:
    layout, signals = shown_by(computed)
    for one, other in combinations(computed.setup.spec.cell.gates, 2):
        names = {one: other, other: one}
        boxes = tuple(replace(box, makes=names.get(box.makes, box.makes)) for box in layout.boxes)
        with pytest.raises(AssertionError):
            check(computed, replace(layout, boxes=boxes), signals)


@pytest.fixture(params=[*LINES, "a cell without a drawing"])
def layout(request: pytest.FixtureRequest) -> CellLayout:
    """Return each drawing."""
    if request.param in LINES:
        return layout_of(parse_constructor(request.param))
    return plain((("f", "f"), ("i", "i"), ("c_tilde", "C̃"), ("o", "o")), ("h", "c"))


def on_own_wire(layout: CellLayout, name: str) -> bool:
    """Whether a strip lies on a wire that carries what it shows."""
    strip = layout.strip(name).rect
    return any(wire.path().intersects(grown(strip, -5)) for wire in layout.wires if wire.carries == name)


def test_every_strip_lies_on_its_wire(computed: Run) -> None:
    layout = layout_of(computed.setup.spec)
    assert all(on_own_wire(layout, strip.name) for strip in layout.strips)
    first, second, *others = layout.strips
    exchanged = (replace(first, x=second.x, y=second.y), replace(second, x=first.x, y=first.y), *others)
    assert not on_own_wire(replace(layout, strips=exchanged), first.name)


def test_branches_begin_on_the_wire_that_they_branch_from(layout: CellLayout) -> None:
    for branch in (wire for wire in layout.wires if wire.dot):
        place = QRectF(branch.points[0][0] - 1, branch.points[0][1] - 1, 2, 2)
        others = [wire for wire in layout.wires if wire is not branch and wire.carries == branch.carries]
        assert any(wire.path().intersects(place) for wire in others), branch


def test_wires_cross_only_where_one_has_a_gap(layout: CellLayout) -> None:
    for one, other in combinations(layout.wires, 2):
        if one.carries == other.carries or ({one.carries, other.carries} == {"x", "h_before"} and not other.over):
            continue  # branches, and where x joins h
        for place in crossings(one, other):
            assert any(wire.over == place for wire in (one, other)), f"{one} and {other} at {place}"


def crossings(one: Wire, other: Wire) -> list[tuple[float, float]]:
    """Return where the straight parts of two wires cross."""
    found = []
    for (ax, ay), (bx, by) in zip(one.points, one.points[1:], strict=False):
        for (cx, cy), (dx, dy) in zip(other.points, other.points[1:], strict=False):
            if ax == bx and cy == dy and min(cx, dx) < ax < max(cx, dx) and min(ay, by) < cy < max(ay, by):
                found.append((ax, cy))
            if ay == by and cx == dx and min(ax, bx) < cx < max(ax, bx) and min(cy, dy) < ay < max(cy, dy):
                found.append((cx, ay))
    return found


def test_nothing_lies_over_anything_else(layout: CellLayout) -> None:
    """Boxes, nodes, strips and their texts have room of their own, inside the drawing."""
    areas = [grown(part.area, 1) for part in (*layout.boxes, *layout.nodes)]
    areas += [strip.rect for strip in layout.strips] + [strip.text_rect for strip in layout.strips]
    assert all(layout.area.contains(area) for area in areas)
    for one, other in combinations(areas, 2):
        assert one.intersected(other).isEmpty(), (one, other)


def test_the_phases_of_the_gru_follow_torchs_form(qapp: Any) -> None:
    """What r multiplies is only known once r is: the wires from there go into n."""
    layout = layout_of(parse_constructor("nn.GRU(3, 4)"))
    highlight = Highlight(layout, LIGHT)
    highlight.show_emphasis(Emphasis("preactivations"))
    assert highlight.computed() == [box.area for box in layout.boxes if box.makes in ("r", "z")]
    assert {wire.into for wire in layout.wires if wire.carries in ("r", "W_hn h", "r W_hn h")} == {("n",)}
    assert GRU.made_of["n"] == ("r",)


def test_every_wire_that_makes_something_is_read_in_its_phase(computed: Run) -> None:
    """What the cell says its quantities are made of is what the drawing lets glow."""
    layout, cell = layout_of(computed.setup.spec), computed.setup.spec.cell
    for name, sources in cell.made_of.items():
        fed = {wire.carries for wire in layout.wires if name in wire.into}
        assert set(sources) <= fed, f"{name} is made of {sources}, and glow {fed}"


def test_a_cell_without_a_drawing_shows_all_its_quantities(
    make_setup: Callable[..., Setup], qapp: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of its quantities is drawn as that of another cell, and each can be pointed at."""
    done = run(make_setup("nn.LSTM(3, 4)", steps=3))
    monkeypatch.setattr(type(done.setup.spec.cell), "name", "PeepholeLSTMCell")
    scene = CellScene(LIGHT)
    scene.apply(None, State(done.setup, done, Cursor(1), quantity="h"))
    assert scene.layout is not None
    names = {strip.name for strip in scene.layout.strips}
    assert names == {"x", "h_before", "c_before", *done.setup.spec.cell.names}
    assert all(scene.strips.contents[name].values is not None for name in names)
    for part in (*scene.layout.strips, *scene.layout.boxes):
        place = part.rect if isinstance(part, WireStrip) else part.area
        assert scene.target_at(place.center()) is part
        assert scene.describe_at(place.center())
