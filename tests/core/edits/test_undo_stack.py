"""Undo and redo of any value."""

from __future__ import annotations

from hypothesis import given, strategies as st

from gatescope.edits.undo_stack import DEPTH, UndoStack
from gatescope.messages.message import Message

LABEL = Message("edit_reset")


def test_what_was_done_is_undone_and_done_again() -> None:
    stack = UndoStack[str]().done(LABEL, "a").done(Message("nothing"), "b")  # now it is "c"
    assert stack.undo_label == Message("nothing")
    value, back = stack.undo("c")
    assert (value, back.undo_label, back.redo_label) == ("b", LABEL, Message("nothing"))
    assert back.redo("b") == ("c", stack)


def test_changes_of_one_target_are_merged_only_while_they_follow_each_other() -> None:
    dragged = UndoStack[int]().done(LABEL, 0, "w").done(LABEL, 1, "w", merge=True)
    assert dragged.undo(2)[0] == 0
    _, back = dragged.undo(2)
    assert not back.merges("w")
    assert back.done(LABEL, 0, "w", merge=True).undo(5)[0] == 0
    assert len(dragged.done(LABEL, 2, "v", merge=True).past) == 2
    assert not UndoStack[int]().merges(None)


@given(st.lists(st.sampled_from(["do", "undo", "redo"]), max_size=40))
def test_undo_and_redo_walk_along_the_values_as_they_were(moves: list[str]) -> None:
    stack, values, place = UndoStack[int](), [0], 0
    for number, move in enumerate(moves, 1):
        if move == "do":
            stack = stack.done(LABEL, values[place])
            values = [*values[: place + 1], number]
            place += 1
        elif move == "undo" and stack.past:
            value, stack = stack.undo(values[place])
            place -= 1
            assert value == values[place]
        elif move == "redo" and stack.future:
            value, stack = stack.redo(values[place])
            place += 1
            assert value == values[place]
        assert (len(stack.past), len(stack.future)) == (place, len(values) - 1 - place)


def test_the_oldest_changes_are_forgotten() -> None:
    stack = UndoStack[int]()
    for value in range(DEPTH + 3):
        stack = stack.done(LABEL, value)
    assert [stack.past[0].value, len(stack.past)] == [3, DEPTH]
