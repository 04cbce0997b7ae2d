"""Where holds act in one layer and direction: the segments of a run, the values held there, and what follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from gatescope.edits.active_holds import ActiveHolds, holds_of
from gatescope.edits.edits import Hold

T, B, H = 6, 3, 4


@pytest.fixture
def active(make_trace: Callable[..., Any]) -> Callable[..., ActiveHolds]:
    """Return a function that puts holds into a run of 6 steps of 3 batch elements with 4 units."""

    def put(*holds: Hold, **options: object) -> ActiveHolds:
        cell = make_trace(2, H, steps=T, batch=B, **options).cell()
        return ActiveHolds(holds, cell.cell, cell.weights, cell.x)

    return put


def places(mask: Tensor) -> set[tuple[int, ...]]:
    return {tuple(place) for place in mask.nonzero().tolist()}


OVERLAPPING = (Hold("f", 0.25, 1, 4, units=(2,), batch=(0,)), Hold("f", 0.75, 3, 5, units=(2, 3), batch=(0, 1)))


def test_the_steps_are_cut_wherever_something_else_is_held(active: Callable[..., ActiveHolds]) -> None:
    first, second = OVERLAPPING
    segments = active(*OVERLAPPING).segments
    assert [(one.start, one.stop, one.holds) for one in segments] == [
        (0, 1, ()), (1, 3, (first,)), (3, 4, (first, second)), (4, 5, (second,)), (5, 6, ()),
    ]  # fmt: skip
    assert [one.start for one in active(*OVERLAPPING).ordered(reverse=True)] == [5, 4, 3, 1, 0]


def test_a_segment_is_split_behind_the_step_that_runs_first(active: Callable[..., ActiveHolds]) -> None:
    (segment,) = active(Hold("f", 1.0)).segments
    for reverse, steps in ((False, [(0, 1), (1, T)]), (True, [(T - 1, T), (0, T - 1)])):
        assert [(one.start, one.stop) for one in segment.split_first_step(reverse=reverse)] == steps


def test_without_holds_there_is_one_segment_and_no_value_changes(active: Callable[..., ActiveHolds]) -> None:
    nothing = active()
    assert not nothing
    assert [(one.start, one.stop) for one in nothing.segments] == [(0, T)]
    values = torch.rand(T * B, H)
    assert nothing("f", values) is values
    assert nothing.mask("f") is None
    assert not list(nothing.changes(reverse=False))


def test_values_are_held_where_a_hold_acts_and_of_two_the_later_one_acts(active: Callable[..., ActiveHolds]) -> None:
    values = torch.rand(T * B, H)
    expected = values.view(T, B, H).clone()
    for hold in OVERLAPPING:  # in their order
        for t in range(hold.start, hold.stop or T):
            for element in hold.batch or ():
                for unit in hold.units or ():
                    expected[t, element, unit] = hold.value
    holds = active(*OVERLAPPING)
    assert torch.equal(holds("f", values), expected.view(T * B, H))
    assert holds("i", values) is values
    mask = holds.mask("f")
    assert mask is not None
    assert places(mask) == places(expected != values.view(T, B, H))


def test_a_hold_of_no_units_or_elements_in_particular_is_one_of_all(active: Callable[..., ActiveHolds]) -> None:
    holds = active(Hold("c", 0.5, 2, 3))
    mask = holds.mask("c")
    assert mask is not None
    assert places(mask) == {(2, element, unit) for element in range(B) for unit in range(H)}
    assert not holds.everywhere
    assert active(Hold("c", 0.5)).everywhere
    assert not active(Hold("c", 0.5, batch=(0, 1))).everywhere


def test_what_is_made_of_a_held_unit_follows_in_the_same_unit(active: Callable[..., ActiveHolds]) -> None:
    holds = active(Hold("i", 1.0, units=(2,), batch=(1,)))
    (segment,) = holds.segments
    following = {name: places(mask) for name, mask in segment.following(holds.cell).items()}
    assert following == {"i": {(1, 2)}, "c": {(1, 2)}, "h": {(1, 2)}}


def test_a_projection_mixes_the_units_that_follow(active: Callable[..., ActiveHolds]) -> None:
    holds = active(Hold("o", 1.0, units=(2,), batch=(1,)), proj_size=2)
    (segment,) = holds.segments
    following = {name: places(mask) for name, mask in segment.following(holds.cell).items()}
    assert following == {"o": {(1, 2)}, "h": {(1, 0), (1, 1)}}


@pytest.mark.parametrize(
    ("reverse", "segments"),
    [(False, [(1, 2), (2, 3), (3, 4), (4, 5), (5, 6)]), (True, [(4, 5), (3, 4), (1, 3), (0, 1)])],
)
def test_a_hold_reaches_the_steps_after_it_which_begin_with_a_single_one(
    active: Callable[..., ActiveHolds], reverse: bool, segments: list[tuple[int, int]]
) -> None:
    changes = list(active(*OVERLAPPING).changes(reverse=reverse))
    assert [(segment.start, segment.stop) for segment, _ in changes] == segments
    _, first = changes[0]
    last = changes[-1][1]
    begun = {(0, 2)} if not reverse else {(0, 2), (0, 3), (1, 2), (1, 3)}
    assert (places(first["f"]), places(first["o"])) == (begun, set())
    assert all(places(mask) == {(0, 0), (1, 0)} for mask in last.values())


def test_only_the_holds_of_one_layer_and_direction_are_its_own() -> None:
    holds = [Hold("f", 1.0), Hold("i", 1.0, layer=1), Hold("o", 1.0, direction="reverse"), Hold("c", 1.0)]
    assert holds_of(holds, 0, "forward") == (holds[0], holds[3])
    assert holds_of(holds, 0, "reverse") == (holds[2],)
