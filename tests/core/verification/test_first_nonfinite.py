"""NaN and infinity: computed as nn.LSTM computes them, reported where they come in, and never called a match."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

import gatescope as gs

MakeLSTM = Callable[..., nn.LSTM]

STEPS, BATCH, WIDTH, HIDDEN = 6, 3, 4, 5
BAD = [torch.nan, torch.inf, -torch.inf]


def inputs() -> tuple[Tensor, Tensor, Tensor]:
    """Return x, h0 and c0 for two layers."""
    generator = torch.Generator().manual_seed(2)
    x = torch.randn(STEPS, BATCH, WIDTH, generator=generator)
    h0, c0 = (torch.randn(2, BATCH, HIDDEN, generator=generator) for _ in range(2))
    return x, h0, c0


def assert_computed_as_the_module_does(module: nn.LSTM, x: Tensor, hx: tuple[Tensor, Tensor]) -> gs.Report:
    trace = gs.trace(module, x, hx)
    with torch.no_grad():
        output, (h_n, c_n) = module(x, hx)
    for mine, theirs in ((trace.output, output), (trace.h_n, h_n), (trace.c_n, c_n)):
        torch.testing.assert_close(mine, theirs, rtol=0, atol=1e-5, equal_nan=True)
    return gs.verify(trace)


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("t", [0, 3, STEPS - 1])
def test_in_the_input(make_lstm: MakeLSTM, t: int, bad: float) -> None:
    x, h0, c0 = inputs()
    x[t, 1, 2] = bad
    report = assert_computed_as_the_module_does(make_lstm(WIDTH, HIDDEN, 2), x, (h0, c0))
    assert not report.matches
    assert report.verdict.code == "cannot_compare"
    assert report.verdict.params == {"t": t, "where": "x"}
    assert str(report.verdict) == f"cannot compare from t = {t} on: NaN or infinity appears in x"


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("name", ["h0", "c0"])
def test_in_an_initial_state(make_lstm: MakeLSTM, name: str, bad: float) -> None:
    x, h0, c0 = inputs()
    {"h0": h0, "c0": c0}[name][1, 2, 0] = bad
    report = assert_computed_as_the_module_does(make_lstm(WIDTH, HIDDEN, 2), x, (h0, c0))
    assert report.verdict.code == "cannot_compare"
    assert report.verdict.params == {"t": 0, "where": name}


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("name", ["weight_ih_l0", "weight_hh_l1", "bias_ih_l1", "bias_hh_l0"])
def test_in_a_parameter(make_lstm: MakeLSTM, name: str, bad: float) -> None:
    module, (x, h0, c0) = make_lstm(WIDTH, HIDDEN, 2), inputs()
    with torch.no_grad():
        module.get_parameter(name).view(-1)[7] = bad
    report = assert_computed_as_the_module_does(module, x, (h0, c0))
    assert report.verdict.code == "cannot_compare"
    assert report.verdict.params == {"t": 0, "where": name}


def test_everything_that_it_does_not_reach_is_still_compared(make_lstm: MakeLSTM) -> None:
    x, h0, c0 = inputs()
    x[3, 1, 2] = torch.nan
    report = gs.verify(gs.trace(make_lstm(WIDTH, HIDDEN, 2), x, (h0, c0)))
    for layer in (0, 1):
        for name in ("c", "h"):
            ratio = report.ratio(name, layer)
            assert bool(ratio[3:, 1].isnan().all())
            assert float(ratio[:3].max()) <= 1
            assert float(ratio[:, [0, 2]].max()) <= 1
    assert report.worst.ratio <= 1
    assert report.first_difference is None


def test_infinite_input_saturates_the_gates_as_in_the_module(make_lstm: MakeLSTM) -> None:
    """All gates may stay finite: the sigmoid of infinity is 1. It is still not called a match."""
    module, (x, h0, c0) = make_lstm(WIDTH, HIDDEN, 2), inputs()
    x[2, 0, 0] = torch.inf
    trace = gs.trace(module, x, (h0, c0))
    assert bool(trace.output.isfinite().all())
    assert gs.verify(trace).verdict.code == "cannot_compare"


@pytest.mark.parametrize("bidirectional", [False, True])
def test_when_nothing_can_be_compared_the_verdict_still_comes(make_lstm: MakeLSTM, bidirectional: bool) -> None:
    module = make_lstm(2, 3, bidirectional=bidirectional)
    with torch.no_grad():
        for weight in module.parameters():
            weight.fill_(torch.nan)
    report = gs.verify(gs.trace(module, torch.ones(4, 2)))
    assert report.verdict.code == "cannot_compare"
    assert report.worst.ratio != report.worst.ratio  # NaN
    assert bool(report.free_running("h").isnan().all())


def test_overflow_on_the_way_is_named(make_lstm: MakeLSTM) -> None:
    module = make_lstm(1, 1, dtype=torch.float32)
    with torch.no_grad():
        for weight in module.parameters():
            weight.fill_(3e38)
    report = gs.verify(gs.trace(module, torch.tensor([[0.0], [3e38]])))
    assert report.verdict.code == "cannot_compare"
    assert report.verdict.params["t"] == 0  # the two biases of 3e38 overflow at once
    assert report.nonfinite is not None
    assert report.nonfinite.where.endswith("(layer 0, forward)")


def test_both_directions_say_where_each_cannot_be_compared() -> None:
    x = torch.randn(10, 3)
    x[5] = torch.nan
    report = gs.verify(gs.trace(nn.LSTM(3, 4, bidirectional=True), x))
    assert str(report.verdict) == (
        "cannot compare from t = 5 on: NaN or infinity appears in x (in the reverse direction from there down)"
    )
    assert report.ratio("h", direction="reverse")[6:].isfinite().all()
    assert report.ratio("h", direction="reverse")[:6].isnan().all()
