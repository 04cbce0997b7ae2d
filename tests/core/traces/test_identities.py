"""What `output` and `h_n` share: the indices that are written are equal in what torch itself returns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

import gatescope as gs
from gatescope.modules.network import spec_of
from gatescope.traces.identities import CallArguments, identities, is_so

CASES: list[tuple[dict[str, Any], tuple[int, ...] | None, list[tuple[str, str]]]] = [
    ({}, None, [("output[-1]", "h_n[-1]")]),
    ({"num_layers": 2, "batch_first": True}, None, [("output[:, -1]", "h_n[-1]")]),
    ({"bidirectional": True}, None, [("output[0, :, 5:]", "h_n[-1]"), ("output[-1, :, :5]", "h_n[-2]")]),
    (
        {"bidirectional": True, "num_layers": 2, "proj_size": 2}, None,
        [("output[0, :, 2:]", "h_n[-1]"), ("output[-1, :, :2]", "h_n[-2]")],
    ),
    ({}, (6, 3), [("output[2, 1]", "h_n[-1, 1]")]),
    (
        {"bidirectional": True, "batch_first": True}, (6, 3),
        [("output[:, 0, 5:]", "h_n[-1]"), ("output[1, 2, :5]", "h_n[-2, 1]")],
    ),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
@pytest.mark.parametrize(("options", "lengths", "expected"), CASES)
def test_the_two_are_the_same_numbers(
    options: dict[str, Any], lengths: tuple[int, ...] | None, expected: list[tuple[str, str]]
) -> None:
    module, first = nn.LSTM(3, 5, **options), options.get("batch_first", False)
    x: Any = torch.randn(2, 6, 3) if first else torch.randn(6, 2, 3)
    x = x if lengths is None else pack_padded_sequence(x, torch.tensor(lengths), batch_first=first)
    found = identities(CallArguments(spec_of(module), 6, batched=True, lengths=lengths), 1)
    assert [(one.output, one.state) for one in found] == expected
    with torch.no_grad():
        output, (h_n, _) = module(x)
    if lengths is not None:
        output, _ = pad_packed_sequence(output, batch_first=first)
    trace = gs.trace(module, x)
    for one in found:
        ours, theirs = (eval(text, {"output": output, "h_n": h_n}) for text in (one.output, one.state))
        assert ours.numel() > 0
        assert torch.equal(ours, theirs)
        assert is_so(one, trace)


def test_without_a_batch_there_is_one_index_less() -> None:
    call = CallArguments(spec_of(nn.GRU(3, 5, bidirectional=True)), 6, batched=False)
    assert [(one.t, one.output) for one in identities(call, 0)] == [(0, "output[0, 5:]"), (5, "output[-1, :5]")]
    assert identities(CallArguments(spec_of(nn.GRUCell(3, 5)), 6, batched=True), 0) == ()


def test_one_bit_or_another_nan_is_seen() -> None:
    trace = gs.trace(nn.RNN(3, 5), torch.randn(6, 2, 3))
    (one,) = identities(CallArguments(trace.spec, 6, batched=True), 0)
    tampered = replace(trace)  # without what the trace has computed from its cells
    tampered.__dict__["h_n"] = torch.nextafter(trace.h_n, torch.tensor(2.0))
    assert is_so(one, trace)
    assert not is_so(one, tampered)
    x = torch.randn(6, 2, 3)
    x[5] = torch.nan
    assert is_so(one, gs.trace(nn.RNN(3, 5), x))
