"""The arithmetics: the bound of TF32 is as wide as it must be, and the switches that choose it are set and put back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import gatescope as gs
from gatescope.cells.arithmetic import (
    BFLOAT16,
    IEEE32,
    IEEE64,
    TF32,
    _cuda_switches,
    coarser,
    computing_in,
    precision_switches,
)
from gatescope.cells.weights import Weights
from gatescope.traces.trace import Trace

MakeTrace = Callable[..., Trace]
CUDA = torch.device("cuda")


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


def test_what_is_switched_is_seen_without_a_device_too(switches: Callable[[bool, bool], None]) -> None:
    states = set()
    for wanted in ((False, False), (False, True), (True, False), (True, True)):
        switches(*wanted)
        states.add(precision_switches(CUDA))
    assert len(states) == 4


def test_the_trace_names_its_arithmetic(make_trace: MakeTrace) -> None:
    assert make_trace(3, 4).arithmetic.name == "IEEE float32"
    assert make_trace(3, 4, dtype=torch.float64).arithmetic.name == "IEEE float64"


def as_tf32(values: Tensor) -> Tensor:
    """Round to the 10 bits of fraction that TF32 keeps of an operand, to nearest."""
    mantissa, exponent = torch.frexp(values)
    return torch.ldexp(torch.round(mantissa * 2**11) / 2**11, exponent)


def emulated_tf32(trace: Trace) -> Trace:
    """Return the trace as if every product had been computed with rounded operands."""
    cell = trace.cell()
    p = cell.weights.parameters
    rounded = Weights(cell.weights.packed, p._replace(w_ih=as_tf32(p.w_ih), w_hh=as_tf32(p.w_hh)))
    states, rows = dict(cell.before), []
    with torch.no_grad():
        for x in cell.x:
            z = cell.cell.preactivations(torch.cat([as_tf32(x), as_tf32(states["h"])], dim=-1), states, rounded)
            gates = cell.cell.activate(z)
            rows.append(gates | cell.cell.advance(gates, states, rounded))
            states = {name: rows[-1][name] for name in states}
    values = {name: torch.stack([row[name] for row in rows]) for name in cell.cell.names}
    return trace.with_cell(replace(cell, values=values, h_from_kernel=False))


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
@pytest.mark.parametrize("scale", [1, 4])
@pytest.mark.parametrize("hidden", [4, 64])
def test_rounded_operands_are_within_the_bound_of_tf32_and_outside_that_of_ieee(
    make_trace: MakeTrace, hidden: int, scale: int, kind: str
) -> None:
    trace = emulated_tf32(make_trace(8, hidden, steps=30, scale=scale, kind=kind))
    assert gs.verify(trace).verdict.code == "differs"
    report = gs.verify(replace(trace, arithmetic=TF32), gates=True)
    assert report.matches, str(report.verdict)


def test_planted_faults_are_found_within_the_wide_bound_of_tf32_too(make_trace: MakeTrace) -> None:
    trace = make_trace(8, 32, steps=30)
    cell = trace.cell()
    swapped = replace(cell, values=cell.values | {"f": cell.i, "i": cell.f, "c": cell.f * cell.c_tilde})
    assert gs.verify(replace(trace.with_cell(swapped), arithmetic=TF32)).verdict.code == "differs"


def test_arithmetic_is_set_by_the_switches_that_count_and_restored(switches: Callable[[bool, bool], None]) -> None:
    switches(True, False)
    places = _cuda_switches()
    before = [getattr(*place) for place in places]
    for name, flag in (("ieee", False), ("tf32", True)):
        with computing_in(name, CUDA):  # type: ignore[arg-type]  # one of the two
            assert all(getattr(*place) in (name, flag) for place in places)
        assert [getattr(*place) for place in places] == before
    with pytest.raises(ZeroDivisionError), computing_in("ieee", CUDA):
        raise ZeroDivisionError
    assert [getattr(*place) for place in places] == before


def test_arithmetic_that_cannot_be_had_is_refused(make_trace: MakeTrace) -> None:
    with pytest.raises(gs.GatescopeError, match="TF32 is computed on CUDA devices only, but the device is cpu"):
        gs.trace(nn.LSTM(4, 3), torch.ones(2, 4), arithmetic="tf32")
    with pytest.raises(gs.GatescopeError, match="arithmetic must be ieee or tf32, but it is single"):
        gs.verify(make_trace(3, 4), arithmetic="single")  # type: ignore[arg-type]  # what people may type
    assert gs.verify(gs.trace(nn.LSTM(4, 3), torch.ones(2, 4), arithmetic="ieee"), arithmetic="ieee").matches


def test_a_setting_that_torch_does_not_take_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stubborn:
        @property
        def allow_tf32(self) -> bool:
            return True

        @allow_tf32.setter
        def allow_tf32(self, _value: bool) -> None:
            pass

    monkeypatch.setattr("gatescope.cells.arithmetic._cuda_switches", lambda: [(Stubborn(), "allow_tf32")])
    with pytest.raises(gs.GatescopeError, match="PyTorch does not take the setting"), computing_in("ieee", CUDA):
        pass


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
    added_up_in_16_bits = replace(BFLOAT16, stored_roundings=0.0)
    assert coarser(BFLOAT16, added_up_in_16_bits) == added_up_in_16_bits == coarser(added_up_in_16_bits, BFLOAT16)
    shaky = replace(IEEE32, relative_tanh=False)
    assert coarser(IEEE32, shaky) == shaky == coarser(shaky, IEEE32)
