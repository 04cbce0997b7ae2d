"""One unit taken out of a trace: its numbers in the order of the run, and what its equations make of them."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

import gatescope as gs
from gatescope.traces.one_unit import OneUnit
from gatescope.traces.trace import Trace

K, H = 3, 4


@pytest.fixture
def packed() -> Trace:
    """Return a run in two directions over elements of 5 and 3 steps, from states that are not zero."""
    x = nn.utils.rnn.pack_sequence([torch.randn(length, K).double() for length in (5, 3)])
    hx = tuple(torch.randn(2, 2, H).double() for _ in range(2))
    return gs.trace(nn.LSTM(K, H, bidirectional=True).double(), x, hx)


@pytest.mark.parametrize(("direction", "steps"), [("forward", [0, 1, 2]), ("reverse", [2, 1, 0])])
def test_steps_are_in_the_order_of_the_run(packed: Trace, direction: str, steps: list[int]) -> None:
    one = OneUnit(packed, 0, direction, 1, 2)
    assert list(one.steps) == steps
    assert [one.number(t) for t in steps] == [0, 1, 2]
    whole = packed.cell(0, direction).quantity("c")
    assert one.over_time("c").tolist() == [float(whole[t, 1, 2]) for t in steps]
    with pytest.raises(gs.GatescopeError) as caught:
        one.number(3)
    assert caught.value.code == "no_such_step"


@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_a_step_reads_x_and_the_h_before_it(packed: Trace, direction: str) -> None:
    one, cell = OneUnit(packed, 0, direction, 1, 2), packed.cell(0, direction)
    xh = one.xh(torch.arange(3))
    for number, t in enumerate(one.steps):
        before = cell.h0[1] if number == 0 else cell.h[one.steps[number - 1], 1]
        assert torch.equal(xh[number], torch.cat([cell.x[t, 1], before]))
        assert torch.equal(one.step(number).before["h"], before[None])


def test_its_weights_are_one_row_for_each_gate(packed: Trace) -> None:
    p, own = packed.cell().weights.parameters, OneUnit(packed, 0, "forward", 0, 2).weights
    assert own.hidden_size == 1
    assert torch.equal(own.parameters.w_hh, p.w_hh[[2, H + 2, 2 * H + 2, 3 * H + 2]])
    assert p.b_ih is not None
    assert own.parameters.b_ih is not None
    assert torch.equal(own.parameters.b_ih, p.b_ih[2::H])


@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_its_equations_make_of_a_step_what_was_recorded(packed: Trace, direction: str) -> None:
    one = OneUnit(packed, 0, direction, 0, 2)
    for number, t in enumerate(one.steps):
        computed = one.computed(number)
        for name in packed.spec.cell.names:
            apart = abs(float(computed[name]) - float(packed.cell(0, direction).quantity(name)[t, 0, 2]))
            assert apart <= one.bound(name, number)


def test_where_it_was_held() -> None:
    holds = [gs.Hold("f", 0.5, 1, 3, units=(2,)), gs.Hold("o", 1.0, 0, 2, batch=(0,))]
    trace = gs.trace(nn.LSTM(K, H), torch.randn(5, 2, K), holds=holds)
    assert OneUnit(trace, 0, "forward", 1, 2).held("f").tolist() == [False, True, True, False, False]
    assert not OneUnit(trace, 0, "forward", 1, 1).held("f").any()
    assert not OneUnit(trace, 0, "forward", 1, 2).held("o").any()
    one = OneUnit(trace, 0, "forward", 0, 2)
    assert one.held("o").tolist() == [True, True, False, False, False]
    assert float(one.computed(1)["f"]) != 0.5  # what it would be


@pytest.mark.parametrize(
    ("batch", "unit", "code"),
    [(2, 0, "no_such_element"), (True, 0, "no_such_element"), (0, H, "no_such_unit"), (0, -1, "no_such_unit")],
)
def test_what_is_not_there_is_refused(packed: Trace, batch: Any, unit: Any, code: str) -> None:
    with pytest.raises(gs.GatescopeError) as caught:
        OneUnit(packed, 0, "forward", batch, unit)
    assert caught.value.code == code
