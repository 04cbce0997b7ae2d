"""A batch without a sequence, which a module takes: it is traced, written and read, and nothing is claimed of it."""

from __future__ import annotations

from math import isnan
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import torch
from torch import Tensor, nn

import gatescope as gs
from gatescope.formats import trace_reading
from gatescope.formats.trace_file import read_traces
from gatescope.traces.trace import Trace

T = 5
MODULES: dict[str, tuple[Any, tuple[int, ...]]] = {
    "LSTM": (lambda: nn.LSTM(4, 3), (T, 0, 4)),
    "LSTM, two layers and directions": (lambda: nn.LSTM(4, 3, 2, bidirectional=True), (T, 0, 4)),
    "GRU, batch first": (lambda: nn.GRU(4, 3, batch_first=True), (0, T, 4)),
    "RNN": (lambda: nn.RNN(4, 3, nonlinearity="relu"), (T, 0, 4)),
    "LSTM with a projection": (lambda: nn.LSTM(4, 3, proj_size=2), (T, 0, 4)),
    "LSTM in bfloat16": (lambda: nn.LSTM(4, 3, dtype=torch.bfloat16), (T, 0, 4)),
    "GRU in float64": (lambda: nn.GRU(4, 3, dtype=torch.float64), (T, 0, 4)),
    "LSTMCell": (lambda: nn.LSTMCell(4, 3), (T, 0, 4)),
}


def input_of(module: nn.Module, shape: tuple[int, ...]) -> Tensor:
    return torch.ones(shape, dtype=next(module.parameters()).dtype)


@pytest.fixture(params=MODULES)
def traced(request: pytest.FixtureRequest) -> tuple[nn.Module, Tensor, Trace]:
    make, shape = MODULES[request.param]
    module: nn.Module = make()
    x = input_of(module, shape)
    return module, x, gs.trace(module, x)  # type: ignore[arg-type]


def test_an_empty_batch_gives_what_the_module_gives(traced: tuple[nn.Module, Tensor, Trace]) -> None:
    module, x, trace = traced
    assert (len(trace), trace.batch_size) == (T, 0)
    assert trace.cell().values.keys() == set(trace.spec.cell.names)
    assert trace.cell().quantity("h").shape == (T, 0, trace.spec.output_size)
    if isinstance(module, nn.RNNBase):
        output, hx = module(x)
        states = hx if isinstance(hx, tuple) else (hx,)
        shapes = [trace.output.shape, trace.h_n.shape]
        assert shapes + ([trace.c_n.shape] if len(states) > 1 else []) == [output.shape, *(one.shape for one in states)]


@pytest.mark.parametrize("gates", [False, True])
def test_nothing_is_claimed_of_an_empty_batch(traced: tuple[nn.Module, Tensor, Trace], gates: bool) -> None:
    _, _, trace = traced
    report = gs.verify(trace, gates=gates)
    assert report.verdict.code == "batch_empty"
    assert not report.matches
    assert "the batch is empty" in str(report.verdict)
    assert report.first_difference is report.nonfinite is report.disagreement is report.deviation is None
    assert isnan(report.worst.ratio)
    assert report.compared == (trace.spec.cell.names if gates else report.states)
    assert report.largest_ratio().shape == (T, 0)
    assert report.free_running("h").shape == trace.cell().h.shape
    assert gs.compare(trace, trace).verdict.code == "batch_empty"


def test_an_empty_batch_is_written_and_read_again(traced: tuple[nn.Module, Tensor, Trace], tmp_path: Path) -> None:
    _, _, trace = traced
    for layout in ("long", "wide"):
        trace.to_csv(tmp_path / "x.csv", layout)  # type: ignore[arg-type]
        assert len((tmp_path / "x.csv").read_text().splitlines()) == 1  # the names of the columns
    trace.to_parquet(tmp_path / "x.parquet")
    assert pl.read_parquet(tmp_path / "x.parquet").height == 0
    assert trace.to_xarray().sizes["batch"] == 0
    trace.save(tmp_path / "x.gates")
    ((_, again),) = read_traces(tmp_path / "x.gates").traces
    assert (len(again), again.batch_size) == (T, 0)
    assert again.spec == trace.spec
    assert torch.equal(again.weights["weight_hh" if trace.spec.is_cell else "weight_hh_l0"], first_weight(trace))


def first_weight(trace: Trace) -> Tensor:
    return next(weight for name, weight in trace.weights.items() if name.startswith("weight_hh"))


def test_states_holds_and_gradients_of_an_empty_batch() -> None:
    lstm = nn.LSTM(4, 3)
    x, h0 = torch.ones(T, 0, 4), torch.ones(1, 0, 3)
    assert gs.trace(lstm, x, (h0, h0)).cell().h0.shape == (0, 3)
    held = gs.trace(lstm, x, holds=[gs.Hold("f", 0.5)])
    assert gs.verify(held, gates=True).verdict.code == "batch_empty"
    assert held.cell().quantity("z_f").shape == (T, 0, 3)
    trace = gs.trace(lstm, x, grad=True)
    assert isinstance(trace.output, Tensor)
    trace.output.sum().backward()
    assert trace.cell().grad("f").shape == (T, 0, 3)
    assert not lstm.weight_hh_l0.grad.any()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("module", "shape"),
    [
        (nn.LSTM(4, 3), (0, 2, 4)),
        (nn.LSTM(4, 3), (0, 4)),
        (nn.GRU(4, 3, batch_first=True), (2, 0, 4)),
        (nn.RNN(4, 3), (0, 0, 4)),
    ],
)
def test_no_step_is_refused_as_by_the_module(module: nn.Module, shape: tuple[int, ...]) -> None:
    with pytest.raises(RuntimeError, match="sequence length to be larger than 0"):
        module(torch.ones(shape))
    with pytest.raises(gs.GatescopeError, match="it needs at least one step") as caught:
        gs.trace(module, torch.ones(shape))
    assert caught.value.code == "sequence_empty"


def test_a_file_cannot_promise_more_steps_of_nothing_than_there_may_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each takes time, and nothing in the file stands for it."""
    gs.trace(nn.LSTM(4, 3), torch.ones(50, 0, 4)).save(tmp_path / "x.gates")
    monkeypatch.setattr(trace_reading, "_MOST_STEPS_OF_NONE", 49)
    with pytest.raises(gs.GatescopeError, match=r"x does not fit the rest: \(50, 0, 4\)"):
        read_traces(tmp_path / "x.gates")
