"""The maps of the Weights panel: their numbers, labels, places and colours, against the tensors themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QColor

import gatescope as gs
from gatescope.modules.constructor import parse_constructor
from gatescope.traces.trace import as_numpy
from gatescope_app.look.colour_maps import diverging_colours, heat_image
from gatescope_app.look.contrast import ink_on, luminance
from gatescope_app.look.theme import DARK, LIGHT, Theme
from gatescope_app.panels.weights import weight_texts as texts
from gatescope_app.panels.weights.layout import MapLayout, fitting
from gatescope_app.panels.weights.levels import ReductionLevels
from gatescope_app.panels.weights.maps import SUM, CellMaps, MapPlace, WeightMap, cell_maps
from gatescope_app.state.runs import Setup, example_setup, run
from gatescope_app.state.session_state import State

Make = Callable[..., Setup]

LINES = [
    "nn.LSTM(3, 4)",
    "nn.LSTM(2, 3, num_layers=2, bidirectional=True)",
    "nn.LSTM(2, 4, num_layers=2, bidirectional=True, proj_size=3)",
    "nn.LSTM(3, 2, bias=False)",
    "nn.LSTM(3, 2, dtype=torch.bfloat16)",
    "nn.LSTM(3, 2, dtype=torch.float16)",
    "nn.GRU(3, 4)",
    "nn.RNN(2, 3)",
    "nn.LSTMCell(3, 2)",
]


@pytest.fixture(params=LINES)
def trace(request: pytest.FixtureRequest, make_setup: Make) -> gs.Trace:
    return run(make_setup(request.param, steps=2)).trace


def every_map(trace: gs.Trace) -> list[CellMaps]:
    return [cell_maps(trace, *cell) for cell in trace.spec.cells()]


def places(maps: CellMaps, one: WeightMap) -> list[MapPlace]:
    return [
        MapPlace(one.kind, row, column)
        for block in one.blocks
        for row in range(block.rows.start, block.rows.stop)
        for column in range(one.columns)
    ]


def state_of(setup: Setup) -> State:
    return State(setup, run(setup))


def test_every_number_is_the_tensors_own(trace: gs.Trace) -> None:
    names = []
    for maps in every_map(trace):
        for one in (each for each in maps if each.editable):
            tensor = as_numpy(trace.weights[one.name])
            names.append(one.name)
            for place in places(maps, one):
                number = maps.number(place)
                assert number == tensor[one.index(place.row, place.column)]
            assert len(places(maps, one)) == tensor.size
    assert sorted(names) == sorted(trace.spec.parameters())


def test_the_sum_is_of_both_biases_in_the_networks_dtype(trace: gs.Trace) -> None:
    for maps in every_map(trace):
        total = maps.of(SUM)
        assert (total is None) == (not trace.spec.bias)
        if total is None:
            continue
        both = [trace.weights[name] for name in total.name.split(" + ")]
        np.testing.assert_array_equal(total.numbers[:, 0], as_numpy(both[0] + both[1]))
        assert not total.editable
        shown_gates = {block.gate for block in total.blocks}
        assert shown_gates == set(trace.spec.cell.packed) - ({"n"} if trace.spec.cell.name == "GRU" else set())


def test_the_rows_of_the_blocks_are_those_of_the_gates(trace: gs.Trace) -> None:
    spec = trace.spec
    for maps in every_map(trace):
        for one in (each for each in maps if each.kind != "w_hr"):
            for block in one.blocks:
                assert block.rows == spec.gate_rows(block.gate)
        assert [block.gate for block in maps.packed] == list(spec.cell.packed)
        hr = maps.of("w_hr")
        assert (hr is not None) == bool(spec.proj_size)


def wrong_labels(setup: Setup, maps: CellMaps) -> list[str]:
    """Add 1 to the bias of each labelled row, and return the gates whose own pre-activation is not what changes."""
    wrong = []
    (name,) = (one.name for one in maps if one.kind == "b_ih")
    before = run(setup).trace.cell(0, "forward")
    for block in maps.packed:
        module = gs.build(setup.spec, seed=setup.seed)
        with torch.no_grad():
            getattr(module, name)[block.rows] += 1
        x = torch.tensor(setup.sequence.values, dtype=torch.float32)
        after = gs.trace(module, x).cell(0, "forward")
        preactivations = {q.name: q.preactivation for q in setup.spec.cell.quantities if q.preactivation}
        changed = [
            gate for gate, z in preactivations.items() if not torch.equal(before.quantity(z)[0], after.quantity(z)[0])
        ]
        follow = [gate for gate, made_of in setup.spec.cell.made_of.items() if block.gate in made_of]
        if [gate for gate in changed if gate not in follow] != [block.gate]:
            wrong.append(block.gate)
    return wrong


@pytest.mark.parametrize("line", ["nn.LSTM(2, 3)", "nn.GRU(2, 3)"])
def test_the_labels_name_the_gate_that_torch_computes_from_those_rows(line: str, make_setup: Make) -> None:
    setup = make_setup(line, steps=1)
    assert wrong_labels(setup, cell_maps(run(setup).trace, 0, "forward")) == []


def test_another_packing_order_is_noticed(make_setup: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: the blocks in the textbook's order instead of torch's."""
    setup = make_setup("nn.LSTM(2, 3)", steps=1)
    trace = run(setup).trace
    right = type(setup.spec).gate_rows

    def swapped(spec: Any, gate: str) -> slice:
        return right(spec, {"f": "i", "i": "f"}.get(gate, gate))

    monkeypatch.setattr(type(setup.spec), "gate_rows", swapped)
    maps = cell_maps(trace, 0, "forward")
    monkeypatch.undo()
    assert sorted(wrong_labels(setup, maps)) == ["f", "i"]


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        ("nn.LSTM(2, 3)", ["i · W_i", "f · W_f", "g · W_C · C̃", "o · W_o"]),
        ("nn.GRU(2, 3)", ["r · W_r", "z · W_z", "n · W_n"]),
        ("nn.RNN(2, 3)", ["a · W"]),
    ],
)
def test_blocks_have_torchs_letter_and_the_books_name(line: str, labels: list[str]) -> None:
    spec = parse_constructor(line)
    assert [texts.gate_label(spec, gate) for gate in spec.cell.packed] == labels


# ---- what is said of a number ----


def test_a_reading_says_every_number_in_full_and_whose_it_is(make_setup: Make) -> None:
    setup = make_setup("nn.LSTM(3, 4)")
    state = state_of(setup)
    assert state.run is not None
    maps = cell_maps(state.run.trace, 0, "forward")
    for one in (each for each in maps if each.editable):
        tensor = state.run.trace.weights[one.name]
        for place in places(maps, one):
            text = texts.describe_number(state, maps, place)
            name, _, rest = text.partition(" = ")
            index = list(one.index(place.row, place.column))
            assert name == f"{one.name}{index}"
            number = rest.split(" · ")[0]
            assert np.float32(number) == tensor[tuple(index)].item(), text
            gate = ["i", "f", "C̃", "o"][place.row // 4]
            assert rest.split(" · ")[1] == f"{gate}, unit {place.row % 4}"


def test_a_reading_says_what_a_number_is_multiplied_with(make_setup: Make) -> None:
    hello = state_of(example_setup("hello"))
    assert hello.run is not None
    maps = cell_maps(hello.run.trace, 0, "forward")
    assert texts.describe_number(hello, maps, MapPlace("w_ih", 5, 3)).endswith(" · f, unit 1 · times x_3 (o)")
    assert texts.describe_number(hello, maps, MapPlace("w_hh", 5, 2)).endswith(" · times h_(t-1) of unit 2")
    assert texts.describe_number(hello, maps, MapPlace("b_hh", 0, 0)).endswith(" · i, unit 0 · added")
    assert texts.describe_number(hello, maps, MapPlace(SUM, 0, 0)).endswith("computed; edit either bias")
    deep = state_of(make_setup("nn.LSTM(2, 4, num_layers=2, bidirectional=True, proj_size=3)"))
    assert deep.run is not None
    maps = cell_maps(deep.run.trace, 1, "reverse")
    assert texts.describe_number(deep, maps, MapPlace("w_ih", 0, 4)).endswith("times h_t of unit 1, layer 0, reverse")
    assert texts.describe_number(deep, maps, MapPlace("w_hh", 0, 1)).endswith("times h_(t+1) of unit 1")
    assert texts.describe_number(deep, maps, MapPlace("w_hr", 2, 3)).endswith(
        "h, unit 2 · times o_t * tanh(C_t) of unit 3"
    )


def test_the_two_biases_are_explained_and_those_of_a_gru_are_told_apart(make_setup: Make) -> None:
    state = state_of(make_setup("nn.GRU(2, 2)"))
    assert state.run is not None
    maps = cell_maps(state.run.trace, 0, "forward")
    assert maps.number(MapPlace(SUM, 4, 0)) is None
    assert "never just added" in texts.describe_number(state, maps, MapPlace(SUM, 4, 0))
    assert "b_hn lies inside r_t" in texts.explain_two_biases(maps.spec)
    for line in ("nn.LSTM(2, 2)", "nn.RNN(2, 2)"):
        text = texts.explain_two_biases(parse_constructor(line))
        assert "cuDNN" in text
        assert "twice as fast" in text
        assert "b_hn" not in text


# ---- places ----


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize(("width", "height"), [(620.0, 200.0), (90.0, 40.0), (3000.0, 2000.0)])
def test_each_number_is_found_where_it_is_drawn(line: str, width: float, height: float, make_setup: Make) -> None:
    trace = run(make_setup(line, steps=1)).trace
    for maps in every_map(trace):
        least = dict.fromkeys([one.kind for one in maps], 20.0)
        layout = MapLayout(maps, fitting(maps, QSizeF(width, height), least, QSizeF(99, 33)), least)
        for one in maps:
            for place in places(maps, one):
                assert layout.at(layout.rect(place).center()) == place
        assert layout.size.height() <= height + 0.01


def test_rows_of_all_packed_maps_are_aligned_and_blocks_lie_apart(make_setup: Make) -> None:
    maps = cell_maps(run(make_setup("nn.LSTM(3, 4, proj_size=2)", steps=1)).trace, 0, "forward")
    layout = MapLayout(maps, QSizeF(10, 5), dict.fromkeys([one.kind for one in maps], 1.0))
    for row in range(16):
        tops = {layout.rect(MapPlace(kind, row, 0)).top() for kind in ("w_ih", "w_hh", "b_ih", "b_hh", SUM)}
        assert len(tops) == 1
    assert layout.rect(MapPlace("w_ih", 4, 0)).top() > layout.rect(MapPlace("w_ih", 3, 0)).bottom()
    lefts = [layout.rect(MapPlace(one.kind, 0, 0)).left() for one in maps]
    assert lefts == sorted(lefts)


# ---- colours ----


@given(data=st.data(), rows=st.integers(1, 40), columns=st.integers(1, 40))
def test_a_pixel_of_many_shows_the_number_furthest_from_zero(data: Any, rows: int, columns: int) -> None:
    seed = data.draw(st.integers(0, 99))
    height, width = data.draw(st.integers(1, rows)), data.draw(st.integers(1, columns))
    numbers = np.random.default_rng(seed).normal(size=(rows, columns))
    part = ReductionLevels(numbers).part(range(rows), range(columns), height, width)
    assert part.shape == (height, width)
    edges = [[k * length // pixels for k in range(pixels + 1)] for length, pixels in ((rows, height), (columns, width))]
    for y, x in np.ndindex(height, width):
        group = numbers[edges[0][y] : edges[0][y + 1], edges[1][x] : edges[1][x + 1]]
        assert abs(part[y, x]) == np.abs(group).max()
        assert part[y, x] in group


def test_in_a_large_block_a_single_large_number_is_still_seen() -> None:
    numbers = np.zeros((3000, 1000), np.float32)
    numbers[2999, 500] = -3.0
    levels = ReductionLevels(numbers)
    assert levels.largest == 3.0
    for pixels in (10, 100, 700):
        assert levels.part(range(3000), range(1000), pixels, pixels).min() == -3.0
    assert levels.part(range(3000), range(1000), 2900, 900).size <= 1_000_000  # at any size drawn in a moment
    whole = levels.part(range(2990, 3000), range(495, 505), 10, 10)
    np.testing.assert_array_equal(whole, numbers[2990:3000, 495:505])


def test_what_is_not_finite_is_seen_and_sets_no_limit() -> None:
    numbers = np.array([[0.5, -np.inf], [np.nan, 0.25]], np.float32)
    levels = ReductionLevels(numbers)
    assert levels.largest == 0.5
    assert np.isnan(levels.part(range(2), range(2), 1, 1)).all()
    assert ReductionLevels(np.full((2, 2), np.nan)).largest == 0.0


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_colours_are_centred_at_zero_and_numbers_can_be_read_on_all_of_them(theme: Theme) -> None:
    colours = diverging_colours(theme)
    values = np.linspace(-1, 1, 201).reshape(1, -1)
    image = heat_image(values, -1.0, 1.0, colours)
    assert contrast(image.pixelColor(100, 0), QColor(theme.base)) < 1.05
    for x in range(201):
        colour = image.pixelColor(x, 0)
        assert contrast(ink_on(colour.rgb()), colour) >= 4.5, values[0, x]


def contrast(one: QColor, other: QColor) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
