"""A place in a run is said with no more than tells it from others."""

from __future__ import annotations

from gatescope.traces.places import describe_place


def test_a_batch_element_is_named_where_there_are_several() -> None:
    assert str(describe_place(1, "reverse", 0, 2)) == "layer 1, reverse, batch element 0"
    assert str(describe_place(1, "reverse", 0, 1)) == "layer 1, reverse"
