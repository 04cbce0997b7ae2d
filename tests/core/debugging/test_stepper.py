"""Moves over a trace: they compute nothing, follow the flow of the data, and a refused move changes nothing."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import pytest
import torch
from hypothesis import given, strategies as st

import gatescope as gs
from gatescope.traces.order import Order

LSTM_PHASES = ("input", "preactivations", "f", "i", "c_tilde", "c", "o", "h")


class Walkable:
    """What a stepper reads of a trace."""

    def __init__(self, steps: int, **arguments: Any) -> None:
        self.spec, self._steps = gs.ModuleSpec(2, 3, **arguments), steps

    def __len__(self) -> int:
        return self._steps


def stepper(steps: int, cursor: gs.Cursor | None = None, **arguments: Any) -> gs.Stepper:
    return gs.Stepper(Walkable(steps, **arguments), cursor)


def written(cursor: gs.Cursor) -> str:
    return f"{cursor.t} {cursor.layer}{cursor.direction[0]} {cursor.phase}"


def cells_visited(walk: gs.Stepper) -> list[str]:
    """Step into everything from the very beginning; return the cells in the order in which they are completed."""
    walk.go(gs.Cursor(walk.order.at(0).t, 0, "forward", "input"))
    visited = []
    while True:
        before = walk.cursor
        if before.phase == "h":
            visited.append(f"{before.t} {before.layer}{before.direction[0]}")
        if walk.step_into() == before:
            return visited


# orders


def test_one_layer_is_visited_step_by_step() -> None:
    assert cells_visited(stepper(3)) == ["0 0f", "1 0f", "2 0f"]


def test_two_layers_are_both_visited_before_the_next_step() -> None:
    assert cells_visited(stepper(3, num_layers=2)) == ["0 0f", "0 1f", "1 0f", "1 1f", "2 0f", "2 1f"]


def test_the_reverse_direction_is_visited_after_the_forward_one_and_from_the_end() -> None:
    assert cells_visited(stepper(3, bidirectional=True)) == ["0 0f", "1 0f", "2 0f", "2 0r", "1 0r", "0 0r"]


def test_a_second_layer_of_two_directions_begins_when_the_first_is_complete() -> None:
    assert cells_visited(stepper(2, num_layers=2, bidirectional=True)) == [
        "0 0f", "1 0f", "1 0r", "0 0r", "0 1f", "1 1f", "1 1r", "0 1r",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "arguments", [{}, {"num_layers": 3}, {"bidirectional": True}, {"num_layers": 2, "bidirectional": True}]
)
def test_nothing_is_visited_before_what_it_reads(arguments: dict[str, Any]) -> None:
    walk = stepper(4, **arguments)
    done: set[tuple[int, int, str]] = set()
    for text in cells_visited(walk):
        t, layer, direction = int(text[0]), int(text[2]), text[3]
        before = t - 1 if direction == "f" else t + 1
        assert before not in range(4) or (before, layer, direction) in done
        below = {(t, layer - 1, way[0]) for way in walk.order.spec.directions} if layer else set()
        assert below <= done
        done.add((t, layer, direction))
    assert len(done) == len(walk.order)


@pytest.mark.parametrize(
    ("kind", "phases"),
    [
        ("LSTM", LSTM_PHASES),
        ("LSTMCell", LSTM_PHASES),
        ("GRU", ("input", "preactivations", "r", "z", "n", "h")),
        ("RNN", ("input", "a", "h")),
    ],
)
def test_the_phases_of_a_cell_are_visited_in_teaching_order(kind: str, phases: tuple[str, ...]) -> None:
    walk = stepper(2, gs.Cursor(0, phase="input"), kind=kind)
    visited = [walk.cursor.phase, *(walk.step_into().phase for _ in phases[1:])]
    assert tuple(visited) == phases
    assert walk.step_into() == gs.Cursor(1, phase="input")


# scripts


Script = list[tuple[str, str]]

ONE_LAYER: Script = [
    ("0 0f h", "step"), ("1 0f h", "step_back_into"), ("1 0f o", "step_back_into"), ("1 0f c", "step_out"),
    ("1 0f h", "step_out"), ("1 0f h", "step_into"), ("2 0f input", "step_into"), ("2 0f preactivations", "step"),
    ("3 0f preactivations", "step"), ("3 0f preactivations", "step_back"), ("2 0f preactivations", "step_out"),
    ("2 0f h", "first"), ("0 0f h", "step_back"), ("0 0f h", "last"), ("3 0f h", "step"), ("3 0f h", "step_into"),
    ("3 0f h", "step_back_into"), ("3 0f o", "continue_"), ("3 0f h", "reverse_continue"), ("0 0f h", ""),
]  # fmt: skip
TWO_LAYERS: Script = [
    ("0 0f h", "step"), ("1 0f h", "step_into"), ("1 1f input", "step_out"), ("1 1f h", "step"),
    ("2 1f h", "step_into"), ("3 0f input", "step_back_into"), ("2 1f h", "step_back"), ("1 1f h", "first"),
    ("0 1f h", "last"), ("3 1f h", "step"), ("3 1f h", "reverse_continue"), ("0 1f h", "rewind"),
    ("0 0f h", "step_into"), ("0 1f input", "run_to_end"), ("3 1f h", ""),
]  # fmt: skip
BOTH_WAYS: Script = [
    ("0 0f h", "last"), ("3 0f h", "step"), ("3 0r h", "step"), ("2 0r h", "step_back_into"), ("2 0r o", "step"),
    ("1 0r o", "step_out"), ("1 0r h", "step_into"), ("0 0r input", "step"), ("0 1f input", "step_back_into"),
    ("0 0r h", "first"), ("3 0r h", "last"), ("0 0r h", "continue_"), ("0 1r h", "step"),
    ("0 1r h", "rewind"), ("0 0f h", "run_to_end"), ("0 1r h", "reverse_continue"), ("0 0f h", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "script"),
    [({}, ONE_LAYER), ({"num_layers": 2}, TWO_LAYERS), ({"num_layers": 2, "bidirectional": True}, BOTH_WAYS)],
)
def test_a_script_of_moves(arguments: dict[str, Any], script: Script) -> None:
    walk = stepper(4, **arguments)
    for number, (expected, command) in enumerate(script):
        assert written(walk.cursor) == expected, f"before command {number}, {command}"
        if command:
            assert getattr(walk, command)() == walk.cursor


def test_a_walk_over_a_real_trace() -> None:
    trace = gs.trace(gs.build(gs.ModuleSpec(2, 2), 0), torch.zeros(4, 2))
    walk = gs.Stepper(trace)
    assert [walk.cursor.t, walk.step().t, walk.run_to(3).t, walk.step().t, walk.run_to(0).t] == [0, 1, 3, 3, 0]


def test_a_walk_may_begin_anywhere_and_go_anywhere() -> None:
    walk = stepper(5, gs.Cursor(3), num_layers=2)
    assert walk.step() == gs.Cursor(4)
    assert walk.go(gs.Cursor(2, 1, "forward", "c")) == gs.Cursor(2, 1, "forward", "c")
    assert walk.run_to(1) == gs.Cursor(1, 1)  # complete


def test_a_cursor_is_a_frozen_value() -> None:
    with pytest.raises(FrozenInstanceError):
        gs.Cursor(1).t = 2  # type: ignore[misc]
    walk = stepper(3)
    before = walk.cursor
    walk.step()
    assert before == gs.Cursor(0)


# refusals


@pytest.mark.parametrize("t", [-1, 3, 10**20, 0.5, 2.0, True, "1", None])
def test_a_step_that_is_not_there_is_refused_and_the_cursor_stays(t: Any) -> None:
    walk = stepper(3)
    walk.step()
    with pytest.raises(gs.GatescopeError) as caught:
        walk.run_to(t)
    assert caught.value.code == "no_such_step"
    assert "from 0 to 2" in str(caught.value)
    assert walk.cursor == gs.Cursor(1)


@pytest.mark.parametrize(
    ("place", "code", "right"),
    [
        (gs.Cursor(3), "no_such_step", "0 to 2"),
        (gs.Cursor(0, 2), "no_such_layer", "0 to 1"),
        (gs.Cursor(0, 0, "reverse"), "no_such_direction", "forward"),
        (gs.Cursor(0, phase="r"), "no_such_phase", "c_tilde"),
    ],
)
def test_a_place_that_is_not_there_is_refused_and_the_cursor_stays(place: gs.Cursor, code: str, right: str) -> None:
    walk = stepper(3, gs.Cursor(1), num_layers=2)
    with pytest.raises(gs.GatescopeError) as caught:
        walk.go(place)
    assert caught.value.code == code
    assert right in str(caught.value)
    assert walk.cursor == gs.Cursor(1)


# properties

SHAPES = st.fixed_dictionaries({"num_layers": st.integers(1, 3), "bidirectional": st.booleans()})
MOVES = (
    "step",
    "step_back",
    "step_into",
    "step_back_into",
    "step_out",
    "first",
    "last",
    "rewind",
    "run_to_end",
    "continue_",
    "reverse_continue",
)
INVERSE = {
    "step": "step_back", "step_back": "step", "step_into": "step_back_into", "step_back_into": "step_into",
}  # fmt: skip


@given(SHAPES, st.integers(1, 9), st.lists(st.sampled_from(MOVES)))
def test_a_walk_never_leaves_the_trace(shape: dict[str, Any], steps: int, moves: list[str]) -> None:
    walk = stepper(steps, **shape)
    for move in moves:
        assert getattr(walk, move)() is walk.cursor
        assert walk.cursor.t in range(steps)
        assert (walk.cursor.layer, walk.cursor.direction) in walk.order.spec.cells()


@given(SHAPES, st.integers(1, 9), st.data())
def test_any_walk_and_its_inverse_end_where_it_began(shape: dict[str, Any], steps: int, data: st.DataObject) -> None:
    walk = stepper(steps, **shape)
    start = walk.go(
        walk.order.at(data.draw(st.integers(0, len(walk.order) - 1)), data.draw(st.sampled_from(LSTM_PHASES)))
    )
    back = []
    for move in data.draw(st.lists(st.sampled_from(sorted(INVERSE)), max_size=30)):
        before = walk.cursor
        if getattr(walk, move)() != before:  # at either end a move stays
            back.append(INVERSE[move])
    for move in reversed(back):
        getattr(walk, move)()
    assert walk.cursor == start


@given(SHAPES, st.integers(1, 9))
def test_numbers_and_places_are_inverse_to_each_other(shape: dict[str, Any], steps: int) -> None:
    order = Order(gs.ModuleSpec(2, 3, **shape), steps)
    places = [order.at(number) for number in range(len(order))]
    assert [order.number(place) for place in places] == list(range(len(order)))
    assert len(set(places)) == len(order)


# what is known


@given(SHAPES, st.integers(1, 6))
def test_what_is_known_grows_by_one_step_of_one_cell_at_a_time(shape: dict[str, Any], steps: int) -> None:
    order = Order(gs.ModuleSpec(2, 3, **shape), steps)
    done: set[tuple[int, int, str]] = set()
    for number in range(len(order)):
        place = order.at(number)
        done.add((place.t, place.layer, place.direction))
        for layer, direction in order.spec.cells():
            known = order.known(place, layer, direction, "h")
            assert {(t, layer, direction) for t in known} == {d for d in done if d[1:] == (layer, direction)}


def test_inside_a_step_only_what_is_computed_is_known() -> None:
    order = Order(gs.ModuleSpec(2, 3), 5)
    inside = gs.Cursor(2, phase="i")
    known = {name: order.known(inside, 0, "forward", name).stop for name in (*LSTM_PHASES[2:], "z_f", "z_o")}
    assert known == {"f": 3, "i": 3, "c_tilde": 2, "c": 2, "o": 2, "h": 2, "z_f": 3, "z_o": 3}
    assert order.known(gs.Cursor(2, phase="input"), 0, "forward", "z_f") == range(2)


def test_what_goes_into_the_new_state_of_a_gru_is_known_after_its_reset_gate() -> None:
    order = Order(gs.ModuleSpec(2, 3, kind="GRU"), 5)
    assert order.known(gs.Cursor(2, phase="preactivations"), 0, "forward", "z_z") == range(3)
    assert order.known(gs.Cursor(2, phase="preactivations"), 0, "forward", "z_n") == range(2)
    assert order.known(gs.Cursor(2, phase="r"), 0, "forward", "z_n") == range(3)


def test_in_the_reverse_direction_the_end_is_known_first() -> None:
    order = Order(gs.ModuleSpec(2, 3, bidirectional=True), 5)
    assert order.known(gs.Cursor(3, 0, "reverse"), 0, "reverse", "h") == range(3, 5)
    assert order.known(gs.Cursor(3, 0, "reverse", "f"), 0, "reverse", "h") == range(4, 5)
    assert order.known(gs.Cursor(3, 0, "reverse"), 0, "forward", "h") == range(5)
    assert not order.known(gs.Cursor(3, 0, "forward"), 0, "reverse", "h")
