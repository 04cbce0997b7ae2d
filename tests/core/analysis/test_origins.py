"""Where a value came from: at which places it can be asked for, and of a trace with a graph."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

import gatescope as gs
from gatescope.traces.trace import Trace

MakeTrace = Callable[..., Trace]


def test_a_trace_with_a_graph_is_taken_apart_as_well(make_lstm: Any) -> None:
    x = torch.randn(6, 3, generator=torch.Generator().manual_seed(1))
    for kind in ("LSTM", "GRU"):
        origins = gs.Origins(gs.trace(make_lstm(3, 4, kind=kind), x, grad=True), unit=1)
        assert origins.memory(5).total == pytest.approx(origins.memory(5).recorded, abs=1e-6)
        gate = origins.terms("f" if kind == "LSTM" else "n", 5)
        assert gate.total == pytest.approx(gate.z, abs=1e-6)
        assert all(one.total == pytest.approx(one.recorded, abs=1e-6) for one in origins.sums(5))


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ({"unit": 4}, "unit must be from 0 to 3, but it is 4"),
        ({"unit": -1}, "unit must be from 0 to 3, but it is -1"),
        ({"batch": 2}, "batch must be from 0 to 1, but it is 2"),
        ({"layer": 1}, "layer must be from 0 to 0, but it is 1"),
        ({"direction": "backward"}, "direction must be forward, but it is backward"),
    ],
)
def test_a_place_that_the_run_does_not_have_is_refused(make_trace: MakeTrace, where: Any, words: str) -> None:
    with pytest.raises(gs.GatescopeError, match=words):
        gs.Origins(make_trace(3, 4), **where)


@pytest.mark.parametrize("t", [3, -1])
@pytest.mark.parametrize("ask", ["memory", "sums", "terms"])
def test_a_step_behind_the_elements_own_end_is_refused(ask: str, t: int) -> None:
    x = pack_padded_sequence(torch.randn(5, 2, 3), [5, 3], enforce_sorted=False)
    origins = gs.Origins(gs.trace(nn.LSTM(3, 4), x), batch=1)
    assert list(origins.steps) == [0, 1, 2]
    arguments = ("f", t) if ask == "terms" else (t,)
    with pytest.raises(gs.GatescopeError, match=f"t must be from 0 to 2, but it is {t}"):
        getattr(origins, ask)(*arguments)
