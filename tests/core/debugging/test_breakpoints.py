"""Breakpoints by themselves: what they must say, and where they may stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import gatescope as gs
from gatescope.debugging.breakpoints import MISMATCH, Breakpoint, Scope, toggled
from gatescope.debugging.hits import RunArrays, find_hits
from gatescope.traces.trace import Trace

Make = Callable[..., Trace]


@pytest.mark.parametrize("count", [{"nth": 0}, {"every": 0}, {"nth": -3}])
def test_a_hit_count_below_one_is_refused(make_trace: Make, count: dict[str, int]) -> None:
    with pytest.raises(gs.GatescopeError, match="from 1") as caught:
        Breakpoint("t > 0", **count).check(RunArrays(make_trace(4, 3)).names)  # type: ignore[arg-type]
    assert caught.value.code == "hit_count_too_small"


def test_a_breakpoint_says_something_or_is_refused(make_trace: Make) -> None:
    with pytest.raises(gs.GatescopeError):
        Breakpoint().check(RunArrays(make_trace(4, 3)).names)


@pytest.mark.parametrize(
    ("one", "right"),
    [
        (Breakpoint(t=6), "from 0 to 5"),
        (Breakpoint("t > 1", scope=Scope(layers=frozenset({7}))), "from 0 to 0"),
        (Breakpoint("t > 1", scope=Scope(directions=frozenset({"reverse"}))), "forward"),
        (Breakpoint("t > 1", scope=Scope(batch=frozenset({2}))), "from 0 to 1"),
    ],
)
def test_a_place_that_the_run_does_not_have_is_named(make_trace: Make, one: Breakpoint, right: str) -> None:
    trace = make_trace(4, 3)
    hits = find_hits([one], trace, gs.verify(trace))
    assert right in str(hits.problem(0))
    assert not len(hits.stops)


@pytest.mark.parametrize("count", [{"nth": "3"}, {"nth": 1.5}, {"every": True}, {"nth": 2, "every": 3}])
def test_a_hit_count_that_is_none_is_refused(make_trace: Make, count: dict[str, Any]) -> None:
    with pytest.raises(gs.GatescopeError):
        Breakpoint("t > 0", **count).check(RunArrays(make_trace(4, 3)).names)


def test_toggling_sets_a_plain_breakpoint_and_takes_it_away() -> None:
    other = (MISMATCH, Breakpoint("t > 3"))
    once = toggled(other, 5)
    assert once == (*other, Breakpoint(t=5))
    assert toggled(once, 5) == other
    assert toggled((Breakpoint(t=5, enabled=False),), 5) == ()
    assert toggled((Breakpoint("f[0] > 0", t=5),), 5) == (Breakpoint("f[0] > 0", t=5), Breakpoint(t=5))
