"""Which steps and layers the unrolled network shows, and which equalities of torch's results it speaks of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
import torch
from hypothesis import given, strategies as st
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from gatescope.traces.identities import CallArguments, identities, is_so
from gatescope.traces.order import Cursor
from gatescope_app.panels.diagram.network_plan import MOST_SLOTS, NetworkPlan, fold
from gatescope_app.state.runs import Setup, run
from gatescope_app.state.session_state import State

NETWORKS = {
    "nn.LSTM(3, 5, 2)": ["output[-1] h_n[-1]"],
    "nn.LSTM(3, 5, 2, batch_first=True)": ["output[:, -1] h_n[-1]"],
    "nn.LSTM(3, 5, bidirectional=True)": ["output[0, :, 5:] h_n[-1]", "output[-1, :, :5] h_n[-2]"],
    "nn.LSTM(3, 5, 2, bidirectional=True, batch_first=True)": ["output[:, 0, 5:] h_n[-1]", "output[:, -1, :5] h_n[-2]"],
    "nn.LSTM(3, 5, bidirectional=True, proj_size=2)": ["output[0, :, 2:] h_n[-1]", "output[-1, :, :2] h_n[-2]"],
    "nn.GRU(3, 5, 2, bidirectional=True)": ["output[0, :, 5:] h_n[-1]", "output[-1, :, :5] h_n[-2]"],
    "nn.RNN(3, 5)": ["output[-1] h_n[-1]"],
    "nn.LSTMCell(3, 5)": [],
}
UNBATCHED = {
    "nn.LSTM(3, 5, 2)": ["output[-1] h_n[-1]"],
    "nn.LSTM(3, 5, batch_first=True)": ["output[-1] h_n[-1]"],
    "nn.LSTM(3, 5, 2, bidirectional=True)": ["output[0, 5:] h_n[-1]", "output[-1, :5] h_n[-2]"],
}
PACKED = {
    "nn.LSTM(3, 5, bidirectional=True)": ["output[0, :, 5:] h_n[-1]", "output[2, 1, :5] h_n[-2, 1]"],
    "nn.GRU(3, 5, batch_first=True)": ["output[1, 2] h_n[-1, 1]"],
}
CASES = [
    *((line, 4, None, told) for line, told in NETWORKS.items()),
    *((line, None, None, told) for line, told in UNBATCHED.items()),
    *((line, 3, (6, 3, 5), told) for line, told in PACKED.items()),
]


@given(st.integers(1, 300), st.integers(0, 299), st.integers(0, 12), st.integers(1, 2))
def test_a_fold_shows_both_ends_the_place_and_its_neighbours(count: int, at: int, more: int, ends: int) -> None:
    at, slots = min(at, count - 1), 2 * ends + 5 + more
    shown = fold(count, at, slots, ends)
    numbers = [number for number in shown if number is not None]
    assert numbers == sorted(set(numbers))
    assert len(shown) == min(count, slots)
    assert {at, max(at - 1, 0), min(at + 1, count - 1)} <= set(numbers)
    wanted = range(min(ends, count))
    assert {*wanted, *(count - 1 - number for number in wanted)} <= set(numbers)
    for before, gap, after in zip(shown, shown[1:], shown[2:], strict=False):
        if gap is None:
            assert before is not None
            assert after is not None
            assert after - before > 2, "a gap for a single step hides what there is room for"
        elif before is not None:
            assert gap == before + 1


def call_of(setup: Setup) -> CallArguments:
    return CallArguments(setup.spec, setup.steps, setup.batched, setup.lengths)


def test_a_fold_turns_like_pages() -> None:
    shown = [fold(100_000, at, 13, 2) for at in range(400, 500)]
    turns = sum(one != other for one, other in pairwise(shown))
    assert turns == pytest.approx(100 / 5, abs=1), "every fifth step turns a page of seven"


def test_many_steps_and_layers_fold(make_setup: Callable[..., Setup]) -> None:
    setup = make_setup("nn.LSTM(2, 3, 40)", steps=100_000)
    plan = NetworkPlan.of(State(setup, cursor=Cursor(43_210, 20)), MOST_SLOTS)
    assert len(plan.columns) == MOST_SLOTS
    assert {0, 1, 43_209, 43_210, 43_211, 99_998, 99_999} <= set(plan.columns)
    assert {0, 19, 20, 21, 39} <= set(plan.layers)
    assert len(plan.layers) == 7


def told(setup: Setup, batch: int) -> list[str]:
    return [f"{one.output} {one.state}" for one in identities(call_of(setup), batch)]


def packed(setup: Setup, lengths: tuple[int, ...] | None) -> Setup:
    return setup if lengths is None else replace(setup, lengths=lengths)


@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
@pytest.mark.parametrize(("line", "batch", "lengths", "expected"), CASES)
def test_what_is_said_to_be_equal_is_so_in_torchs_own_results(
    make_setup: Callable[..., Setup], line: str, batch: int | None, lengths: Any, expected: list[str]
) -> None:
    setup = packed(make_setup(line, steps=6, batch=batch), lengths)
    element = 0 if batch is None else 1
    assert told(setup, element) == expected
    if setup.spec.is_cell:
        return
    module = setup.source.network(setup.spec)
    assert isinstance(module, nn.RNNBase)
    x: Any = torch.as_tensor(setup.sequence.values, dtype=torch.float32)
    if lengths is not None:
        x = pack_padded_sequence(x, list(lengths), setup.spec.batch_first, enforce_sorted=False)
    with torch.no_grad():
        output, states = module(x)
    if lengths is not None:
        output, _ = pad_packed_sequence(output, setup.spec.batch_first)
    names = {"output": output, "h_n": states[0] if setup.spec.kind == "LSTM" else states}
    for one in identities(call_of(setup), element):
        ours, theirs = (eval(text, {}, names) for text in (one.output, one.state))
        assert ours.numel() > 0
        assert torch.equal(ours, theirs), one


@pytest.mark.parametrize(("line", "batch", "lengths", "expected"), CASES)
def test_equalities_are_computed_from_the_trace(
    make_setup: Callable[..., Setup], line: str, batch: int | None, lengths: Any, expected: list[str]
) -> None:
    setup = packed(make_setup(line, steps=6, batch=batch), lengths)
    trace, element = run(setup).trace, 0 if batch is None else 1
    for one in identities(call_of(setup), element):
        assert is_so(one, trace)
        number = setup.spec.cells().index((setup.spec.num_layers - 1, one.direction))
        tampered = replace(trace)  # without what `trace` has cached
        h_n = trace.h_n.clone()
        h_n[number].view(-1)[-1] += 1e-6 if one.batch is None else 0.0
        if one.batch is not None:
            h_n[number, one.batch, -1] += 1e-6
        tampered.__dict__["h_n"] = h_n
        assert not is_so(one, tampered), f"a changed last bit of {one.state} went unseen"


def test_an_element_is_compared_with_itself_where_lengths_differ(make_setup: Callable[..., Setup]) -> None:
    setup = replace(make_setup("nn.LSTM(3, 5)", steps=6, batch=3), lengths=(6, 3, 5))
    trace = run(setup).trace
    (of_one,) = identities(call_of(setup), 1)
    assert of_one.t == 2
    tampered = replace(trace)
    tampered.__dict__["h_n"] = trace.h_n.clone()
    tampered.h_n[0, 2] += 1.0  # another element's
    assert is_so(of_one, tampered)


def test_nan_equals_itself(make_setup: Callable[..., Setup]) -> None:
    setup = make_setup("nn.LSTM(3, 5)", steps=3)
    setup.sequence.values[2] = float("nan")
    (one,) = identities(call_of(setup), 0)
    assert is_so(one, run(setup).trace)
