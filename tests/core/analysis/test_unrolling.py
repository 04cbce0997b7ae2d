"""Memories unrolled over the steps that wrote them, against plain loops over the recorded gates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st
from torch import nn

import gatescope as gs
from gatescope.cells.kinds import CELLS
from gatescope.traces.trace import Trace, as_numpy

MakeTrace = Callable[..., Trace]
Place = tuple[int, str, int, int]
Numbers = Callable[[Trace, str, Place], Any]
OrderOf = Callable[[Trace, str, int], list[int]]
Check = Callable[[Trace, Place], None]
LSTM = CELLS[0]
ENDS = ("forward", "reverse")


def most_apart(trace: Trace, where: Place, numbers: Numbers, order_of: OrderOf) -> dict[int, float]:
    """How far the recorded memory may be, after each step, from the recurrence run exactly on the recorded gates.

    Let S follow S_t = kept_t S_(t-1) + written_t exactly. What is recorded rounds every product, sum and 1 - z once, so
    one step leaves that by at most ((1 + u)^n - 1) (|kept_t S_(t-1)| + |written_t|), where n is the most roundings that
    one of the two terms goes through: 2 in f C + i C̃, 3 in (1 - z) n + z h. A result below the normal range is rounded
    by at most u times the smallest normal number besides. A GRU's h may be the kernel's own, whose gates are off by the
    rounding of their pre-activations, too: then a step is off by at most what the verification allows it. What earlier
    steps were off by is multiplied by kept_t.
    """
    layer, direction, batch, unit = where
    cell, arithmetic = trace.cell(layer, direction), trace.arithmetic
    u = arithmetic.unit_roundoff
    if trace.spec.cell is LSTM:
        state, roundings, kept = "c", 2, numbers(trace, "f", where)
        written = numbers(trace, "i", where) * numbers(trace, "c_tilde", where)
    else:
        state, roundings, kept = "h", 3, numbers(trace, "z", where)
        written = (1 - kept) * numbers(trace, "n", where)
    recorded = numbers(trace, state, where)
    allowed = as_numpy(gs.verify(trace).bound("h", layer, direction))[:, batch] if cell.h_from_kernel else None
    before, apart, result = float(cell.before[state][batch, unit]), 0.0, {}
    for t in order_of(trace, direction, batch):
        own = ((1 + u) ** roundings - 1) * (abs(kept[t] * before) + abs(written[t])) + 3 * u * arithmetic.tiny
        if state == "h" and allowed is not None:
            own = float(allowed[t, unit])
        apart = result[t] = kept[t] * apart + own
        before = recorded[t]
    return result


@pytest.fixture(scope="session")
def check_unrolled(numbers: Numbers, order_of: OrderOf) -> Check:
    """Return a function that compares every step's unrolling with plain loops, and its sum with what was recorded."""

    def check(trace: Trace, where: Place) -> None:
        layer, direction, batch, unit = where
        origins, most = gs.Origins(trace, *where), most_apart(trace, where, numbers, order_of)
        keeps, state = ("f", "c") if trace.spec.cell is LSTM else ("z", "h")
        kept, recorded = numbers(trace, keeps, where), numbers(trace, state, where)
        initial = float(trace.cell(layer, direction).before[state][batch, unit])
        done: list[int] = []
        for t in order_of(trace, direction, batch):
            done.append(t)
            terms = origins.memory(t)
            assert terms.steps.tolist() == done
            assert terms.recorded == recorded[t]
            assert not terms.set_by_hand.any()
            for s, left, share, written in zip(done, terms.left, terms.shares, terms.written, strict=True):
                later = [kept[r] for r in done[done.index(s) + 1 :]]
                assert left == pytest.approx(np.prod(later), rel=1e-12)
                assert share == left * written
            assert terms.initial_share == pytest.approx(initial * np.prod([kept[r] for r in done]), rel=1e-12)
            # Each share is made of at most len(done) + 3 products in float64, and as many are added up.
            sums = np.abs(terms.shares).sum() + abs(terms.initial_share)
            assert abs(terms.total - terms.recorded) <= most[t] + (2 * len(done) + 6) * 2.0**-53 * sums

    return check


@settings(max_examples=2 * settings.default.max_examples)
@given(data=st.data())
def test_the_shares_are_the_products_and_add_up_to_the_recorded_memory(
    data: Any, runs: Any, check_unrolled: Check
) -> None:
    trace, where = data.draw(runs())
    check_unrolled(trace, where)


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
@pytest.mark.parametrize("direction", ENDS)
def test_long_memories_add_up_as_well(make_trace: MakeTrace, kind: str, direction: str, check_unrolled: Check) -> None:
    trace = make_trace(3, 4, kind=kind, steps=150, bidirectional=True, scale=3.0)
    for unit in range(4):
        check_unrolled(trace, (0, direction, 1, unit))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda gates: (gates["f"] * (1 + 2.0**-20), gates["i"] * gates["c_tilde"]),
        lambda gates: (gates["f"], gates["i"] * gates["c_tilde"] * (1 + 2.0**-20)),
        lambda gates: (gates["f"].roll(1), gates["i"] * gates["c_tilde"]),
        lambda gates: (gates["o"], gates["i"] * gates["c_tilde"]),
        lambda gates: (gates["f"], gates["f"] * gates["c_tilde"]),
    ],
    ids=["f off by 16 u", "written off by 16 u", "f of another step", "o for f", "f for i"],
)
def test_a_wrong_factor_is_found_by_these_checks(
    make_trace: MakeTrace, monkeypatch: pytest.MonkeyPatch, wrong: Any, check_unrolled: Check
) -> None:
    trace = make_trace(3, 4, steps=40, scale=2.0)
    check_unrolled(trace, (0, "forward", 0, 1))
    monkeypatch.setattr(type(LSTM), "kept_and_written", lambda _, gates: wrong(gates))
    with pytest.raises(AssertionError):
        check_unrolled(trace, (0, "forward", 0, 1))


def by_hand(f: list[float], written: list[float], c: list[float], c0: float = 0.0) -> Trace:
    """A run whose one unit has these numbers."""
    trace = gs.trace(nn.LSTM(1, 1), torch.zeros(len(f), 1))
    cell = trace.cell()
    shaped = {name: torch.tensor(of).view(-1, 1, 1) for name, of in (("f", f), ("c_tilde", written), ("c", c))}
    values = {**cell.values, **shaped, "i": torch.ones(len(f), 1, 1)}
    return trace.with_cell(replace(cell, values=values, before={**cell.before, "c": torch.tensor([[c0]])}))


def test_it_says_how_much_of_each_step_is_left() -> None:
    trace = by_hand([0.5, 0.25, 0.5], [1.0, -0.5, 0.25], [3.0, 0.25, 0.375], c0=4.0)
    terms = gs.Origins(trace).memory(2)
    assert (terms.state, terms.t, terms.recorded) == ("c", 2, 0.375)
    assert terms.steps.tolist() == [0, 1, 2]
    assert terms.written.tolist() == [1.0, -0.5, 0.25]
    assert terms.left.tolist() == [0.125, 0.5, 1.0]
    assert terms.shares.tolist() == [0.125, -0.25, 0.25]
    assert (terms.initial, terms.initial_left, terms.initial_share) == (4.0, 0.0625, 0.25)
    assert terms.total == 0.375


def test_the_largest_shares_come_first_the_earlier_of_equals_before_the_later_and_nan_last() -> None:
    nan = float("nan")
    trace = by_hand([1.0] * 5, [1.0, -3.0, nan, 1.0, 2.0], [1.0, -2.0, nan, nan, nan])
    terms = gs.Origins(trace).memory(4)
    assert terms.largest(5).tolist() == terms.largest(9).tolist() == [1, 4, 0, 3, 2]
    assert terms.largest(2).tolist() == [1, 4]


def test_what_is_long_forgotten_underflows_to_nothing() -> None:
    steps = 5000
    trace = by_hand([0.5] * steps, [0.5] * steps, [1.0] * steps, c0=1.0)
    terms = gs.Origins(trace).memory(steps - 1)
    assert terms.total == 1.0
    assert terms.initial_share == terms.shares[0] == 0.0


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("name", ["f", "c_tilde"])
def test_nan_and_infinity_stay_what_they_are(make_trace: MakeTrace, bad: float, name: str) -> None:
    trace = make_trace(3, 4, steps=8)
    cell = trace.cell()
    values = {key: value.clone() for key, value in cell.values.items()}
    values[name][3, 0, 1] = bad
    for t in range(3, 8):
        values["c"][t] = values["f"][t] * values["c"][t - 1] + values["i"][t] * values["c_tilde"][t]
    origins = gs.Origins(trace.with_cell(replace(cell, values=values)), unit=1)
    assert np.isfinite(origins.memory(2).total)
    for t in range(3, 8):
        terms = origins.memory(t)
        assert not terms.set_by_hand.any()
        assert not np.isfinite(terms.total)
        assert len(terms.largest(4)) == 4


def test_a_plain_rnn_has_no_memory_and_it_is_said_why(make_trace: MakeTrace) -> None:
    for kind in ("RNN", "RNNCell"):
        with pytest.raises(gs.GatescopeError, match="A plain RNN keeps nothing") as refused:
            gs.Origins(make_trace(3, 4, kind=kind)).memory(2)
        assert refused.value.code == "no_memory"


@pytest.mark.parametrize("told", [True, False], ids=["held", "only seen in the numbers"])
@pytest.mark.parametrize(("kind", "state"), [("LSTM", "c"), ("GRU", "h")])
@pytest.mark.parametrize(("direction", "after", "before"), [("forward", 6, 2), ("reverse", 1, 5)])
def test_a_memory_that_was_set_by_hand_begins_there(
    make_lstm: Any, told: bool, kind: str, state: str, direction: str, after: int, before: int
) -> None:
    module = make_lstm(3, 4, kind=kind, bidirectional=True)
    x = torch.randn(8, 2, 3, generator=torch.Generator().manual_seed(1))
    hold = gs.Hold(state, 0.75, start=3, stop=5, direction=direction, units=(2,), batch=(1,))
    trace = gs.trace(module, x, holds=(hold,))
    if not told:
        trace = trace.with_cell(replace(trace.cell(0, direction), holds=()))
    terms = gs.Origins(trace, 0, direction, 1, 2).memory(after)
    last = 4 if direction == "forward" else 3  # of the held steps, in the order of the run
    assert terms.steps[terms.set_by_hand].tolist() == ([3, 4] if direction == "forward" else [4, 3])
    assert terms.written[terms.set_by_hand].tolist() == [0.75, 0.75]
    number = terms.steps.tolist().index(last)
    assert not terms.shares[:number].any()
    assert not terms.left[:number].any()
    assert (terms.initial_share, terms.shares[number]) == (0.0, 0.75 * terms.left[number])
    assert terms.total == pytest.approx(terms.recorded, rel=1e-5)
    for elsewhere in ((0, direction, 0, 2), (0, direction, 1, 1)):
        assert not gs.Origins(trace, *elsewhere).memory(after).set_by_hand.any()
    assert not gs.Origins(trace, 0, direction, 1, 2).memory(before).set_by_hand.any()


def test_what_a_held_memory_hides_is_forgotten_even_if_it_was_not_finite(make_lstm: Any) -> None:
    x = torch.zeros(6, 3)
    x[1, 0] = torch.nan
    trace = gs.trace(make_lstm(3, 4), x, holds=(gs.Hold("c", 0.5, start=3, stop=4), gs.Hold("h", 0.0, start=3, stop=4)))
    terms = gs.Origins(trace).memory(5)
    assert np.isnan(terms.written[1])
    assert terms.total == pytest.approx(terms.recorded, rel=1e-5)


def test_a_held_gate_is_a_factor_like_any_other(make_lstm: Any) -> None:
    x = torch.randn(8, 3, generator=torch.Generator().manual_seed(1))
    trace = gs.trace(make_lstm(3, 4), x, holds=(gs.Hold("f", 1.0), gs.Hold("i", 0.0, start=4)))
    terms = gs.Origins(trace).memory(7)
    assert terms.left.tolist() == [1.0] * 8
    assert not terms.shares[4:].any()
    assert terms.total == pytest.approx(terms.recorded, rel=1e-6)
    assert not terms.set_by_hand.any()


def test_a_memory_that_nothing_was_written_to_is_zero_however_far_its_gates_are_held() -> None:
    trace = gs.trace(
        gs.build(gs.ModuleSpec(3, 5), 0), torch.ones(400, 3), holds=[gs.Hold("f", 10.0), gs.Hold("i", 0.0)]
    )
    memory = gs.Origins(trace).memory(399)
    assert (memory.total, memory.recorded) == (0.0, 0.0)
