"""Where panels are, described: whatever is read is a whole arrangement or none, and hidden tabs keep their place."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given, strategies as some

from gatescope_app.state.arrangement import Arrangement, Floating, Place, format_arrangement, read_arrangement

LEFT = Place(0.2, parts=(Place(0.57, ("a", "b", "c"), "b"), Place(0.43, ("d",), "d")))
WHOLE = Arrangement("teach", {"left": LEFT}, (Floating("e", -5, 6, 70, 80),), ("c", "f"), toolbar=False)


def changed(**changes: Any) -> str:
    return json.dumps(asdict(WHOLE) | changes)


def side(**changes: Any) -> dict[str, Any]:
    return {"left": {"share": 0.2, "panels": ["a"], "front": "a", "along": "down", "parts": []} | changes}


def test_what_is_written_is_read_back() -> None:
    assert read_arrangement(format_arrangement(WHOLE)) == WHOLE


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "3", "null", None, 3, b"\xff", "\ud800", '{"sides": ' + "[" * 100_000,
        changed(layout=3), changed(hidden=[1]), changed(toolbar="yes"), changed(floating=[{"panel": "e"}]),
        changed(floating=[asdict(Floating("e", 0, 0, 0, 5))]),
        changed(floating=[asdict(Floating("e", 10**9, 0, 5, 5))]),
        changed(floating=[asdict(Floating("a", 0, 0, 5, 5))]), changed(sides={"middle": {"panels": ["a"]}}),
        changed(sides=side(share=0)), changed(sides=side(share=-0.1)), changed(sides=side(share=1.5)),
        changed(sides=side(share="wide")), changed(sides=side(share=None)), changed(sides=side(panels=[])),
        changed(sides=side(panels=["a", "a"])), changed(sides=side(along="up")),
        changed(sides=side(parts=[{"panels": ["d"]}])), changed(sides=side(panels=[], parts=[{}])),
    ],
)  # fmt: skip
def test_what_no_window_can_have_is_no_arrangement(text: object) -> None:
    assert read_arrangement(text) is None


def test_places_deeper_than_any_hand_makes_them_are_refused() -> None:
    place: dict[str, Any] = {"panels": ["a"]}
    for number in range(50):
        place = {"parts": [place, {"panels": [str(number)]}]}
    assert read_arrangement(changed(sides={"left": place})) is None


@given(some.data())
def test_a_text_damaged_anywhere_is_read_or_refused(data: Any) -> None:
    text = format_arrangement(WHOLE)
    at = data.draw(some.integers(0, len(text) - 1))
    read = read_arrangement(text[:at] + data.draw(some.characters()) + text[at + 1 :])
    assert read is None or read_arrangement(format_arrangement(read)) == read


def test_a_hidden_tab_keeps_its_place_beside_those_that_are_still_shown() -> None:
    for hidden in "abc":
        left = WHOLE.without({hidden, "e", "f"})
        now = Arrangement(left.layout, left.sides, hidden=(hidden,))
        assert now.with_hidden_of(WHOLE).docked() == ["a", "b", "c", "d"]


def test_a_hidden_tab_whose_neighbours_were_parted_has_one_place() -> None:
    parted = Place(1.0, parts=(Place(0.5, ("a",), "a"), Place(0.5, ("c",), "c")))
    now = Arrangement("teach", {"left": parted}, hidden=("b",))
    assert now.with_hidden_of(WHOLE).docked() == ["a", "b", "c"]


def test_an_outline_knows_places_and_neither_sizes_nor_the_order_of_tabs() -> None:
    other = Place(0.4, parts=(Place(0.1, ("b", "c", "a"), "a"), Place(0.9, ("d",), "d")))
    assert Arrangement(sides={"left": other}).outline() == Arrangement(sides={"left": LEFT}).outline()
    assert Arrangement(sides={"left": other}, hidden=("a",)).outline() != Arrangement(sides={"left": LEFT}).outline()
    assert Arrangement(sides={"left": other}).outline() != Arrangement(sides={"right": LEFT}).outline()


def test_tabs_are_taken_over_without_sizes() -> None:
    other = Place(0.4, parts=(Place(0.1, ("b", "c", "a"), "a"), Place(0.9, ("d",), "d")))
    found = Arrangement(sides={"left": LEFT}).with_tabs_of(Arrangement(sides={"left": other})).sides["left"]
    assert (found.share, found.parts[0].share) == (0.2, 0.57)
    assert (found.parts[0].panels, found.parts[0].front) == (("b", "c", "a"), "a")


def test_what_is_left_without_a_panel_has_another_in_front_and_no_empty_place() -> None:
    assert LEFT.without({"b"}) == Place(0.2, parts=(Place(0.57, ("a", "c"), "a"), Place(0.43, ("d",), "d")))
    assert LEFT.without({"d"}) == Place(0.2, ("a", "b", "c"), "b")
    assert LEFT.without(set("abcd")) is None
