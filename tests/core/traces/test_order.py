"""The order in which a run is computed: golden visiting orders, and the way from one place to the next."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gatescope.modules.spec import ModuleSpec
from gatescope.traces.order import Cursor, Order


def order(steps: int, **options: Any) -> Order:
    return Order(ModuleSpec(2, 2, **options), steps)


VISITS = {
    "one layer": (order(3), "0.0f 1.0f 2.0f"),
    "two layers": (order(3, num_layers=2), "0.0f 0.1f 1.0f 1.1f 2.0f 2.1f"),
    "two directions": (order(3, bidirectional=True), "0.0f 1.0f 2.0f 2.0r 1.0r 0.0r"),
    "two of both": (order(2, num_layers=2, bidirectional=True), "0.0f 1.0f 1.0r 0.0r 0.1f 1.1f 1.1r 0.1r"),
    "a cell": (order(2, kind="GRUCell"), "0.0f 1.0f"),
}


def short(cursor: Cursor) -> str:
    return f"{cursor.t}.{cursor.layer}{cursor.direction[0]}"


@pytest.mark.parametrize("name", VISITS)
def test_every_cell_is_visited_in_the_order_of_the_computation(name: str) -> None:
    run, expected = VISITS[name]
    assert " ".join(short(run.at(number)) for number in range(len(run))) == expected
    assert [run.number(run.at(number)) for number in range(len(run))] == list(range(len(run)))


@pytest.mark.parametrize("name", VISITS)
def test_many_numbers_at_once_are_those_of_each(name: str) -> None:
    run, _ = VISITS[name]
    for layer, direction in run.spec.cells():
        each = [run.number(Cursor(t, layer, direction)) for t in range(run.steps)]
        assert run.numbers(np.arange(run.steps), layer, direction).tolist() == each


def test_phases_lead_from_one_cell_to_the_next_and_end_with_the_run() -> None:
    run, phases = order(2, bidirectional=True, kind="RNN"), ("input", "a", "h")
    place: Cursor | None = Cursor(0, 0, "forward", "input")
    seen = []
    while place is not None:
        seen.append((short(place), place.phase))
        place = run.after(place, 1)
    assert seen == [(cell, phase) for cell in ("0.0f", "1.0f", "1.0r", "0.0r") for phase in phases]
    assert run.after(Cursor(0, 0, "reverse", "a"), -4) == Cursor(1, 0, "reverse", "input")
    assert run.after(Cursor(0, 0, "forward", "input"), -1) is None


def test_a_cell_is_completed_with_its_last_phase() -> None:
    run = order(2)
    assert [run.completed(Cursor(t, phase=phase)) for t in (0, 1) for phase in ("input", "c", "h")] == [
        -1,
        -1,
        0,
        0,
        0,
        1,
    ]


def test_the_same_place_a_step_later() -> None:
    two = order(3, num_layers=2)
    assert two.same_phase(Cursor(1, 1, phase="o"), 1) == Cursor(2, 1, phase="o")
    assert two.same_phase(Cursor(1, 1, phase="o"), -2) is None
    assert two.same_phase(Cursor(2, 0), 1) is None
    both = order(3, bidirectional=True)
    assert both.same_phase(Cursor(2, 0, "forward"), 1) == Cursor(2, 0, "reverse")  # over into the other pass


def test_where_a_cell_and_a_run_begin_and_end() -> None:
    both = order(3, num_layers=2, bidirectional=True)
    assert [short(place) for place in both.ends(Cursor(1, 1, "reverse", "f"))] == ["2.1r", "0.1r"]
    assert [short(place) for place in both.whole(Cursor(1, 1))] == ["0.0f", "0.1r"]
    assert [short(place) for place in order(3, num_layers=2).whole(Cursor(1, 1))] == ["0.1f", "2.1f"]


@pytest.mark.parametrize("name", ["two layers", "two of both"])
def test_known_is_what_was_visited_up_to_the_cursor(name: str) -> None:
    run, _ = VISITS[name]
    quantities, phases = run.cell.names, run.cell.phases
    for number in range(len(run)):
        for phase in phases:
            cursor = run.at(number, phase)
            visited = [(run.at(before), before < number) for before in range(number + 1)]
            for layer, direction in run.spec.cells():
                for quantity in quantities:
                    expected = {
                        place.t
                        for place, whole in visited
                        if (place.layer, place.direction) == (layer, direction)
                        and (whole or phases.index(quantity) <= phases.index(phase))
                    }
                    assert set(run.known(cursor, layer, direction, quantity)) == expected
