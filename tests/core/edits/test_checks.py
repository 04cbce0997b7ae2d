"""What edits must fit: a network, a sequence, and the largest number of a dtype."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

import gatescope as gs
from gatescope.edits.checks import Shape
from gatescope.edits.edits import Hold, InputEdit, StateEdit

Refusal = Callable[[Callable[[], object]], str]


def test_a_projection_has_fewer_units_of_h(refusal: Refusal) -> None:
    shape = Shape(gs.ModuleSpec(3, 4, proj_size=2), 6)
    Hold("c", 1.0, units=(3,)).check(shape)
    StateEdit("c0", 0, "forward", 3, 1.0).check(shape)
    assert refusal(lambda: Hold("h", 1.0, units=(2,)).check(shape)) == "units must be 0 … 1, but it is 2."
    assert refusal(lambda: StateEdit("h0", 0, "forward", 2, 1.0).check(shape)) == "unit must be 0 … 1, but it is 2."


def test_a_shorter_batch_element_ends_where_it_ends(refusal: Refusal) -> None:
    shape = Shape(gs.ModuleSpec(3, 4), 6, 2, lengths=(6, 3))
    InputEdit(5, 0, 1.0, 0).check(shape)
    assert refusal(lambda: InputEdit(3, 0, 1.0, 1).check(shape)) == "t must be 0 … 2, but it is 3."


@pytest.mark.parametrize(("dtype", "most"), [("float16", 65504.0), ("bfloat16", 3.3895e38), ("float32", 3.4028e38)])
def test_numbers_that_the_dtype_cannot_hold_are_refused(dtype: str, most: float, refusal: Refusal) -> None:
    shape = Shape(gs.ModuleSpec(3, 4, dtype=dtype), 6)
    InputEdit(0, 0, -torch.finfo(getattr(torch, dtype)).max).check(shape)
    assert most == pytest.approx(torch.finfo(getattr(torch, dtype)).max, rel=1e-4)
    assert dtype in refusal(lambda: InputEdit(0, 0, 1.01 * most).check(shape))
