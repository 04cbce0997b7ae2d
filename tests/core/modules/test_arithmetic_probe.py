"""What a run computes in is found out by computing: kernels that round are named, and what else is wrong is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import gatescope as gs
from gatescope.cells import weights
from gatescope.cells.arithmetic import BF16, BF16_TWICE, BFLOAT16, IEEE16, IEEE32, IEEE64, TF32, Arithmetic
from gatescope.modules import arithmetic_probe, kernel
from gatescope.modules.arithmetic_probe import running_arithmetic
from gatescope.modules.spec import KINDS

CPU = torch.device("cpu")
Rounding = Callable[[Tensor], Tensor]


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    """Remember nothing of what was found out with other kernels."""
    arithmetic_probe._probed.cache_clear()
    yield
    arithmetic_probe._probed.cache_clear()


def to_nearest(bits: int) -> Rounding:
    def rounded(values: Tensor) -> Tensor:
        mantissa, exponent = torch.frexp(values)
        return torch.ldexp(torch.round(mantissa * 2**bits) / 2**bits, exponent)

    return rounded


def cut_off(bits: int) -> Rounding:
    def rounded(values: Tensor) -> Tensor:
        mantissa, exponent = torch.frexp(values)
        return torch.ldexp(torch.trunc(mantissa * 2**bits) / 2**bits, exponent)

    return rounded


def in_two_parts(values: Tensor) -> Tensor:
    most = values.bfloat16().float()
    return most + (values - most).bfloat16().float()


ROUNDINGS: dict[str, tuple[Rounding, Arithmetic]] = {
    "TF32": (to_nearest(11), TF32),
    "TF32 cut off": (cut_off(11), replace(TF32, operand_roundoff=2.0**-10)),
    "bfloat16": (lambda values: values.bfloat16().float(), BF16),
    "bfloat16 cut off": (cut_off(8), replace(BF16, operand_roundoff=2.0**-7)),
    "bfloat16 in two parts": (in_two_parts, BF16_TWICE),
}


def operands_rounded(call: Callable[..., Any], rounding: Rounding) -> Callable[..., Any]:
    """Return one of torch's kernels that rounds x, h and the weights first; C and the biases are no operands."""

    def rounded(x: Tensor, hx: Any, *rest: Any) -> Any:
        h = (rounding(hx[0]), hx[1]) if isinstance(hx, list | tuple) else rounding(hx)
        if isinstance(rest[0], list):  # of a layer: weights, then options
            return call(rounding(x), h, [rounding(w) if w.dim() > 1 else w for w in rest[0]], *rest[1:])
        return call(rounding(x), h, *map(rounding, rest[:2]), *rest[2:])

    return rounded


def round_in_kernels(monkeypatch: pytest.MonkeyPatch, rounding: Rounding) -> None:
    for table in (kernel._LAYERS, kernel._STEPS):
        for name, call in table.items():
            monkeypatch.setitem(table, name, operands_rounded(call, rounding))


def round_in_our_products(monkeypatch: pytest.MonkeyPatch, rounding: Rounding) -> None:
    product = weights._product
    monkeypatch.setattr(weights, "_product", lambda x, w, b: product(rounding(x), rounding(w), b))


def arithmetic_of(kind: str = "LSTM", dtype: str = "float32", rows: int = 20, **options: Any) -> Arithmetic:
    spec = gs.ModuleSpec(12, 20, kind=kind, dtype=dtype, **options)
    return running_arithmetic(spec, CPU, getattr(torch, dtype), rows)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ROUNDINGS)
def test_a_kernel_that_rounds_operands_is_named(monkeypatch: pytest.MonkeyPatch, name: str, kind: str) -> None:
    rounding, arithmetic = ROUNDINGS[name]
    round_in_kernels(monkeypatch, rounding)
    assert arithmetic_of(kind) == arithmetic


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
@pytest.mark.parametrize("name", ROUNDINGS)
def test_our_own_products_that_round_operands_are_named(monkeypatch: pytest.MonkeyPatch, name: str, kind: str) -> None:
    rounding, arithmetic = ROUNDINGS[name]
    product = weights._product
    monkeypatch.setattr(
        weights, "_product",
        # What is expected is computed in float64, and by the same method.
        lambda x, w, b: product(rounding(x), rounding(w), b) if x.dtype == torch.float32 else product(x, w, b),
    )  # fmt: skip
    assert arithmetic_of(kind) == arithmetic


@pytest.mark.parametrize(
    "options",
    [
        {"bias": False}, {"proj_size": 7}, {"num_layers": 2, "bidirectional": True},
        {"kind": "RNN", "nonlinearity": "relu"},
    ],
)  # fmt: skip
def test_it_is_named_with_every_option(monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]) -> None:
    assert arithmetic_of(**options) == IEEE32
    arithmetic_probe._probed.cache_clear()
    round_in_kernels(monkeypatch, to_nearest(11))
    assert arithmetic_of(**options) == TF32


@pytest.mark.parametrize("sizes", [(1, 1, 1), (1, 3, 5000), (3, 1, 1), (70, 65, 100), (4, 1100, 2)])
def test_it_is_named_at_every_size(monkeypatch: pytest.MonkeyPatch, sizes: tuple[int, int, int]) -> None:
    k, h, rows = sizes
    round_in_kernels(monkeypatch, to_nearest(11))
    assert running_arithmetic(gs.ModuleSpec(k, h), CPU, torch.float32, rows) == TF32


def test_the_products_with_h_alone_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def rounded(x: Tensor, hx: Any, parameters: Any, *options: Any) -> Any:
        w_ih, w_hh, *biases = parameters
        return torch.lstm(x, (as_tf32(hx[0]), hx[1]), [w_ih, as_tf32(w_hh), *biases], *options)

    as_tf32 = to_nearest(11)
    monkeypatch.setitem(kernel._LAYERS, ("LSTM", None), rounded)
    assert arithmetic_of() == TF32


def test_a_coarser_way_for_some_units_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def rounded_in_the_middle(x: Tensor, hx: Any, parameters: Any, *options: Any) -> Any:
        exact, coarse = torch.lstm(x, hx, parameters, *options), tf32_kernel(x, hx, parameters, *options)
        for to, of in zip(exact, coarse, strict=True):
            to[..., 8:16] = of[..., 8:16]
        return exact

    tf32_kernel = operands_rounded(torch.lstm, to_nearest(11))
    monkeypatch.setitem(kernel._LAYERS, ("LSTM", None), rounded_in_the_middle)
    assert arithmetic_of() == TF32


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_a_run_on_a_kernel_that_rounds_is_verified_within_its_rounding(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    round_in_kernels(monkeypatch, to_nearest(11))
    module, x = getattr(nn, kind)(12, 20), torch.randn(30, 2, 12)
    trace = gs.trace(module, x)
    assert trace.arithmetic == TF32
    assert gs.verify(trace).matches
    judged_as_exact = arithmetic_probe.ieee(torch.float32)
    monkeypatch.setattr("gatescope.verification.verify.running_arithmetic", lambda *_of: judged_as_exact)
    assert gs.verify(replace(trace, arithmetic=judged_as_exact)).verdict.code == "differs"


FAULTS: dict[str, Callable[[Any], Any]] = {
    "off by 2^-11": lambda state: state * (1 + 2.0**-11),
    "off by 2^-8": lambda state: state * (1 + 2.0**-8),
    "off by 2^-16": lambda state: state * (1 + 2.0**-16),
    "0.1 added": lambda state: state + 0.1,
    "negative": lambda state: -state,
    "nothing": torch.zeros_like,
    "not a number": lambda state: state * torch.nan,
}


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_otherwise_is_not_taken_for_rounding(
    monkeypatch: pytest.MonkeyPatch, fault: str, dtype: str
) -> None:
    wrong = FAULTS[fault]
    monkeypatch.setitem(kernel._LAYERS, ("LSTM", None), lambda *of: tuple(wrong(value) for value in torch.lstm(*of)))
    assert arithmetic_of(dtype=dtype) == arithmetic_probe.ieee(getattr(torch, dtype))


def added_up_in_16_bits(x: Tensor, matrix: Tensor) -> Tensor:
    """Multiply and add up in the type of the operands, rounding after each."""
    total = x.new_zeros(len(x), matrix.shape[1])
    for column, row in zip(x.T, matrix, strict=True):
        total = total + column[:, None] * row
    return total


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
@pytest.mark.parametrize(("dtype", "finest"), [("float16", IEEE16), ("bfloat16", BFLOAT16)])
@pytest.mark.parametrize("ours", [False, True])
def test_where_16_bit_numbers_are_added_up_is_found_out(
    monkeypatch: pytest.MonkeyPatch, dtype: str, finest: Arithmetic, kind: str, ours: bool
) -> None:
    product = weights._product

    def in_16_bits(x: Tensor, matrix: Tensor, bias: Tensor | None) -> Tensor:
        if x.dtype == torch.float64:
            return product(x, matrix, bias)
        sums = torch.stack([added_up_in_16_bits(x, one) for one in matrix])
        return sums if bias is None else sums + bias

    def coarse(cell: Any, w: Any, x: Tensor, before: Any) -> Any:
        with monkeypatch.context() as patched:
            patched.setattr(weights, "_product", in_16_bits)
            return cell.step(torch.cat([x, before["h"]], dim=-1), before, w)

    assert arithmetic_of(kind, dtype) == finest
    arithmetic_probe._probed.cache_clear()
    monkeypatch.setattr(*((weights, "_product", in_16_bits) if ours else (arithmetic_probe, "one_step", coarse)))
    found = arithmetic_of(kind, dtype)
    assert (found.name, found.stored_roundings) == (f"{finest.name} sums", 0.0)
    assert found.product_roundoff(50) == 50 * finest.unit_roundoff > finest.product_roundoff(50)


@pytest.mark.parametrize("kind", KINDS)
def test_tanh_is_found_to_be_right_where_it_is_small(kind: str) -> None:
    assert arithmetic_of(kind).relative_tanh
    assert arithmetic_of(kind, "float64") == IEEE64


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_tanh_that_is_right_only_to_the_last_place_of_1_is_found(monkeypatch: pytest.MonkeyPatch, dtype: str) -> None:
    def by_exponentials(x: Tensor, hx: Tensor, parameters: Any, *options: Any) -> Any:
        sums = torch.rnn_relu(x, hx, parameters, *options)[1] - torch.rnn_relu(-x, -hx, parameters, *options)[1]
        state = 1 - 2 / (torch.exp(2 * sums) + 1)
        return state, state

    monkeypatch.setitem(kernel._LAYERS, ("RNN", "tanh"), by_exponentials)
    finest = arithmetic_probe.ieee(getattr(torch, dtype))
    assert arithmetic_of("RNN", dtype) == replace(finest, relative_tanh=False)


def test_the_less_exact_tanh_of_two_runs_counts() -> None:
    assert not arithmetic_probe.coarser(IEEE32, replace(IEEE32, relative_tanh=False)).relative_tanh


@pytest.fixture
def precision() -> Iterator[Callable[[str], None]]:
    """Return `torch.set_float32_matmul_precision`, put back afterwards."""
    before = torch.get_float32_matmul_precision()
    yield torch.set_float32_matmul_precision
    torch.set_float32_matmul_precision(before)


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
@pytest.mark.parametrize("allowed", ["high", "medium"])
@pytest.mark.parametrize("sizes", [(3, 4), (64, 128)])
def test_a_switch_widens_the_bound_only_where_it_changes_what_is_computed(
    precision: Callable[[str], None], kind: str, allowed: str, sizes: tuple[int, int]
) -> None:
    module, x = getattr(nn, kind)(*sizes), torch.randn(20, 4, sizes[0])
    many = torch.randn(3, 80, sum(sizes)), torch.randn(3, sum(sizes), sizes[1])
    found = {}
    for name in ("highest", allowed):
        precision(name)
        with torch.no_grad():
            # Measured by themselves: whole products and modules of random numbers.
            bits = torch.cat([module(x)[0].flatten(), torch.bmm(*many).flatten()])
        trace = gs.trace(module, x)
        report = gs.verify(trace, gates=True)
        assert report.matches, str(report.verdict)
        found[name] = bits, trace.arithmetic, report.bound("h")
    (bits, arithmetic, bound), (bits_allowed, arithmetic_allowed, bound_allowed) = found.values()
    assert arithmetic == IEEE32
    if torch.equal(bits, bits_allowed):
        assert arithmetic_allowed == IEEE32
        # Which bits of a sum come out depends on where its operands lie in memory, and the bound is made of such sums.
        torch.testing.assert_close(bound_allowed, bound)
    elif (bits - bits_allowed).abs().max() > 1e-4:  # far more than float32 rounds these numbers by
        assert arithmetic_allowed.operand_roundoff > 0
        assert bool((bound_allowed > bound).all())


def test_it_is_found_out_once_and_again_when_a_switch_changes(
    monkeypatch: pytest.MonkeyPatch, precision: Callable[[str], None]
) -> None:
    calls: list[Tensor] = []
    monkeypatch.setattr(
        arithmetic_probe, "one_step", lambda cell, w, x, before: calls.append(x) or kernel.one_step(cell, w, x, before)
    )
    module, x = nn.LSTM(12, 20), torch.randn(30, 2, 12)
    precision("highest")
    for _ in range(3):
        gs.verify(gs.trace(module, x))
    assert len(calls) == 1
    precision("medium")
    gs.trace(module, x)
    gs.trace(module, x[:29])  # of the same class of sizes
    assert len(calls) == 2
    arithmetic_of("GRU")
    assert len(calls) == 3


def test_threads_and_onednn_are_switches_too(monkeypatch: pytest.MonkeyPatch) -> None:
    before = arithmetic_probe.precision_switches(CPU)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 7)
    assert arithmetic_probe.precision_switches(CPU) != before
    monkeypatch.undo()
    monkeypatch.setattr(torch.backends.mkldnn, "enabled", not torch.backends.mkldnn.enabled)
    assert arithmetic_probe.precision_switches(CPU) != before


def test_large_networks_are_stood_for_by_smaller_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = []

    def noted(cell: Any, w: Any, x: Tensor, before: Any) -> Any:
        shapes.append((*x.shape, *before["h"].shape, *before["c"].shape, *w.parameters.w_ih.shape))
        return kernel.one_step(cell, w, x, before)

    monkeypatch.setattr(arithmetic_probe, "one_step", noted)
    assert running_arithmetic(gs.ModuleSpec(2, 3000, proj_size=2), CPU, torch.float32, 10**9) == IEEE32
    assert shapes == [(32, 5, 32, 4, 32, 1024, 4096, 5)]


@pytest.mark.parametrize("kind", KINDS)
def test_exact_products_leave_what_is_expected_of_them(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    # Not named for want of an arithmetic that agrees: the allowance is far wider than what the functions round.
    apart = []

    def measured(computed: Tensor, expected: Tensor, operands: Any) -> Arithmetic:
        apart.append(float(((computed - expected[0]) / expected[0]).abs().max()))
        return coarsest(computed, expected, operands)

    coarsest = arithmetic_probe._coarsest
    monkeypatch.setattr(arithmetic_probe, "_coarsest", measured)
    assert arithmetic_of(kind) == IEEE32
    assert len(apart) == 2
    assert max(apart) < arithmetic_probe._APART / 64
