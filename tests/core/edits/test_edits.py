"""What-if edits as values: what they are called, what they change, and what is refused."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

import gatescope as gs
from gatescope.edits.checks import Shape
from gatescope.edits.edits import Edit, Hold, InputEdit, StateEdit, TokenEdit, WeightEdit, checked_holds

Refusal = Callable[[Callable[[], object]], str]

SHAPE = Shape(gs.ModuleSpec(3, 4, 2, bidirectional=True), steps=6, batch=2, tokens=True)
GRU = Shape(gs.ModuleSpec(3, 4, kind="GRU"), steps=6)
EDITS = [
    InputEdit(3, 2, 0.5, 1), TokenEdit(3, "l", (0.0, 1.0, 0.0)), StateEdit("c0", 1, "reverse", 3, 0.25),
    WeightEdit("weight_ih_l0", (3, 1), 0.2), WeightEdit("bias_hh_l1_reverse", (15,), 0.2),
    Hold("f", 1.0, 3, 4, units=(2,)),
]  # fmt: skip


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_an_edit_that_fits_is_taken_and_is_a_value(edit: Edit) -> None:
    edit.check(SHAPE)
    assert edit == dataclasses.replace(edit)  # type: ignore[type-var]  # every edit is a dataclass
    assert len({edit, dataclasses.replace(edit)}) == 1  # type: ignore[type-var]  # as above
    hash(edit.target)


@pytest.mark.parametrize(
    ("edit", "label"),
    [
        (InputEdit(3, 2, 0.5), "x[2] at t = 3 set to 0.5"),
        (InputEdit(3, 2, 1 / 3, 1), "x[2] at t = 3 set to 0.333333 (batch element 1)"),
        (TokenEdit(3, "l", (1,)), "token at t = 3 set to 'l'"),
        (TokenEdit(0, "two\nlines" * 20, (1,), 1), None),
        (StateEdit("h0", 0, "forward", 2, 1), "h0[2] set to 1"),
        (StateEdit("c0", 1, "reverse", 2, -0.5, 3), "c0[2] set to -0.5 (layer 1, reverse) (batch element 3)"),
        (WeightEdit("weight_ih_l0", (3, 1), 0.2), "weight_ih_l0[3, 1] set to 0.2"),
        (WeightEdit("bias_ih_l0", (3,), 1e-30), "bias_ih_l0[3] set to 1e-30"),
        (Hold("f", 1, 3, 4, units=(2,)), "f of unit 2 held at 1 at t = 3"),
        (Hold("i", 0, 4, 10), "i held at 0 at t = 4 to 9"),
        (Hold("i", 0, 4), "i held at 0 from t = 4 on"),
        (Hold("o", 0.5), "o held at 0.5 at every step"),
        (Hold("h", 0.5, 0, 1, 1, "reverse", (0, 3), (1,)),
         "h of unit 0, 3 held at 0.5 at t = 0 (layer 1, reverse) (batch element 1)"),
        (Hold("h", 0.5, units=range(20)), "h of unit 0, 1, 2, 3 and 16 more held at 0.5 at every step"),
    ],
    ids=str,
)  # fmt: skip
def test_a_label_says_what_an_edit_does_in_one_line(edit: Edit, label: str | None) -> None:
    assert label is None or str(edit.label) == label
    assert len(str(edit.label).splitlines()) == 1
    assert len(str(edit.label)) < 120


def test_edits_of_one_place_have_one_target_whatever_the_value() -> None:
    for edit in EDITS:
        if not isinstance(edit, TokenEdit):
            assert dataclasses.replace(edit, value=9.0).target == edit.target  # type: ignore[type-var]  # a dataclass
    assert len({edit.target for edit in EDITS}) == len(EDITS)
    assert Hold("f", 1.0, 3, 4).target != Hold("f", 1.0, 3, 5).target
    assert InputEdit(3, 2, 0.5).target != InputEdit(3, 2, 0.5, 1).target
    assert TokenEdit(3, "l", (0.0, 1.0)).target == TokenEdit(3, "o", (1.0, 0.0)).target


def test_numbers_of_other_kinds_become_pythons_own() -> None:
    edit = InputEdit(np.int64(3), np.uint8(2), np.float32(0.5), np.int32(1))  # type: ignore[arg-type]  # on purpose
    assert edit == InputEdit(3, 2, 0.5, 1)
    assert [type(value) for value in (edit.t, edit.column, edit.value, edit.batch)] == [int, int, float, int]
    assert Hold("f", Fraction(1, 2)).value == 0.5  # type: ignore[arg-type]  # on purpose
    assert Hold("f", 1, units=[3, 1, 3]) == Hold("f", 1.0, units=(1, 3))  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: InputEdit(-1, 0, 0.5), "t must be 0 … 2^63 - 1, but it is -1."),
        (lambda: InputEdit(10**5000, 0, 0.5), "t must be 0 … 2^63 - 1, but it is a number of 16610 bits."),
        (lambda: InputEdit(0.5, 0, 0.5), "t must be a whole number, but it is 0.5."),
        (lambda: InputEdit(True, 0, 0.5), "t must be a whole number, but it is True."),
        (lambda: InputEdit(0, 0, float("nan")), "value must be a finite number, but it is nan."),
        (lambda: InputEdit(0, 0, float("-inf")), "value must be a finite number, but it is -inf."),
        (lambda: InputEdit(0, 0, 10**400), "value must be a finite number, but it is inf."),
        (lambda: InputEdit(0, 0, "1"), "value must be a finite number, but it is '1'."),
        (lambda: InputEdit(0, 0, True), "value must be a finite number, but it is True."),
        (lambda: InputEdit(0, 0, None), "value must be a finite number, but it is None."),
        (lambda: TokenEdit(0, 5, (1.0,)), "token must be text, but it is 5."),
        (lambda: TokenEdit(0, "l", "101"), "row must be one or more numbers such as (2,) or (0, 3), but it is '101'."),
        (lambda: TokenEdit(0, "l", (1.0, float("inf"))), "row must be a finite number, but it is inf."),
        (lambda: StateEdit(0, 0, "forward", 0, 1.0), "state must be text, but it is 0."),
        (lambda: WeightEdit("w", 3, 1.0), "index must be one or more numbers such as (2,) or (0, 3), but it is 3."),
        (lambda: WeightEdit("w", (1, -1), 1.0), "index must be 0 … 2^63 - 1, but it is -1."),
        (lambda: Hold(3, 1.0), "quantity must be text, but it is 3."),
        (lambda: Hold("f", 1.0, 3, 3), "stop must be > 3 (start), but it is 3."),
        (lambda: Hold("f", 1.0, units=()), "units must be one or more numbers such as (2,) or (0, 3), but it is ()."),
        (lambda: Hold("f", 1.0, units=2), "units must be one or more numbers such as (2,) or (0, 3), but it is 2."),
        (lambda: Hold("f", 1.0, batch=("0",)), "batch must be a whole number, but it is '0'."),
    ],
)
def test_an_edit_that_could_never_be_is_refused_when_it_is_made(
    make: Callable[[], Edit], words: str, refusal: Refusal
) -> None:
    assert refusal(make) == words


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (InputEdit(6, 0, 0.5), "t must be 0 … 5, but it is 6."),
        (InputEdit(0, 3, 0.5), "column must be 0 … 2, but it is 3."),
        (InputEdit(0, 0, 0.5, 2), "batch must be 0 … 1, but it is 2."),
        (InputEdit(0, 0, 1e39), "value must be -3.40282e+38 … 3.40282e+38 (float32), but it is 1e+39."),
        (TokenEdit(0, "l", (1.0,)), "Each step has 1 values, but the network takes 3 (its input_size)."),
        (TokenEdit(6, "l", (1.0,) * 3), "t must be 0 … 5, but it is 6."),
        (StateEdit("k0", 0, "forward", 0, 1.0), "state must be h0 / c0, but it is k0."),
        (StateEdit("h0", 2, "forward", 0, 1.0), "layer must be from 0 to 1, but it is 2."),
        (StateEdit("h0", 0, "up", 0, 1.0), "direction must be forward, reverse, but it is up."),  # type: ignore[arg-type]
        (StateEdit("h0", 0, "forward", 4, 1.0), "unit must be 0 … 3, but it is 4."),
        (WeightEdit("weight_hr_l0", (0, 0), 1.0), None),
        (WeightEdit("weight_ih_l0", (0,), 1.0),
         "weight_ih_l0 has the shape (16, 3), so its index needs a number for each dimension, but it is (0,)."),
        (WeightEdit("weight_ih_l0", (16, 0), 1.0), "index[0] must be 0 … 15, but it is 16."),
        (WeightEdit("weight_ih_l0", (0, 3), 1.0), "index[1] must be 0 … 2, but it is 3."),
        (Hold("f", 0.5, 6), "start must be 0 … 5, but it is 6."),
        (Hold("f", 0.5, 0, 7), "stop must be ≤ 6, but it is 7."),
        (Hold("z_f", 0.5), "The quantity must be f, i, c_tilde, c, o, h, but it is z_f."),
    ],
    ids=str,
)  # fmt: skip
def test_an_edit_of_what_is_not_there_says_what_is(edit: Edit, words: str | None, refusal: Refusal) -> None:
    found = refusal(lambda: edit.check(SHAPE))
    assert words is None or found == words


def test_what_another_network_does_not_have_is_refused(refusal: Refusal) -> None:
    assert refusal(lambda: StateEdit("c0", 0, "forward", 0, 1.0).check(GRU)) == "state must be h0, but it is c0."
    assert refusal(lambda: Hold("f", 1.0).check(GRU)) == "The quantity must be r, z, n, h, but it is f."
    assert refusal(lambda: TokenEdit(0, "l", (1.0,) * 3).check(GRU)) == (
        "The steps of this sequence are numbers without tokens; change x[0], x[1] and so on instead."
    )
    assert refusal(lambda: InputEdit(0, 0, 1.0, 1).check(GRU)) == "batch must be 0, but it is 1."


def test_holds_get_their_own_names_and_steps() -> None:
    assert checked_holds([Hold("g", 1.0)], SHAPE) == (Hold("c_tilde", 1.0),)
    assert Hold("f", 1.0, 3).steps(6) == range(3, 6)
    assert Hold("f", 1.0, 3, 5).steps(6) == range(3, 5)


@given(st.data())
def test_whatever_is_given_is_taken_or_refused_with_a_line(data: st.DataObject) -> None:
    anything: Any = (
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.tuples(st.integers())
    )
    make: Any = data.draw(st.sampled_from([InputEdit, TokenEdit, StateEdit, WeightEdit, Hold]))
    values = {field.name: data.draw(anything) for field in dataclasses.fields(make)}
    with contextlib.suppress(gs.GatescopeError):
        edit = make(**values)
        assert len(str(edit.label).splitlines()) == 1
        edit.check(SHAPE)
