"""What a person made: what goes and what stays with another network or sequence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gatescope.formats.sequences import Sequence
from gatescope_app.state.document import MADE, Document, Notes, describe_change, is_same, new_document
from gatescope_app.state.network_changes import with_network
from gatescope_app.state.revisions import Revision
from gatescope_app.state.runs import example_setup, on_device, with_sequence
from gatescope_app.state.session_state import State
from gatescope_app.state.sources import FromSeed


def full_document() -> Document:
    document = new_document(example_setup("hello"))
    notes = Notes("of all", {2: "of a step"})
    return replace(document, labels=tuple("abcd"), targets={0: (0, 1, 2, 3, 0)}, watches=("h[0]",), notes=notes)


def test_an_example_comes_with_its_targets() -> None:
    document = new_document(example_setup("hello"))
    assert document.class_names.format_targets(document.targets[0]) == "ohlol"


def test_another_sequence_takes_targets_and_notes_of_steps_away_and_leaves_the_labels() -> None:
    document = full_document()
    other = document.with_setup(with_sequence(document.setup, Sequence(np.zeros((5, 4)))))
    assert (other.labels, other.targets, other.watches) == (tuple("abcd"), {}, ("h[0]",))
    assert other.notes == Notes("of all")


def test_targets_that_do_not_fit_a_sequence_are_left_out() -> None:
    numbers = Sequence(np.zeros((7, 4)))
    assert new_document(replace(example_setup("hello"), sequence=numbers)).targets == {}


def test_another_head_takes_labels_and_targets_away() -> None:
    document = full_document()
    other = document.with_setup(with_network(document.setup, document.setup.spec, FromSeed(1)))
    assert (other.labels, other.targets) == (None, {})
    assert other.notes == document.notes, "the sequence is the same"


def test_another_device_leaves_everything() -> None:
    document = full_document()
    other = document.with_setup(on_device(document.setup, "cpu"))
    assert (other.labels, other.targets, other.notes) == (document.labels, document.targets, document.notes)


def test_a_state_has_each_part_of_a_document_under_the_same_name() -> None:
    document = full_document()
    state = State(document.setup, **{name: getattr(document, name) for name in MADE})
    assert "revision" in MADE
    assert all(getattr(state.document, name) is getattr(document, name) for name in MADE)


@pytest.mark.parametrize("name", MADE)
def test_a_document_is_not_the_same_where_any_part_of_it_differs(name: str) -> None:
    document = full_document()
    others: dict[str, Any] = {
        "revision": Revision(example_setup("hello")), "breakpoints": (), "watches": (), "labels": None, "targets": {},
        "notes": Notes(),
    }  # fmt: skip
    assert is_same(document, replace(document))
    assert not is_same(document, replace(document, **{name: others[name]}))


def test_a_change_is_called_by_what_differs() -> None:
    old = example_setup("hello")
    assert str(describe_change(old, with_sequence(old, Sequence(np.zeros((5, 4)))))) == "another sequence"
    new = with_network(old, old.spec, FromSeed(1))
    assert str(describe_change(old, new)) == f"network {old.spec.constructor()}"


def test_the_note_of_a_step_is_kept_in_the_order_of_steps_and_taken_away_by_an_empty_one() -> None:
    notes = Notes().with_step(3, "later").with_step(1, "sooner")
    assert list(notes.steps.items()) == [(1, "sooner"), (3, "later")]
    assert notes.with_step(3, "").steps == {1: "sooner"}
    assert (notes.at(1), notes.at(2)) == ("sooner", "")
