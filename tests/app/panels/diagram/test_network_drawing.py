"""The network unrolled over time: what is drawn, what is connected with what, and what may be seen by now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from gatescope.formats.sequences import Sequence
from gatescope.traces.order import Cursor, Order
from gatescope_app.look.colour_maps import heat_image, quantity_colours
from gatescope_app.look.theme import DARK, LIGHT
from gatescope_app.panels.diagram.network_geometry import slot_links
from gatescope_app.panels.diagram.network_items import StripNode
from gatescope_app.panels.diagram.network_labels import TextLabel
from gatescope_app.panels.diagram.network_scene import NetworkScene
from gatescope_app.state.runs import Setup, run
from gatescope_app.state.session_state import State

Show = Callable[..., tuple[NetworkScene, State]]


@pytest.fixture
def show(qapp: QApplication) -> Iterator[Show]:
    """Return a function that shows a run at a cursor."""
    scenes: list[NetworkScene] = []

    def show(setup: Setup, cursor: Cursor, **looked_at: Any) -> tuple[NetworkScene, State]:
        scene, state = NetworkScene(LIGHT), State(setup, run(setup), cursor, **looked_at)
        scenes.append(scene)
        scene.apply(None, state)
        return scene, state

    yield show
    for scene in scenes:
        scene.deleteLater()


def cell_at(scene: NetworkScene, cursor: Cursor) -> StripNode | None:
    """Return the box of a cell at a step, where it is shown."""
    columns = scene.drawing.plan.columns
    cells = {(row.layer, row.direction): row.cells for row in scene.drawing.rows}
    nodes = cells.get((cursor.layer, cursor.direction), [])
    return nodes[columns.index(cursor.t)] if nodes and cursor.t in columns else None


def texts(scene: NetworkScene) -> set[str]:
    return {item.text for item in scene.items() if isinstance(item, TextLabel) and item.isVisible()}


def seen(scene: NetworkScene) -> list[tuple[int, str, int]]:
    """Return the cells whose strips are to be seen."""
    rows, columns = scene.drawing.rows, scene.drawing.plan.columns
    return [
        (row.layer, row.direction, t)
        for row in rows
        for t, node in zip(columns, row.cells, strict=True)
        if t is not None and node.visible_strip is not None
    ]


def boxes(scene: NetworkScene) -> dict[str, QRectF]:
    """Return the boxes by short names: x1, l0>1 of the forward direction, l0<1, out1; states as torch calls them."""
    drawing = scene.drawing
    spec = drawing.plan.spec
    result = {f"x{t}": node.rect for t, node in zip(drawing.plan.columns, drawing.inputs, strict=True)}
    for row in drawing.rows:
        way, number = ">" if row.direction == "forward" else "<", spec.cells().index((row.layer, row.direction))
        for t, node in zip(drawing.plan.columns, row.cells, strict=True):
            result[f"l{row.layer}{way}{t}"] = node.rect
        for t, node in zip(drawing.plan.columns, row.outputs, strict=False):
            result[f"out{way}{t}"] = node.rect
        for name in spec.cell.states:
            result[f"{name}0[{number}]"] = row.initial[name].rect
            result[f"{name}_n[{number}]"] = row.last[name].rect
    return result


def connections(scene: NetworkScene) -> set[str]:
    """Return what is connected: `l0>0 -h- l0>1`, through the bar that joins two directions as `l0`."""
    drawing, places = scene.drawing, boxes(scene)
    drawn = [
        wire for index, slot in enumerate(drawing.plan.slots) for wire in slot_links(drawing.geometry, index, slot)
    ]
    for wire in drawn:
        if wire.carries == "join":
            bar = QRectF(wire.line.p1(), wire.line.p2()).adjusted(-1, -1, 1, 1)
            t = next(
                t for t in drawing.plan.columns if places[f"x{t}"].left() <= bar.center().x() <= places[f"x{t}"].right()
            )
            layer = max(row.layer for row in drawing.rows if row.cells[0].rect.top() > bar.bottom())
            places[f"both of l{layer} {t}"] = bar

    def at(point: QPointF) -> str:
        return next(name for name, place in places.items() if place.adjusted(-2, -2, 2, 2).contains(point))

    return {f"{at(wire.line.p1())} -{wire.carries}- {at(wire.line.p2())}" for wire in drawn if wire.carries != "join"}


def test_one_layer(show: Show, make_setup: Callable[..., Setup]) -> None:
    scene, _ = show(make_setup("nn.LSTM(3, 5)", steps=2), Cursor(1))
    assert connections(scene) == {
        "h0[0] -h- l0>0", "c0[0] -c- l0>0", "l0>0 -h- l0>1", "l0>0 -c- l0>1", "l0>1 -h- h_n[0]", "l0>1 -c- c_n[0]",
        "x0 -x- l0>0", "x1 -x- l0>1", "l0>0 -h- out>0", "l0>1 -h- out>1",
    }  # fmt: skip
    assert {"layer 0", "output", "input x", "t", "0", "1", "h0[0]", "c0[0]", "h_n[0]", "c_n[0]", "C", "h"} == texts(
        scene
    )
    assert scene.drawing.captions.texts == ["output[-1] = h_n[-1]: the last step is t = 1"]


def test_two_layers_in_both_directions(show: Show, make_setup: Callable[..., Setup]) -> None:
    scene, _ = show(make_setup("nn.GRU(3, 5, 2, bidirectional=True)", steps=3), Cursor(0, 1, "reverse"))
    expected = {f"x{t} -x- l0{way}{t}" for t in range(3) for way in "<>"}
    expected |= {f"l0{way}{t} -h- both of l0 {t}" for t in range(3) for way in "<>"}
    expected |= {f"both of l0 {t} -h- l1{way}{t}" for t in range(3) for way in "<>"}
    expected |= {f"l1{way}{t} -h- out{way}{t}" for t in range(3) for way in "<>"}
    for layer in (0, 1):
        forward, reverse = 2 * layer, 2 * layer + 1
        expected |= {f"l{layer}>{t} -h- l{layer}>{t + 1}" for t in (0, 1)}
        expected |= {f"l{layer}<{t + 1} -h- l{layer}<{t}" for t in (0, 1)}
        expected |= {f"h0[{forward}] -h- l{layer}>0", f"l{layer}>2 -h- h_n[{forward}]"}
        expected |= {f"h0[{reverse}] -h- l{layer}<2", f"l{layer}<0 -h- h_n[{reverse}]"}
    assert connections(scene) == expected
    places = boxes(scene)
    assert places["h_n[3]"].right() < places["l1<0"].left(), "the reverse direction ends on the left"
    assert places["h_n[2]"].left() > places["l1>2"].right()
    assert {"← reverse", "forward →"} <= texts(scene)


@pytest.mark.parametrize("line", ["nn.LSTMCell(3, 4)", "nn.GRUCell(3, 4)"])
def test_a_cell_module_is_one_row_without_an_output(show: Show, make_setup: Callable[..., Setup], line: str) -> None:
    setup = make_setup(line, steps=3)
    scene, _ = show(setup, Cursor(2))
    (row,) = scene.drawing.rows
    assert row.outputs == []
    assert scene.drawing.captions.texts == []
    assert {setup.spec.kind, "h0", "h"} <= texts(scene)


def test_a_single_step(show: Show, make_setup: Callable[..., Setup]) -> None:
    scene, _ = show(make_setup("nn.LSTM(3, 4, bidirectional=True)", steps=1), Cursor(0, 0, "reverse"))
    assert {"h0[0] -h- l0>0", "l0>0 -h- h_n[0]", "h0[1] -h- l0<0", "l0<0 -h- h_n[1]"} <= connections(scene)


def test_steps_that_a_shorter_element_does_not_have(show: Show, make_setup: Callable[..., Setup]) -> None:
    setup = replace(make_setup("nn.LSTM(3, 4, bidirectional=True)", steps=5, batch=2), lengths=(5, 3))
    scene, state = show(setup, Cursor(0, 0, "reverse"), batch=1)
    forward, reverse = scene.drawing.rows
    for nodes in (forward.cells, reverse.cells, forward.outputs, reverse.outputs, scene.drawing.inputs):
        assert [node.status for node in nodes] == ["computed"] * 3 + ["absent"] * 2
    assert scene.drawing.captions.texts == [
        "output[0, :, 4:] = h_n[-1]: the reverse direction ends at t = 0",
        "output[2, 1, :4] = h_n[-2, 1]: the last step of batch element 1 is t = 2",
    ]
    scene.apply(state, replace(state, cursor=Cursor(2, 0, "forward")))
    assert forward.last["h"].visible_strip is not None, "the forward direction has ended at its own last step"
    assert reverse.last["h"].visible_strip is None


def test_long_runs_need_no_more_items(show: Show, make_setup: Callable[..., Setup]) -> None:
    scene, state = show(make_setup("nn.LSTM(2, 3, 2)", steps=30), Cursor(15))
    few = len(scene.items())
    scene, state = show(make_setup("nn.LSTM(2, 3, 2)", steps=5_000), Cursor(2_000))
    assert len(scene.items()) <= few + 4
    for t in (2_001, 2_002, 2_007, 3, 4_999, 0):
        state, old = replace(state, cursor=Cursor(t, 1)), state
        scene.apply(old, state)
        assert cell_at(scene, state.cursor) is not None
        assert {0, 4_999, t} <= set(scene.drawing.plan.columns)
    assert len(scene.items()) <= few + 4
    assert "…" in texts(scene)


def test_many_layers_fold(show: Show, make_setup: Callable[..., Setup]) -> None:
    scene, state = show(make_setup("nn.LSTM(2, 3, 16, bidirectional=True)", steps=3), Cursor(1, 8))
    assert [row.layer for row in scene.drawing.rows[::2]] == [0, 7, 8, 9, 15]
    assert {"⋮   layers 1 to 6   ⋮", "⋮   layers 10 to 14   ⋮"} <= texts(scene)
    scene.apply(state, replace(state, cursor=Cursor(1, 15, "reverse")))
    assert cell_at(scene, Cursor(1, 15, "reverse")) is not None


def test_states_have_no_mark_of_the_selected_unit_after_other_layers_were_shown(
    show: Show, make_setup: Callable[..., Setup]
) -> None:
    scene, state = show(make_setup("nn.LSTM(2, 3, 16)", steps=3), Cursor(1, 8))
    scene.apply(state, replace(state, cursor=Cursor(1, 0)))
    for row in scene.drawing.rows:
        assert {node.unit for node in (*row.initial.values(), *row.last.values())} == {None}
        assert {node.unit for node in row.cells} == {0}


@pytest.mark.parametrize(
    "line", ["nn.LSTM(3, 5, 2)", "nn.LSTM(3, 5, proj_size=2, bidirectional=True)", "nn.RNN(3, 40)"]
)
def test_strips_are_of_the_trace(show: Show, make_setup: Callable[..., Setup], line: str) -> None:
    setup = make_setup(line, steps=4, batch=2)
    last = Order(setup.spec, 4).at(len(Order(setup.spec, 4)) - 1)
    scene, state = show(setup, last, batch=1)
    assert state.run is not None
    assert len(scene.drawing.rows) == len(setup.spec.cells())
    for row in scene.drawing.rows:
        h = state.run.trace.cell(row.layer, row.direction).h[:, 1].numpy()
        high = max(1.0, float(np.abs(h).max())) if setup.spec.proj_size else 1.0
        colours = quantity_colours(LIGHT, "h", signed=True)
        for t, node in enumerate(row.cells):
            assert node.visible_strip == heat_image(h[t : t + 1], -high, high, colours)
        for t, node in enumerate(row.outputs):
            assert node.visible_strip == row.cells[t].visible_strip


def test_states_at_the_ends_are_of_the_trace(show: Show, make_setup: Callable[..., Setup]) -> None:
    setup = make_setup("nn.LSTM(3, 5, bidirectional=True)", steps=4, batch=2)
    setup = replace(setup, states={"c0": np.full((2, 2, 5), 3.0)})
    scene, state = show(setup, Cursor(0, 0, "reverse"), batch=1)
    assert state.run is not None

    def picture(numbers: Any, name: str) -> QImage:
        high = max(1.0, float(abs(numbers).max()))
        return heat_image(numbers[None].numpy(), -high, high, quantity_colours(LIGHT, name, signed=True))

    for index, row in enumerate(scene.drawing.rows):
        assert row.last["h"].visible_strip == picture(state.run.trace.h_n[index, 1], "h")
        assert row.last["c"].visible_strip == picture(state.run.trace.c_n[index, 1], "c")
        assert row.initial["c"].visible_strip == picture(state.run.trace.cell(0, row.direction).c0[1], "c")


@pytest.mark.parametrize("line", ["nn.LSTM(3, 5, 2)", "nn.GRU(3, 4, 2, bidirectional=True)"])
def test_nothing_is_seen_before_it_is_computed(show: Show, make_setup: Callable[..., Setup], line: str) -> None:
    setup = make_setup(line, steps=3)
    order, cursor = Order(setup.spec, 3), Cursor(0, 0, "forward", "input")
    scene, state = show(setup, cursor)
    while True:
        done = [order.at(number) for number in range(order.completed(state.cursor) + 1)]
        assert sorted(seen(scene)) == sorted((one.layer, one.direction, one.t) for one in done), state.cursor
        for row in scene.drawing.rows:
            end = order.ends(Cursor(0, row.layer, row.direction))[1]
            assert (row.last["h"].visible_strip is not None) == (end in done)
            assert all(
                (node.visible_strip is not None) == (Cursor(t, row.layer, row.direction) in done)
                for t, node in enumerate(row.outputs)
            )
        following = order.after(state.cursor, 1)
        if following is None:
            break
        old, state = state, replace(state, cursor=following)
        scene.apply(old, state)
    assert all(" = h_n[" in text for text in scene.drawing.captions.texts)


def test_equalities_are_told_once_both_sides_are_computed(show: Show, make_setup: Callable[..., Setup]) -> None:
    scene, state = show(make_setup("nn.LSTM(3, 5, bidirectional=True)", steps=4), Cursor(3, 0, "forward"))
    assert [text[: text.index("h_n")] for text in scene.drawing.captions.texts] == [
        "output[0, 5:] ≟ ",
        "output[-1, :5] = ",
    ]
    scene.apply(state, replace(state, cursor=Cursor(0, 0, "reverse", "o")))
    assert "≟" in scene.drawing.captions.texts[0]
    scene.apply(state, replace(state, cursor=Cursor(0, 0, "reverse")))
    assert "≟" not in "".join(scene.drawing.captions.texts)
    assert state.run is not None
    state.run.trace.__dict__["h_n"] = state.run.trace.h_n + 1e-3
    scene.apply(None, replace(state, cursor=Cursor(0, 0, "reverse")))
    assert all("≠" in text for text in scene.drawing.captions.texts), "a planted difference is told"


def test_before_the_first_run_there_is_structure_only(qapp: QApplication, make_setup: Callable[..., Setup]) -> None:
    scene = NetworkScene(LIGHT)
    scene.apply(None, State(make_setup("nn.LSTM(3, 5, 2)", steps=4)))
    assert seen(scene) == []
    assert all("≟" in text for text in scene.drawing.captions.texts)
    assert scene.drawing.rows[0].initial["h"].visible_strip is None


def test_a_step_repaints_few_boxes(
    show: Show, make_setup: Callable[..., Setup], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, state = show(make_setup("nn.LSTM(3, 5, 3)", steps=60), Cursor(31, 1))
    columns = scene.drawing.plan.columns
    updated: list[StripNode] = []
    monkeypatch.setattr(StripNode, "update", lambda node, *_: updated.append(node))
    scene.apply(state, replace(state, cursor=Cursor(32, 1)))
    assert scene.drawing.plan.columns == columns
    assert len(updated) == 4, "the cell of each layer, and the output"


def test_another_run_element_unit_or_theme_is_shown(show: Show, make_setup: Callable[..., Setup]) -> None:
    setup = make_setup("nn.LSTM(3, 5)", steps=4, batch=2)
    scene, state = show(setup, Cursor(3))
    (row,) = scene.drawing.rows
    first = row.cells[2].visible_strip
    scene.apply(state, replace(state, batch=1))
    assert row.cells[2].visible_strip != first
    other = make_setup("nn.LSTM(3, 5)", steps=4, batch=2, seed=1)
    new = replace(state, setup=other, run=run(other))
    scene.apply(replace(state, batch=1), new)
    assert row.cells[2].visible_strip != first
    scene.apply(new, state)
    assert row.cells[2].visible_strip == first
    scene.apply(state, replace(state, unit=4))
    assert row.cells[2].unit == 4
    scene.set_theme(DARK)
    scene.apply(None, state)
    assert scene.drawing.rows[0].cells[2].visible_strip != first
    assert scene.backgroundBrush().color().name() == DARK.base


def test_infinity_does_not_hide_the_other_numbers(show: Show, make_setup: Callable[..., Setup]) -> None:
    setup = make_setup('nn.RNN(2, 2, nonlinearity="relu")', steps=3)
    scene, state = show(setup, Cursor(2))
    assert state.run is not None
    state.run.trace.cell().values["h"][0] = torch.tensor([torch.inf, 2.0])
    state.run.trace.cell().values["h"][1] = torch.tensor([4.0, torch.nan])
    scene.apply(None, replace(state, unit=1))
    strip = scene.drawing.rows[0].cells[1].visible_strip
    colours = quantity_colours(LIGHT, "h", signed=False)
    assert strip == heat_image(np.array([[4.0, np.nan]]), 0.0, 4.0, colours)


def test_what_is_pointed_at_is_stressed_where_the_current_cell_reads_it(
    show: Show, make_setup: Callable[..., Setup]
) -> None:
    scene, state = show(make_setup("nn.LSTM(3, 5, bidirectional=True)", steps=4), Cursor(2, 0, "reverse"))

    def picture(pointed: str | None) -> QImage:
        scene.apply(state, replace(state, pointed=pointed))
        image = QImage(900, 300, QImage.Format.Format_RGB32)
        image.fill(0)
        painter = QPainter(image)
        scene.render(painter)
        painter.end()
        return image

    plain = picture(None)
    assert picture("f") == plain, "a gate is inside the cell"
    stressed = [picture(name) for name in ("x", "h_before", "c_before")]
    assert all(one != other for one, other in combinations([plain, *stressed], 2))
    assert picture(None) == plain


def test_longer_numbers_make_wider_slots(qapp: QApplication, make_setup: Callable[..., Setup]) -> None:
    setup = make_setup("nn.LSTMCell(2, 3)", steps=1000)
    longer = replace(setup, sequence=Sequence(np.broadcast_to(np.zeros(2), (10**8, 2))))
    scene, state = NetworkScene(LIGHT), State(setup, cursor=Cursor(5))
    scene.apply(None, state)
    width = scene.drawing.geometry.sizes.slot
    scene.apply(state, State(longer, cursor=Cursor(5)))
    assert scene.drawing.geometry.sizes.slot > width
