"""Breakpoints: where they hold, how often they count, and walking from one to the next in both directions of time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

import gatescope as gs
from gatescope.debugging.breakpoints import MISMATCH, Breakpoint, Scope
from gatescope.debugging.hits import Hits, RunArrays, find_hits
from gatescope.traces.trace import Trace

Make = Callable[..., Trace]


def hits_of(trace: Trace, *breakpoints: Breakpoint) -> Hits:
    return find_hits(breakpoints, RunArrays(trace, gs.verify(trace, gates=True)))


def places(hits: Hits, index: int = 0) -> list[tuple[int, int, str]]:
    cursors = [hits.order.at(int(number)) for number in hits.of(index).numbers]
    return [(cursor.t, cursor.layer, cursor.direction) for cursor in cursors]


# where they hold


def test_they_are_found_in_a_trace_with_or_without_its_report(make_trace: Make) -> None:
    trace = make_trace(4, 3, steps=40, batch=None)
    report = gs.verify(trace, gates=True)
    breakpoints = [gs.Breakpoint("f[1] < 0.5"), gs.Breakpoint("err > 0")]
    for run in ((trace, report), (RunArrays(trace, report),)):
        assert [places(gs.find_hits(breakpoints, *run), index) for index in (0, 1)] == [
            places(hits_of(trace, *breakpoints), index) for index in (0, 1)
        ]
    alone = gs.find_hits(breakpoints, trace)
    assert places(alone) == places(hits_of(trace, *breakpoints))
    assert alone.problem(0) is None
    assert alone.problem(1) is not None  # err needs the report


def test_a_condition_holds_where_the_numbers_say_so(make_trace: Make) -> None:
    trace = make_trace(4, 3, steps=40, batch=None)
    f = trace.cell().f[:, 0, 1].numpy()
    level = float(np.median(f))
    hits = hits_of(trace, Breakpoint(f"f[1] < {level!r}"))
    assert [t for t, _, _ in places(hits)] == np.flatnonzero(f < np.float32(level)).tolist()
    assert 0 < len(places(hits)) < 40


def test_a_plain_breakpoint_holds_at_its_step_in_every_cell(make_trace: Make) -> None:
    trace = make_trace(4, 3, num_layers=2, bidirectional=True, steps=5)
    hits = hits_of(trace, Breakpoint(t=3))
    assert places(hits) == [(3, 0, "forward"), (3, 0, "reverse"), (3, 1, "forward"), (3, 1, "reverse")]


def test_a_scope_leaves_out_other_layers_and_directions(make_trace: Make) -> None:
    trace = make_trace(4, 3, num_layers=2, bidirectional=True, steps=5)
    scope = Scope(layers=frozenset({1}), directions=frozenset({"reverse"}))
    assert places(hits_of(trace, Breakpoint(t=3, scope=scope))) == [(3, 1, "reverse")]
    assert places(hits_of(trace, Breakpoint("t > 2", scope=scope))) == [(4, 1, "reverse"), (3, 1, "reverse")]


def test_a_scope_leaves_out_other_batch_elements(make_trace: Make) -> None:
    trace = make_trace(4, 3, steps=30, batch=3)
    c = trace.cell().c[:, :, 0].numpy()
    everywhere, only = Breakpoint("c[0] > 0"), Breakpoint("c[0] > 0", scope=Scope(batch=frozenset({2})))
    hits = hits_of(trace, everywhere, only)
    assert [t for t, _, _ in places(hits, 0)] == np.flatnonzero((c > 0).any(axis=1)).tolist()
    assert [t for t, _, _ in places(hits, 1)] == np.flatnonzero(c[:, 2] > 0).tolist()
    assert not hits.of(1).elements[:, :2].any()


def test_a_stop_tells_a_batch_element_for_which_it_holds(make_trace: Make) -> None:
    trace = make_trace(4, 3, steps=30, batch=3)
    hits = hits_of(trace, Breakpoint("c[0] > 0"))
    c = trace.cell().c[:, :, 0].numpy()
    for number in hits.stops.tolist():
        for preferred in range(3):
            told = hits.element(number, preferred)
            assert c[number, told] > 0
            assert told == preferred or not c[number, preferred] > 0


def test_absent_steps_of_a_packed_batch_are_never_hit(make_lstm: Callable[..., Any]) -> None:
    packed = torch.nn.utils.rnn.pack_padded_sequence(torch.ones(5, 2, 4), [5, 2])
    trace = gs.trace(make_lstm(4, 3), packed)
    second = Scope(batch=frozenset({1}))
    hits = hits_of(
        trace, Breakpoint("t >= 0", scope=second), Breakpoint(t=3, scope=second), Breakpoint(t=1, scope=second)
    )
    assert [[t for t, _, _ in places(hits, index)] for index in range(3)] == [[0, 1], [], [1]]


def test_where_it_stops_matching_is_a_breakpoint(make_trace: Make) -> None:
    trace = make_trace(4, 3, steps=9)
    assert places(hits_of(trace, MISMATCH)) == []
    cell = trace.cell()
    wrong = cell.c.clone()
    wrong[5, 1, 2] += 0.01
    faulty = trace.with_cell(replace(cell, values=cell.values | {"c": wrong}))
    assert places(hits_of(faulty, MISMATCH))[0][0] == 5


def test_a_condition_that_the_network_does_not_have_is_named_and_holds_nowhere(make_trace: Make) -> None:
    hits = hits_of(make_trace(4, 3, kind="GRU"), Breakpoint("f[0] > 1"), Breakpoint("z[0] > -1"))
    problem = hits.problem(0)
    assert problem is not None
    assert "f" in str(problem)
    assert places(hits, 0) == []
    assert hits.problem(1) is None
    assert len(hits.stops) == 6


def test_known_hits_are_taken_as_they_are(make_trace: Make) -> None:
    arrays = RunArrays(make_trace(4, 3))
    first = find_hits([Breakpoint("f[0] > 0")], arrays)
    again = find_hits([Breakpoint("f[0] > 0", enabled=False), Breakpoint(t=2)], arrays, known=first)
    assert again.of(0).numbers is first.of(0).numbers
    assert again.stops.tolist() == [2]


def test_finding_hits_can_be_cancelled(make_trace: Make) -> None:
    def cancel(_fraction: float) -> None:
        raise gs.Cancelled

    with pytest.raises(gs.Cancelled):
        find_hits([Breakpoint("f[0] > 0")], RunArrays(make_trace(4, 3)), progress=cancel)


# counts, log points, one-shots


@pytest.mark.parametrize(
    ("count", "expected"),
    [({}, [0, 1, 2, 3, 4, 5]), ({"nth": 1}, [0]), ({"nth": 4}, [3]), ({"nth": 7}, []), ({"every": 2}, [1, 3, 5])],
)
def test_hit_counts(make_trace: Make, count: dict[str, int], expected: list[int]) -> None:
    hits = hits_of(make_trace(4, 3, steps=6), Breakpoint("t >= 0", **count))  # type: ignore[arg-type]
    assert hits.stops.tolist() == expected


def test_hits_are_counted_in_the_order_of_the_run(make_trace: Make) -> None:
    trace = make_trace(4, 3, steps=4, bidirectional=True)
    assert places(hits_of(trace, Breakpoint("t >= 0", nth=6))) == [(2, 0, "reverse")]


def test_disabled_breakpoints_and_log_points_do_not_stop(make_trace: Make) -> None:
    hits = hits_of(
        make_trace(4, 3),
        Breakpoint(t=1, enabled=False),
        Breakpoint(t=2, message="here"),
        Breakpoint(t=4),
        Breakpoint(t=4),
    )
    assert hits.stops.tolist() == [4]
    assert hits.at(4) == [2, 3]
    assert hits.at(2) == []


def test_a_walk_tells_which_log_points_it_passed_in_its_own_order(make_trace: Make) -> None:
    hits = hits_of(make_trace(4, 3, steps=9), Breakpoint("t % 3 == 0", message="a"), Breakpoint(t=3, message="b"))
    assert [line[:2] for line in hits.logged(0, 6, most=9)[0]] == [(0, 3), (1, 3), (0, 6)]
    assert [line[:2] for line in hits.logged(6, 0, most=9)[0]] == [(0, 3), (1, 3), (0, 0)]
    assert hits.logged(4, 4, most=9) == ([], 0)


def test_of_many_lines_the_last_of_a_walk_are_told_and_all_are_counted(make_trace: Make) -> None:
    hits = hits_of(make_trace(4, 3, steps=9), *(Breakpoint("t >= 0", message=name) for name in "abc"))
    lines, total = hits.logged(-1, 8, most=4)
    assert ([line[:2] for line in lines], total) == ([(2, 7), (0, 8), (1, 8), (2, 8)], 27)
    lines, total = hits.logged(8, 0, most=4)
    assert ([line[:2] for line in lines], total) == ([(2, 1), (0, 0), (1, 0), (2, 0)], 24)


def test_a_log_message_that_the_network_does_not_have_is_named_and_writes_nothing(make_trace: Make) -> None:
    hits = hits_of(make_trace(4, 3), Breakpoint("t > 1", message="{f[99]}"), Breakpoint("t > 1"))
    assert "99" in str(hits.problem(0))
    assert hits.problem(1) is None
    assert hits.logged(-1, 5, most=9) == ([], 0)


# walking


def test_a_script_of_walks_between_breakpoints(make_trace: Make) -> None:
    trace = make_trace(4, 3, steps=9)
    walk = gs.Stepper(trace, hits=hits_of(trace, Breakpoint(t=2), Breakpoint("t == 5 or t == 6")))
    script = [
        (0, "continue_"), (2, "continue_"), (5, "step_back_into"), (5, "continue_"), (5, "continue_"), (6, "continue_"),
        (8, "continue_"), (8, "reverse_continue"), (6, "reverse_continue"), (5, "step"), (6, "reverse_continue"),
        (5, "reverse_continue"), (2, "reverse_continue"), (0, "reverse_continue"), (0, ""),
    ]  # fmt: skip
    for expected, command in script:
        assert walk.cursor.t == expected
        if command:
            getattr(walk, command)()
    assert walk.cursor.phase == "h"


def test_without_any_hit_continuing_goes_to_the_end_and_back(make_trace: Make) -> None:
    trace = make_trace(4, 3, num_layers=2, steps=4)
    walk = gs.Stepper(trace, gs.Cursor(1, 0), hits_of(trace, MISMATCH))
    assert walk.continue_() == gs.Cursor(3, 0)  # in the layer looked at
    assert walk.reverse_continue() == gs.Cursor(0, 0)


@given(data=st.data())
@settings(max_examples=2 * settings.default.max_examples)
def test_continuing_back_visits_the_same_hits(make_trace: Make, data: st.DataObject) -> None:
    shape = {"num_layers": data.draw(st.integers(1, 2)), "bidirectional": data.draw(st.booleans())}
    trace = make_trace(4, 3, steps=data.draw(st.integers(1, 12)), seed=data.draw(st.integers(0, 3)), **shape)
    level = data.draw(st.floats(-0.25, 0.625, width=16))
    walk = gs.Stepper(trace, hits=find_hits([Breakpoint(f"any(c > {level!r})"), Breakpoint(t=3)], RunArrays(trace)))
    walk.go(walk.order.at(0, "input"))
    forth = [walk.continue_()]
    while walk.continue_() != forth[-1]:
        forth.append(walk.cursor)
    back = [walk.cursor]
    while walk.reverse_continue() != back[-1]:
        back.append(walk.cursor)
    assert walk.hits is not None
    stops = [walk.order.at(number) for number in walk.hits.stops.tolist()]
    assert [cursor for cursor in forth if cursor in stops] == stops
    assert [cursor for cursor in back if cursor in stops] == stops[::-1]


def test_the_steps_of_one_cell_are_told_for_ticks(make_trace: Make) -> None:
    trace = make_trace(4, 3, num_layers=2, steps=6)
    hits = hits_of(trace, Breakpoint("t > 3", scope=Scope(layers=frozenset({1}))), Breakpoint(t=0))
    assert hits.steps(0, "forward").tolist() == [0]
    assert hits.steps(1, "forward").tolist() == [0, 4, 5]


def test_the_first_stop_and_the_verdict_name_the_same_step_in_every_order(make_trace: Make) -> None:
    trace = make_trace(3, 4, num_layers=2, bidirectional=True, steps=12)
    cell = trace.cell()
    wrong = cell.h.clone()
    wrong[10, 0, 1] += 1e-2
    faulty = trace.with_cell(replace(cell, values=cell.values | {"h": wrong}))
    first = gs.verify(faulty).first_difference
    assert first is not None
    assert (first.t, first.layer, first.direction) == places(hits_of(faulty, MISMATCH))[0] == (10, 0, "forward")
