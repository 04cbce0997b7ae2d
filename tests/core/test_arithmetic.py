"""Which arithmetic ran, told without a CUDA device too: TF32 is named, and its bound is as wide as it must be."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import gatescope as gs
from gatescope import equations
from gatescope.arithmetic import IEEE32, IEEE64, TF32, Arithmetic, coarser, running_arithmetic
from gatescope.equations import CellWeights, Step
from gatescope.traces import Trace

MakeTrace = Callable[..., Trace]
CUDA, CPU = torch.device("cuda"), torch.device("cpu")


@pytest.fixture
def switches() -> Iterator[Callable[[bool, bool], None]]:
    """Return a function that allows TF32 in cuDNN's RNNs and in matrix products; put back afterwards."""
    rnn, matmul = getattr(torch.backends.cudnn, "rnn", None), torch.backends.cuda.matmul
    new = rnn is not None and hasattr(rnn, "fp32_precision")
    places: Any = ((rnn, "fp32_precision"), (matmul, "fp32_precision")) if new else (
        (torch.backends.cudnn, "allow_tf32"), (matmul, "allow_tf32")
    )  # fmt: skip
    before = [getattr(*place) for place in places]

    def allow(*wanted: bool) -> None:
        for place, flag in zip(places, wanted, strict=True):
            setattr(*place, ("tf32" if flag else "ieee") if new else flag)

    yield allow
    for place, value in zip(places, before, strict=True):
        setattr(*place, value)


@pytest.mark.parametrize(
    ("rnn", "matmul", "capability", "expected"),
    [
        (True, True, (8, 0), TF32),
        (True, False, (9, 0), TF32),
        (False, True, (8, 6), TF32),
        (False, False, (9, 0), IEEE32),
        (True, True, (7, 5), IEEE32),  # no TF32 before Ampere
    ],
)
def test_tf32_is_named_where_either_side_may_use_it(
    monkeypatch: pytest.MonkeyPatch, switches: Callable[[bool, bool], None],
    rnn: bool, matmul: bool, capability: tuple[int, int], expected: Arithmetic,
) -> None:  # fmt: skip
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _device: capability)
    switches(rnn, matmul)
    # cuDNN's tanh is not known to be exact where it is small.
    assert running_arithmetic(CUDA, torch.float32) == replace(expected, relative_tanh=False)
    assert running_arithmetic(CUDA, torch.float64) == replace(IEEE64, relative_tanh=False)
    assert running_arithmetic(CPU, torch.float32) == IEEE32


def test_the_trace_names_its_arithmetic(make_trace: MakeTrace) -> None:
    assert make_trace(3, 4).arithmetic.name == "IEEE float32"
    assert make_trace(3, 4, dtype=torch.float64).arithmetic.name == "IEEE float64"


def as_tf32(values: Tensor) -> Tensor:
    """Round to the 10 bits of fraction that TF32 keeps of an operand, to nearest."""
    mantissa, exponent = torch.frexp(values)
    return torch.ldexp(torch.round(mantissa * 2**11) / 2**11, exponent)


def emulated_tf32(x: Tensor, h: Tensor, c: Tensor, w: CellWeights) -> Step:
    return true_step(as_tf32(x), as_tf32(h), c, w._replace(w_ih=as_tf32(w.w_ih), w_hh=as_tf32(w.w_hh)))


true_step = equations.lstm_step


@pytest.mark.parametrize("scale", [1, 4])
@pytest.mark.parametrize("hidden", [4, 64])
def test_rounded_operands_are_within_the_bound_of_tf32_and_outside_that_of_ieee(
    make_trace: MakeTrace, monkeypatch: pytest.MonkeyPatch, hidden: int, scale: int
) -> None:
    monkeypatch.setattr(equations, "lstm_step", emulated_tf32)
    trace = make_trace(8, hidden, steps=30, scale=scale)
    assert gs.verify(trace).verdict.code == "differs"
    report = gs.verify(dataclasses.replace(trace, arithmetic=TF32))
    assert report.matches, str(report.verdict)


def test_planted_faults_are_found_within_the_wide_bound_of_tf32_too(
    make_trace: MakeTrace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def swapped(x: Tensor, h: Tensor, c: Tensor, w: CellWeights) -> Step:
        step = true_step(x, h, c, w)
        c = step.i * c + step.f * step.c_tilde
        return step._replace(f=step.i, i=step.f, c=c, h=step.o * torch.tanh(c))

    monkeypatch.setattr(equations, "lstm_step", swapped)
    trace = make_trace(8, 32, steps=30)
    assert gs.verify(dataclasses.replace(trace, arithmetic=TF32)).verdict.code == "differs"


@pytest.fixture
def medium_precision() -> Iterator[None]:
    """Let oneDNN round the operands of float32 products to bfloat16, as training scripts do."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    yield
    torch.set_float32_matmul_precision(before)


@pytest.mark.usefixtures("medium_precision")
def test_products_in_bfloat16_on_the_cpu_are_named_and_allowed_for() -> None:
    trace = gs.trace(nn.LSTM(64, 128), torch.randn(20, 2, 64))
    assert trace.arithmetic.name == "BF16 products"
    assert gs.verify(trace, gates=True).matches


def test_autocast_around_a_trace_changes_nothing() -> None:
    module, x = nn.LSTM(8, 16), torch.randn(5, 2, 8)
    plain = gs.trace(module, x)
    with torch.autocast("cpu", torch.bfloat16):
        inside = gs.trace(module, x)
        assert gs.verify(inside, gates=True).matches
    assert torch.equal(inside.output, plain.output)


def test_the_less_exact_of_two_arithmetics_counts() -> None:
    assert coarser(IEEE32, TF32) == TF32 == coarser(TF32, IEEE32)
    assert coarser(IEEE32, IEEE64) == IEEE32
