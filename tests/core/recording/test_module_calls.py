"""One call of a module: which elements are kept of it, and whether a trace is what it returned."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations
from torch.nn.utils.rnn import pack_sequence

import gatescope as gs
from gatescope.recording.module_calls import difference, positions, read_call, undisturbed


def test_rounding_of_another_batch_size_is_no_difference(seeded: Any) -> None:
    lstm = seeded(lambda: nn.LSTM(64, 128, 2))
    with gs.record(lstm) as recording:
        lstm(torch.randn(50, 32, 64))
    assert 0 < recording.differences["LSTM"][0] < 1e-5


@pytest.mark.parametrize(
    ("batch", "expected"),
    [(None, None), (0, [0]), (-1, [3]), ([2, 0], [2, 0]), (slice(1, 9), [1, 2, 3]), (slice(None, None, -2), [3, 1])],
)
def test_elements_are_asked_for_as_python_indexes(batch: Any, expected: list[int] | None) -> None:
    assert positions(batch, 4) == expected


@pytest.mark.parametrize("batch", [4, -5, [0, 4], slice(4, 9), []])
def test_an_element_that_is_not_there_is_refused(batch: Any) -> None:
    with pytest.raises(gs.GatescopeError) as caught:
        positions(batch, 4)
    assert caught.value.code == "batch_beyond"


def test_only_the_chosen_elements_of_a_call_are_kept(seeded: Any, X: Tensor) -> None:
    lstm = seeded(lambda: nn.LSTM(4, 3, batch_first=True))
    x, hx = X.transpose(0, 1), (torch.randn(1, 3, 3), torch.randn(1, 3, 3))
    with undisturbed(lstm):
        returned = lstm(x, hx)
        call = read_call(lstm, (x,), {"hx": hx}, returned, [2, 0])
    assert call.size == 3
    assert call.before is not None
    for kept, whole in ((call.x, x), (call.output, returned[0])):
        assert torch.equal(kept, whole[[2, 0]])
    for kept, whole in zip(call.before + call.after, hx + returned[1], strict=True):
        assert torch.equal(kept, whole[:, [2, 0]])


def test_the_chosen_sequences_of_a_packed_call_are_packed_again(seeded: Any) -> None:
    lstm = seeded(lambda: nn.LSTM(4, 3))
    sequences = [torch.randn(length, 4) for length in (2, 5, 3)]
    packed = pack_sequence(sequences, enforce_sorted=False)
    with undisturbed(lstm):
        call = read_call(lstm, (packed,), {}, lstm(packed), [2, 1])
    expected = pack_sequence([sequences[2], sequences[1]], enforce_sorted=False)
    for kept, whole in zip(call.x, expected, strict=True):
        assert torch.equal(kept, whole)


@pytest.mark.parametrize(("factor", "by_rounding"), [(0.5, True), (2.0, False)])
def test_half_of_the_digits_must_agree(factor: float, by_rounding: bool, seeded: Any, X: Tensor) -> None:
    lstm = seeded(lambda: nn.LSTM(4, 3, dtype=torch.float64))
    x = X.double()
    with undisturbed(lstm):
        call = read_call(lstm, (x,), {}, lstm(x), None)
    output = call.output.clone()
    output[0, 0, 0] += (apart := factor * 2.0**-26.5 * float(output.abs().max()))  # sqrt(u), u = 2^-53
    found = difference(gs.trace(lstm, x), replace(call, output=output))
    assert found.by_rounding == by_rounding
    # Sum and difference each round once by at most half a unit in the last place of a number below 1: 2^-54 twice.
    assert abs(found.largest - apart) <= 2 * 2.0**-54


def test_what_is_no_output_is_infinitely_far(seeded: Any, X: Tensor) -> None:
    lstm = seeded(lambda: nn.LSTM(4, 3))
    with undisturbed(lstm):
        call = read_call(lstm, (X,), {}, {"a": 1}, None)
    assert (call.output, call.after) == (None, ())
    assert difference(gs.trace(lstm, X), call) == (math.inf, False, ("output", math.inf, 0.0))


def test_a_block_that_reads_leaves_no_graph_and_no_iteration_of_spectral_norm(seeded: Any) -> None:
    cell = seeded(lambda: parametrizations.spectral_norm(nn.GRUCell(4, 3), "weight_hh"))
    vectors = [one.clone() for one in cell.buffers()]
    with undisturbed(cell):
        assert not cell.weight_hh.requires_grad
    assert all(torch.equal(one, other) for one, other in zip(vectors, cell.buffers(), strict=True))
    assert all(part.training for part in cell.parametrizations.modules())
    _ = cell.weight_hh  # outside of it, reading iterates
    assert not all(torch.equal(one, other) for one, other in zip(vectors, cell.buffers(), strict=True))
