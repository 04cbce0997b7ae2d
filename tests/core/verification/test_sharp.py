"""The sharp test finds small faults that the worst case allows, and nothing in correct runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

import gatescope as gs
from gatescope.traces.trace import CellTrace, Trace
from gatescope.verification.report import Report

Fault = Callable[[nn.Module], None]


def drawn(*shape: int, dtype: torch.dtype = torch.float32, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


def make(kind: str, inputs: int, hidden: int, dtype: torch.dtype = torch.float32, **options: object) -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(7)
        module: nn.Module = getattr(nn, kind)(inputs, hidden, **options)
    return module.to(dtype)


def record_of_another(module: nn.Module, x: Tensor, fault: Fault) -> Trace:
    """Return the record of a network with a fault beside the weights of the right one."""
    right = gs.trace(module, x)
    with torch.no_grad():
        fault(module)
    wrong = gs.trace(module, x)
    return replace(
        right, cells={key: replace(cell, values=wrong.cells[key].values) for key, cell in right.cells.items()}
    )


def bias_of_candidate(module: nn.Module) -> None:
    module.bias_ih_l0[2 * module.hidden_size :][0] += 2e-5


def rounded_weights(module: nn.Module) -> None:
    for parameter in module.parameters():
        parameter.copy_((parameter * 2**20).round() / 2**20)


@pytest.mark.parametrize("fault", [bias_of_candidate, rounded_weights])
@pytest.mark.parametrize("gates", [False, True])
def test_a_small_fault_of_a_wide_network_is_found_within_the_worst_case(fault: Fault, gates: bool) -> None:
    report = gs.verify(record_of_another(make("LSTM", 64, 512), drawn(12, 1, 64), fault), gates=gates)
    assert report.worst.ratio < 0.5
    assert report.deviation is not None
    assert report.deviation.error > report.deviation.bound
    assert report.verdict.code in ("deviates", "deviates_in_gate")
    assert not report.matches


def test_it_says_where_and_how_much() -> None:
    report = gs.verify(record_of_another(make("LSTM", 64, 512), drawn(12, 1, 64), bias_of_candidate), gates=True)
    found = report.deviation
    assert found is not None
    assert (found.quantity, found.unit, found.layer, found.direction) == ("c_tilde", 0, 0, "forward")
    name, z_error = found.preactivation or ("", 0.0)
    assert name == "z_c"
    assert z_error == pytest.approx(2e-5, rel=0.1)
    assert found.error == float(report.resynced("c_tilde")[found.t, found.batch, 0])
    assert "c_tilde of unit 0 by" in str(report.verdict)
    assert "in z_c" in str(report.verdict)


def with_error(trace: Trace, quantity: str, error: float) -> Trace:
    cell = trace.cell()
    return trace.with_cell(replace(cell, values=cell.values | {quantity: cell.values[quantity] + error}))


RUNS: dict[str, Callable[[], Trace]] = {
    "LSTM": lambda: gs.trace(make("LSTM", 16, 100), drawn(30, 2, 16)),
    "GRU": lambda: gs.trace(make("GRU", 16, 100), drawn(30, 2, 16)),
    "RNN": lambda: gs.trace(make("RNN", 16, 100), drawn(30, 2, 16)),
    "relu": lambda: gs.trace(make("RNN", 16, 100, nonlinearity="relu"), drawn(30, 2, 16)),
    "LSTMCell": lambda: gs.trace(make("LSTMCell", 16, 60), drawn(30, 2, 16)),
    "no bias": lambda: gs.trace(make("LSTM", 16, 60, bias=False), drawn(30, 2, 16)),
    "projected": lambda: gs.trace(make("LSTM", 16, 60, proj_size=5), drawn(30, 2, 16)),
    "packed": lambda: gs.trace(make("GRU", 16, 60), pack_padded_sequence(drawn(30, 2, 16), [30, 20])),
    "bfloat16": lambda: gs.trace(make("LSTM", 16, 60, torch.bfloat16), drawn(30, 2, 16, dtype=torch.bfloat16)),
    "float16": lambda: gs.trace(make("GRU", 16, 60, torch.float16), drawn(30, 2, 16, dtype=torch.float16)),
    "float64": lambda: gs.trace(make("RNN", 16, 60, torch.float64), drawn(30, 2, 16, dtype=torch.float64)),
}


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("gates", [False, True])
def test_an_error_that_is_detectable_is_found_and_none_without_it(name: str, gates: bool) -> None:
    trace = RUNS[name]()
    report = gs.verify(trace, gates=gates)
    assert report.deviation is None
    assert report.matches
    assert set(report.detectable) == set(report.compared)
    for quantity, error in report.detectable.items():
        found = gs.verify(with_error(trace, quantity, 1.3 * error), gates=gates)
        assert not found.matches, quantity
        assert not gs.verify(with_error(trace, quantity, error / 100), gates=gates).deviation, quantity


def test_what_is_detectable_is_far_below_the_worst_case_of_a_wide_network() -> None:
    report = gs.verify(gs.trace(make("LSTM", 64, 512), drawn(12, 1, 64)), gates=True)
    for quantity, error in report.detectable.items():
        assert error < float(report.bound(quantity).amin(dim=0).max()) / 5


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_constant_weights_and_inputs_are_no_deviation(kind: str) -> None:
    module = make(kind, 40, 300)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.fill_(0.03)
    report = gs.verify(gs.trace(module, torch.full((20, 2, 40), 0.7)), gates=True)
    assert report.deviation is None


def test_a_long_memory_is_no_deviation_and_its_errors_are_found() -> None:
    module = make("LSTM", 8, 64)
    with torch.no_grad():
        module.bias_ih_l0[64:128] = 20.0
    trace = gs.trace(module, drawn(400, 1, 8))
    report = gs.verify(trace)
    assert report.deviation is None
    worst, sharp = float(report.bound("h").amin(dim=0).max()), report.detectable["h"]
    assert sharp < worst
    assert gs.verify(with_error(trace, "c", 2 * report.detectable["c"])).deviation is not None


def test_layers_and_directions_are_each_tested() -> None:
    module = make("GRU", 8, 200, num_layers=2, bidirectional=True)
    trace = gs.trace(module, drawn(10, 2, 8))
    assert gs.verify(trace).deviation is None
    cell = trace.cells[1, "reverse"]
    h = cell.values["h"].clone()
    h[4, 1, 150] += 2e-5
    wrong: CellTrace = replace(cell, values=cell.values | {"h": h})
    found = gs.verify(trace.with_cell(wrong)).deviation
    assert found is not None
    assert (found.layer, found.direction, found.t, found.batch, found.unit) == (1, "reverse", 4, 1, 150)


def test_what_is_held_is_no_deviation() -> None:
    module = make("LSTM", 8, 50)
    holds = [gs.Hold("f", 0.25, units=(3,), start=2, stop=7)]
    assert gs.verify(gs.trace(module, drawn(12, 2, 8), holds=holds), gates=True).deviation is None


def test_it_can_be_cancelled() -> None:
    trace = gs.trace(make("LSTM", 8, 50), drawn(12, 2, 8))
    report: Report = gs.verify(trace)

    def stop(fraction: float) -> None:
        raise gs.Cancelled

    with pytest.raises(gs.Cancelled):
        report.find_deviation(stop)


def test_no_steps_of_another_cell_are_said_to_deviate() -> None:
    trace = gs.trace(make("RNN", 4, 5), drawn(6, 2, 4))
    report = gs.verify(trace)
    assert report.detectable.keys() == {"h"}
    assert report.deviation is None
