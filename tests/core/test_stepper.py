"""Moves over a trace: they compute nothing, never leave it, and a refused move changes nothing."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import gatescope as gs


def stepper(steps: int) -> gs.Stepper:
    return gs.Stepper(range(steps))  # only the length is read


def test_a_script_of_moves_over_a_trace() -> None:
    trace = gs.trace(gs.build(gs.ModuleSpec(2, 2), 0), torch.zeros(4, 2))
    walk = gs.Stepper(trace)
    assert walk.cursor == gs.Cursor(0)
    script: list[tuple[str, tuple[int, ...], int]] = [
        ("step", (), 1), ("step", (), 2), ("step_back", (), 1), ("last", (), 3), ("step", (), 3),
        ("first", (), 0), ("step_back", (), 0), ("run_to", (2,), 2), ("run_to", (2,), 2), ("run_to", (0,), 0),
    ]  # fmt: skip
    for move, arguments, t in script:
        assert getattr(walk, move)(*arguments) == walk.cursor == gs.Cursor(t)


def test_a_cursor_is_a_frozen_value() -> None:
    with pytest.raises(FrozenInstanceError):
        gs.Cursor(1).t = 2  # type: ignore[misc]
    walk = stepper(3)
    before = walk.cursor
    walk.step()
    assert before == gs.Cursor(0)


def test_a_walk_may_begin_anywhere() -> None:
    assert gs.Stepper(range(5), gs.Cursor(3)).step() == gs.Cursor(4)


@pytest.mark.parametrize("t", [-1, 3, 10**20, 0.5, "1", None])
def test_a_step_that_is_not_there_is_refused_and_the_cursor_stays(t: Any) -> None:
    walk = stepper(3)
    walk.step()
    with pytest.raises(gs.GatescopeError) as caught:
        walk.run_to(t)
    assert caught.value.code == "no_such_step"
    assert "from 0 to 2" in str(caught.value)
    assert walk.cursor == gs.Cursor(1)


@given(st.integers(1, 20), st.lists(st.sampled_from(["step", "step_back", "first", "last"])))
def test_a_walk_never_leaves_the_trace(steps: int, moves: list[str]) -> None:
    walk = stepper(steps)
    for move in moves:
        assert getattr(walk, move)() is walk.cursor
        assert 0 <= walk.cursor.t < steps


@given(st.data(), st.integers(2, 20))
def test_step_and_step_back_undo_each_other_inside(data: st.DataObject, steps: int) -> None:
    t = data.draw(st.integers(0, steps - 2))
    walk = stepper(steps)
    walk.run_to(t)
    walk.step()
    assert walk.step_back() == gs.Cursor(t)
    walk.run_to(t + 1)
    walk.step_back()
    assert walk.step() == gs.Cursor(t + 1)
