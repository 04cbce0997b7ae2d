"""The verdict on correct code, the bound it rests on, and what a report tells."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from hypothesis import given, strategies as st
from torch import Tensor, nn

import gatescope as gs
from gatescope.messages.message import Cancelled
from gatescope.traces.trace import Trace

pytestmark = pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")

MakeTrace = Callable[..., Trace]
MakeLSTM = Callable[..., nn.LSTM]


@pytest.mark.numeric
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("hidden", [1, 2, 8, 32, 128])
@pytest.mark.parametrize("scale", [0.1, 1, 4, 16, 32])
def test_correct_code_is_never_flagged(make_trace: MakeTrace, hidden: int, scale: float, dtype: torch.dtype) -> None:
    for seed in range(3):
        report = gs.verify(make_trace(5, hidden, steps=30, batch=4, seed=seed, scale=scale, dtype=dtype))
        assert report.matches, str(report.verdict)
        assert report.worst.ratio < 0.6  # well inside, so that no platform tips it over


@given(
    hidden=st.integers(1, 16), projected=st.booleans(), layers=st.integers(1, 2), both=st.booleans(),
    bias=st.booleans(), scale=st.floats(0.01, 32), seed=st.integers(0, 10**6), size=st.floats(0, 1e6),
)  # fmt: skip
def test_correct_code_is_never_flagged_for_any_option(
    make_lstm: MakeLSTM, hidden: int, projected: bool, layers: int, both: bool, bias: bool, scale: float, seed: int,
    size: float,
) -> None:  # fmt: skip
    module = make_lstm(
        3, hidden, layers, seed=seed, scale=scale, bias=bias, bidirectional=both, proj_size=hidden // 2 * projected
    )
    x = size * torch.randn(8, 3, 3, generator=torch.Generator().manual_seed(seed))
    report = gs.verify(gs.trace(module, x))
    assert report.matches, str(report.verdict)


def test_the_bound_of_a_float32_step_is_tight_for_default_weights(make_trace: MakeTrace) -> None:
    for hidden in (1, 8, 32, 128):
        report = gs.verify(make_trace(8, hidden, steps=20))
        for name in ("c", "h"):
            assert float(report.bound(name).max()) < 1e-4
            assert float(report.bound(name).min()) > 0


@pytest.mark.numeric
def test_the_bound_of_float64_is_as_much_smaller_as_its_rounding(make_trace: MakeTrace) -> None:
    single, double = (gs.verify(make_trace(4, 8, dtype=dtype)).bound("h") for dtype in (torch.float32, torch.float64))
    assert float(double.max()) < 1e-13
    assert float(single.max()) > 1e7 * float(double.max())


def test_worst_is_the_largest_ratio_and_says_where(make_trace: MakeTrace) -> None:
    report = gs.verify(make_trace(3, 4, 2, bidirectional=True, proj_size=2))
    worst = report.worst
    place = (worst.t, worst.batch, worst.unit)
    where = (worst.quantity, worst.layer, worst.direction)
    assert worst.error == float(report.resynced(*where)[place])
    assert worst.bound == float(report.bound(*where)[place])
    assert worst.ratio == float(report.ratio(*where)[place])
    assert worst.ratio == pytest.approx(worst.error / worst.bound, rel=1e-6)
    every = [float(report.ratio(name, *key).max()) for key in report.trace.cells for name in ("c", "h")]
    assert worst.ratio == max(every)
    assert report.first_difference is None
    assert report.nonfinite is None
    percent = 100 * worst.ratio
    assert str(report.verdict) == f"matches nn.LSTM ({percent:.0f} % of the rounding bound)"


def test_resynced_is_the_distance_to_the_reference(make_trace: MakeTrace) -> None:
    report = gs.verify(make_trace(3, 4, 2, bidirectional=True, proj_size=2))
    for layer, direction in report.trace.spec.cells():
        for name, units in (("c", 4), ("h", 2)):
            ours = report.trace.cell(layer, direction).quantity(name)
            error = report.resynced(name, layer, direction)
            assert error.shape == report.bound(name, layer, direction).shape == (6, 2, units)
            assert torch.equal(error, (ours - report.reference(name, layer, direction)).abs())


def test_drift_does_not_change_the_verdict(make_lstm: MakeLSTM) -> None:
    """With weights 16 times larger the two runs part by more than 1, though each step is right."""
    module = make_lstm(8, 64, scale=16)
    x = torch.randn(200, 2, 8, generator=torch.Generator().manual_seed(1))
    assert float(gs.verify(gs.trace(module, x)).free_running("h").max()) == 0  # the kernel's own h
    report = gs.verify(gs.trace(module, x, grad=True))  # by the equations
    assert float(report.free_running("h").max()) > 0.1
    assert float(report.resynced("h").max()) < 1e-2
    assert report.matches


def test_progress_is_told_and_may_cancel(make_lstm: MakeLSTM, any_sequence: Tensor) -> None:
    seen: list[float] = []
    trace = gs.trace(make_lstm(4, 3, 2), any_sequence, progress=seen.append)
    gs.verify(trace, progress=seen.append)
    assert seen
    assert all(0 < fraction <= 1 for fraction in seen)
    assert seen[-1] == 1

    def cancel(_fraction: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        gs.trace(make_lstm(4, 3, 2), any_sequence, progress=cancel)
    with pytest.raises(Cancelled):
        gs.verify(trace, progress=cancel)
    long = gs.trace(make_lstm(4, 3), any_sequence.repeat(30, 1, 1))
    report = gs.verify(long)
    with pytest.raises(Cancelled):
        report.run_freely(cancel)
    assert report.free_running("h").shape == (150, 2, 3)  # a cancelled run leaves nothing half done


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda report: report.resynced("f"), "no_such_quantity"),
        (lambda report: report.bound("z_i"), "no_such_quantity"),
        (lambda report: report.free_running("o"), "no_such_quantity"),
        (lambda report: report.ratio("g"), "no_such_quantity"),
        (lambda report: report.resynced("h", 1), "no_such_layer"),
        (lambda report: report.resynced("h", -1), "no_such_layer"),
        (lambda report: report.free_running("h", 0, "reverse"), "no_such_direction"),
        (lambda report: report.trace.cell(0, "backward"), "no_such_direction"),
        (lambda report: report.trace.cell(3), "no_such_layer"),
        (lambda report: report.trace.cell().quantity("q"), "no_such_quantity"),
    ],
)
def test_asking_for_what_is_not_there_says_what_is(
    make_trace: MakeTrace, call: Callable[[object], object], code: str
) -> None:
    report = gs.verify(make_trace(3, 4))
    with pytest.raises(gs.GatescopeError) as caught:
        call(report)
    assert caught.value.code == code
