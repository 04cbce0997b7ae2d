"""Chunks of a run: together they are every number once, in order, in float64."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

import gatescope as gs
from gatescope.traces import chunks
from gatescope.traces.chunks import value_chunks
from gatescope.traces.trace import Trace

MakeTrace = Callable[..., Trace]


@pytest.mark.parametrize("batch", [None, 0, 1])
@pytest.mark.parametrize("at_once", [1, 20, 1 << 17])
def test_chunks_are_every_number_once(
    make_trace: MakeTrace, monkeypatch: pytest.MonkeyPatch, at_once: int, batch: int | None
) -> None:
    monkeypatch.setattr(chunks, "_AT_ONCE", at_once)
    trace = make_trace(3, 4, 2, bidirectional=True)  # 6 steps of 2 elements of 4 units
    parts = list(value_chunks(trace, 1, "reverse", ["f", "c"], batch))
    of_step = 4 if batch is not None else 8
    assert [len(part["f"]) for part in parts[:-1]] == [max(at_once // of_step, 1) * of_step // 4] * (len(parts) - 1)
    for name in ("f", "c"):
        whole = trace.cell(1, "reverse").quantity(name)
        whole = whole if batch is None else whole[:, batch : batch + 1]
        assert torch.equal(torch.cat([part[name] for part in parts]), whole.flatten(0, 1).double())


def test_steps_that_an_element_does_not_have_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "_AT_ONCE", 1)
    sequences = [torch.randn(length, 3) for length in (4, 2)]
    trace = gs.trace(nn.LSTM(3, 2), nn.utils.rnn.pack_sequence(sequences))
    parts = [part["h"] for part in value_chunks(trace, 0, "forward", ["h"])]
    assert [len(part) for part in parts] == [2, 2, 1, 1]
    assert not torch.cat(parts).isnan().any()


def test_progress_is_told_and_may_cancel(make_trace: MakeTrace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "_AT_ONCE", 16)  # two of 6 steps
    seen: list[float] = []
    list(value_chunks(make_trace(3, 4), 0, "forward", ["f"], progress=seen.append))
    assert seen == [0, 2 / 6, 4 / 6]

    def cancel(_fraction: float) -> None:
        raise gs.Cancelled

    with pytest.raises(gs.Cancelled):
        next(value_chunks(make_trace(3, 4), 0, "forward", ["f"], progress=cancel))


@pytest.mark.parametrize("batch", [-1, 2, True, 0.0])
def test_an_element_that_is_not_there_is_refused(make_trace: MakeTrace, batch: Any) -> None:
    with pytest.raises(gs.GatescopeError) as caught:
        list(value_chunks(make_trace(3, 4), 0, "forward", ["f"], batch))
    assert caught.value.code == "no_such_element"
