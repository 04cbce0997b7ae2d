"""The history of edits: undo, redo, branches; and that undoing restores the trace bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings, strategies as st
from torch import Tensor

import gatescope as gs
from gatescope.edits.edits import Edit, Hold, InputEdit, StateEdit, WeightEdit
from gatescope.edits.history import History
from gatescope.edits.undo_stack import DEPTH
from gatescope.traces.trace import Trace

Refusal = Callable[[Callable[[], object]], str]

A, B, C = InputEdit(0, 0, 1.0), InputEdit(1, 0, 2.0), Hold("f", 1.0, 3, 4)


def said(history: History) -> tuple[str, str]:
    return str(history.undo_label), str(history.redo_label)


# ---- undo and redo ----


def test_edits_are_done_undone_and_redone_in_order() -> None:
    history = History().do(A).do(B)
    assert history.edits == (A, B)
    assert said(history) == ("x[0] at t = 1 set to 2", "None")
    back = history.undo()
    assert back.edits == (A,)
    assert said(back) == ("x[0] at t = 0 set to 1", "x[0] at t = 1 set to 2")
    assert back.undo().edits == ()
    assert back.undo().undo().edits == ()
    assert back.undo().redo().redo() == history
    assert history.redo() is history
    assert History().undo() == History()


def test_what_can_be_done_is_told() -> None:
    empty = History()
    assert (empty.can_undo, empty.can_redo, empty.undo_label, empty.redo_label) == (False, False, None, None)
    done = empty.do(A)
    assert (done.can_undo, done.can_redo) == (True, False)
    assert (done.undo().can_undo, done.undo().can_redo) == (False, True)


def test_a_new_edit_ends_what_could_be_redone() -> None:
    history = History().do(A).do(B).undo().do(C)
    assert history.edits == (A, C)
    assert not history.can_redo


def test_a_history_is_a_value() -> None:
    history = History().do(A)
    assert history == History().do(A)
    with pytest.raises(FrozenInstanceError):
        history._current = 1  # type: ignore[misc]  # on purpose


def test_a_drag_is_one_step() -> None:
    history = History().do(B)
    for value in (0.1, 0.2, 0.3):
        history = history.do(InputEdit(0, 0, value), merge=True)
    assert history.edits == (B, InputEdit(0, 0, 0.3))
    assert str(history.undo_label) == "x[0] at t = 0 set to 0.3"
    assert history.undo().edits == (B,)
    assert history.undo().redo() == history == History().do(B).do(InputEdit(0, 0, 0.3))


def test_only_what_was_the_last_thing_done_is_merged_with() -> None:
    moved = InputEdit(0, 0, 9.0)
    assert History().do(A).do(moved).edits == (A, moved)  # not asked for
    assert History().do(A).do(B).do(moved, merge=True).edits == (A, B, moved)  # another in between
    assert History().do(A).do(B).undo().do(moved, merge=True).edits == (A, moved)  # undone in between
    assert History().do(A).undo().redo().do(moved, merge=True).edits == (A, moved)
    assert History().do(A).reset().do(moved, merge=True).edits == (moved,)
    assert History().do(A).branch("b").do(moved, merge=True).edits == (A, moved)
    there_and_back = History().branch("b").do(A).switch("main").switch("b")
    assert there_and_back.do(moved, merge=True).edits == (A, moved)
    assert History().do(B).do(moved, merge=True).edits == (B, moved)  # another target


def test_reset_goes_back_to_the_original_and_can_be_undone() -> None:
    history = History().do(A).do(B).reset()
    assert history.edits == ()
    assert said(history) == ("reset to the original", "None")
    assert history.undo().edits == (A, B)
    assert history.reset() is history


def test_one_edit_is_taken_out_and_put_back(refusal: Refusal) -> None:
    history = History().do(A).do(B).do(C).remove(1)
    assert history.edits == (A, C)
    assert said(history)[0] == "without: x[0] at t = 1 set to 2"
    assert history.undo().edits == (A, B, C)
    for index in (2, -1, 10**30, "0", True):
        assert "There are 2 edits, so there is no edit" in refusal(lambda index=index: history.remove(index))


def test_the_oldest_step_is_forgotten_but_its_edit_stays() -> None:
    history = History()
    for number in range(DEPTH + 20):
        history = history.do(InputEdit(number, 0, 1.0))
    assert len(history.edits) == DEPTH + 20
    undone = 0
    while history.can_undo:
        history, undone = history.undo(), undone + 1
    assert undone == DEPTH == 500
    assert len(history.edits) == 20
    while history.can_redo:
        history = history.redo()
    assert len(history.edits) == DEPTH + 20


# ---- branches ----


def test_branches_are_apart_and_each_has_its_own_undo() -> None:
    history = History().do(A).branch("other").do(B)
    assert (history.branches, history.current) == (("main", "other"), "other")
    assert history.edits == (A, B)
    main = history.switch("main")
    assert (main.edits, main.current) == ((A,), "main")
    assert main.undo().switch("other").edits == (A, B)
    assert main.do(C).switch("other").undo().undo().edits == ()  # it began with main's past
    assert main.switch("main") is main


def test_branches_are_renamed_and_dropped() -> None:
    history = History().branch("b").branch("c").rename("d")
    assert history.branches == ("main", "b", "d")
    assert history.drop("d").current == "b"
    assert history.drop("main").current == "d"
    assert history.drop("main").branches == ("b", "d")
    assert history.switch("main").drop("main").current == "b"
    assert history.rename("d") is history


@pytest.mark.parametrize("name", ["", "  ", "a" * 61, "two\nlines", "\x07", None, 3])
def test_a_name_that_is_none_is_refused(name: Any, refusal: Refusal) -> None:
    history = History().branch("b")
    for change in (history.branch, history.rename):
        assert "The name of a branch must have 1 to 60 characters" in refusal(lambda change=change: change(name))


def test_names_are_unique_and_known(refusal: Refusal) -> None:
    history = History().branch("b")
    assert refusal(lambda: history.branch("main")) == "There is a branch main already; choose another name."
    assert refusal(lambda: history.rename(" main ")) == "There is a branch main already; choose another name."
    assert refusal(lambda: history.switch("c")) == "There is no branch c; there is main, b."
    assert refusal(lambda: history.drop("c")) == "There is no branch c; there is main, b."
    assert refusal(lambda: History().drop("main")) == "main is the only branch; there must be one."
    assert history.branch(" 分支 " + "a" * 50).current == "分支 " + "a" * 50


# ---- with a network ----


X = torch.randn(6, 2, 2, generator=torch.Generator().manual_seed(1))


def run(edits: tuple[Edit, ...]) -> Trace:
    """Trace the network with edits, in the tests' own words."""
    module, x, states = gs.build(gs.ModuleSpec(2, 3, 2, bidirectional=True), 1), X.clone(), torch.zeros(2, 4, 2, 3)
    for edit in edits:
        if isinstance(edit, InputEdit):
            x[edit.t, edit.batch, edit.column] = edit.value
        elif isinstance(edit, StateEdit):
            cell = 2 * edit.layer + (edit.direction == "reverse")
            states["hc".index(edit.state[0]), cell, edit.batch, edit.unit] = edit.value
        elif isinstance(edit, WeightEdit):
            with torch.no_grad():
                dict(module.named_parameters())[edit.parameter][edit.index] = edit.value
    holds = [edit for edit in edits if isinstance(edit, Hold)]
    return gs.trace(module, x, (states[0], states[1]), holds=holds)


def bits(trace: Trace) -> list[bytes]:
    tensors: list[Tensor] = [trace.x, *trace.weights.values()]
    for cell in trace.cells.values():
        tensors += [*cell.before.values(), *cell.values.values()]
    return [tensor.numpy().tobytes() for tensor in tensors]


ORIGINAL = bits(run(()))
VALUES = st.floats(-2, 2, width=32)
WAYS: st.SearchStrategy[Any] = st.sampled_from(["forward", "reverse"])
EDITS: st.SearchStrategy[Edit] = st.one_of(
    st.builds(InputEdit, st.integers(0, 5), st.integers(0, 1), VALUES, st.integers(0, 1)),
    st.builds(StateEdit, st.sampled_from(["h0", "c0"]), st.integers(0, 1), WAYS, st.integers(0, 2), VALUES),
    st.builds(WeightEdit, st.just("weight_hh_l0"), st.tuples(st.integers(0, 11), st.integers(0, 2)), VALUES),
    st.builds(Hold, st.sampled_from("fico"), VALUES, st.integers(0, 5), st.none(), st.integers(0, 1), WAYS),
)


@settings(max_examples=settings.default.max_examples // 2, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(["do", "merge", "undo", "redo", "remove", "reset", "branch", "switch"]), max_size=12),
    st.data(),
)
def test_whatever_was_done_the_same_edits_give_the_same_trace_bit_for_bit(
    moves: list[str], data: st.DataObject
) -> None:
    history, seen = History(), {(): ORIGINAL}
    for number, move in enumerate(moves):
        if move in ("do", "merge"):
            history = history.do(data.draw(EDITS), merge=move == "merge")
        elif move == "remove" and history.edits:
            history = history.remove(len(history.edits) // 2)
        elif move == "branch":
            history = history.branch(str(number))
        elif move == "switch":
            history = history.switch(history.branches[number % len(history.branches)])
        elif move in ("undo", "redo", "reset"):
            history = getattr(history, move)()
        now = bits(run(history.edits))
        assert seen.setdefault(history.edits, now) == now
    while history.can_undo:
        history = history.undo()
    if len(history.branches) == 1:
        assert history.edits == ()
        assert bits(run(history.edits)) == ORIGINAL


@given(st.lists(st.sampled_from("dmurx"), max_size=40))
def test_undo_takes_back_exactly_what_was_done_and_redo_brings_it_again(moves: list[str]) -> None:
    history = History()
    for number, move in enumerate(moves):
        before = history
        if move in "dm":
            history = history.do(InputEdit(0, number % 3, float(number)), merge=move == "m")
        elif move == "x":
            history = history.reset()
        else:
            history = history.undo() if move == "u" else history.redo()
            continue
        if len(history._branch.changes.past) > len(before._branch.changes.past):
            assert history.undo().edits == before.edits
            assert history.undo().redo().edits == history.edits


# ---- histories as they are kept


def test_a_history_is_made_again_of_its_branches() -> None:
    history = History().do(A).branch("other").do(B).switch("main")
    branches = [(name, history.edits_of(name)) for name in history.branches]
    again = History.of(branches, history.current)
    assert again == history.without_undo()
    assert (again.edits, again.can_undo, again.switch("other").edits) == ((A,), False, (A, B))


def test_branches_that_do_not_go_together_are_refused(refusal: Refusal) -> None:
    assert "one" in refusal(lambda: History.of([("one", ()), ("one", ())], "one"))
    assert "two" in refusal(lambda: History.of([("one", ())], "two"))
    assert "1 to 60 characters" in refusal(lambda: History.of([("", ())], ""))


def test_a_drag_goes_on_in_a_history_without_undo() -> None:
    dragged = WeightEdit("weight_ih_l0", (0, 0), 1.0)
    history = History().do(dragged, merge=True).without_undo()
    moved = WeightEdit("weight_ih_l0", (0, 0), 2.0)
    assert history.do(moved, merge=True).edits == (moved,)
