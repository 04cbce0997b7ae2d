"""The promises on a CUDA device. Run with `make test-cuda` where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import gatescope as gs
from gatescope.cells.arithmetic import cuda_absence

pytestmark = [
    pytest.mark.cuda,
    pytest.mark.skipif(not torch.cuda.is_available(), reason=f"no CUDA device: {cuda_absence()}"),
]


@pytest.fixture(params=["ieee", "tf32"])
def precision(request: pytest.FixtureRequest) -> Iterator[str]:
    """Set what cuDNN and cuBLAS do with float32, in the words of this torch; put it back afterwards."""
    rnn, matmul = getattr(torch.backends.cudnn, "rnn", None), torch.backends.cuda.matmul
    wanted: str = request.param
    if rnn is not None and hasattr(rnn, "fp32_precision"):
        before: tuple[Any, Any] = (rnn.fp32_precision, matmul.fp32_precision)
        rnn.fp32_precision = matmul.fp32_precision = wanted
        yield wanted
        rnn.fp32_precision, matmul.fp32_precision = before
    else:
        before = (torch.backends.cudnn.allow_tf32, matmul.allow_tf32)
        torch.backends.cudnn.allow_tf32 = matmul.allow_tf32 = wanted == "tf32"
        yield wanted
        torch.backends.cudnn.allow_tf32, matmul.allow_tf32 = before


def sequence(dtype: torch.dtype = torch.float32) -> Tensor:
    return torch.randn(40, 3, 8, generator=torch.Generator().manual_seed(4)).to("cuda", dtype)


def built(seed: int = 0, **options: Any) -> Any:
    return gs.build(gs.ModuleSpec(8, 32, device="cuda", **options), seed)


OPTIONS: list[dict[str, Any]] = [
    {}, {"num_layers": 2}, {"bidirectional": True}, {"bias": False}, {"proj_size": 5},
    {"num_layers": 2, "bidirectional": True, "proj_size": 3},
    {"kind": "GRU"}, {"kind": "GRU", "num_layers": 2, "bidirectional": True}, {"kind": "RNN"},
    {"kind": "RNN", "nonlinearity": "relu"}, {"kind": "LSTMCell"}, {"kind": "GRUCell"}, {"kind": "RNNCell"},
]  # fmt: skip


def test_a_seed_means_the_same_weights_on_both_devices() -> None:
    on_cuda, on_cpu = built(7, num_layers=2), gs.build(gs.ModuleSpec(8, 32, 2), 7)
    state = torch.cuda.get_rng_state()
    built(8)
    assert torch.equal(torch.cuda.get_rng_state(), state)
    for name, weight in on_cpu.state_dict().items():
        assert on_cuda.state_dict()[name].device.type == "cuda"
        assert torch.equal(on_cuda.state_dict()[name].cpu(), weight)


def rounds_products(options: dict[str, Any]) -> bool:
    """Measure by random numbers whether a step of the module itself, or a product, is off by more than float32 is."""
    module, x = built(**options), sequence()[:1]
    inputs, matrices = torch.randn(4, 120, 40, device="cuda"), torch.randn(4, 40, 32, device="cuda")
    with torch.no_grad():
        step = (module(x[0]) if module.__class__.__name__.endswith("Cell") else module(x))[0]
        exact = module.double()
        right = (exact(x[0].double()) if module.__class__.__name__.endswith("Cell") else exact(x.double()))[0]
    of_products = (torch.bmm(inputs, matrices) - torch.bmm(inputs.double(), matrices.double())).abs().max()
    return bool((step - right).abs().max() > 2.0**-17) or bool(of_products > 2.0**-13)


@pytest.mark.parametrize("options", OPTIONS)
def test_float32_matches_in_the_arithmetic_that_ran(precision: str, options: dict[str, Any]) -> None:
    trace = gs.trace(built(**options), sequence())
    if precision == "ieee":
        assert trace.arithmetic.name == "IEEE float32"
    if rounds_products(options):
        assert trace.arithmetic.name == "TF32"
    assert trace.output.device.type == "cuda"
    report = gs.verify(trace, gates=True)
    assert report.matches, str(report.verdict)
    assert "shown by the kernel" in str(report.obtained(trace.spec.cell.gates[0]))


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_types_match(kind: str, dtype: str) -> None:
    report = gs.verify(gs.trace(built(kind=kind, dtype=dtype), sequence(getattr(torch, dtype))), gates=True)
    assert report.matches, str(report.verdict)


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_packed_sequences_match(kind: str) -> None:
    x = sequence()
    packed = nn.utils.rnn.pack_sequence([x[:n, 0] for n in (7, 40, 12)], enforce_sorted=False)
    report = gs.verify(gs.trace(built(kind=kind, num_layers=2), packed), gates=True)
    assert report.matches, str(report.verdict)


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_the_two_devices_and_arithmetics_differ_nowhere_beyond_rounding(kind: str) -> None:
    module = built(kind=kind)
    runs = {name: gs.trace(module, sequence(), arithmetic=name) for name in ("ieee", "tf32")}  # type: ignore[arg-type]
    on_cpu = gs.trace(module.cpu(), sequence().cpu())
    for run in runs.values():
        comparison = gs.compare(on_cpu, run)
        assert comparison.matches, str(comparison.verdict)
    assert gs.compare(runs["ieee"], runs["tf32"]).matches


def test_the_chosen_arithmetic_runs_and_is_put_back(precision: str) -> None:
    as_set = gs.trace(built(), sequence()).arithmetic
    runs = {name: gs.trace(built(), sequence(), arithmetic=name) for name in ("ieee", "tf32")}  # type: ignore[arg-type]
    assert runs["ieee"].arithmetic.name == "IEEE float32"
    assert runs["tf32"].arithmetic.name in ("TF32", "IEEE float32")  # a device may take no shorter way
    assert runs[precision].arithmetic == gs.trace(built(), sequence()).arithmetic == as_set


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
@pytest.mark.parametrize(("dtype", "name"), [("float16", "IEEE float16"), ("bfloat16", "bfloat16")])
def test_16_bit_numbers_are_added_up_in_float32(kind: str, dtype: str, name: str) -> None:
    # As NVIDIA says of its matrix units: products are exact, and added up in float32.
    trace = gs.trace(built(kind=kind, dtype=dtype), sequence(getattr(torch, dtype)))
    assert (trace.arithmetic.name, trace.arithmetic.stored_roundings > 0) == (name, True)


@pytest.mark.parametrize("scale", [1, 4, 16])
def test_larger_weights_match_too(precision: str, scale: int) -> None:
    module = built()
    with torch.no_grad():
        for weight in module.parameters():
            weight.mul_(scale)
    report = gs.verify(gs.trace(module, sequence()))
    assert report.matches, str(report.verdict)


@pytest.mark.parametrize("options", OPTIONS)
def test_float64_agrees_with_the_module(options: dict[str, Any]) -> None:
    module, x = built(dtype="float64", **options), sequence(torch.float64)
    trace = gs.trace(module, x)
    assert trace.arithmetic.name == "IEEE float64"
    with torch.no_grad():
        if not trace.spec.is_cell:
            torch.testing.assert_close(trace.output, module(x)[0], rtol=0, atol=1e-13)
    assert gs.verify(trace, gates=True).matches


def test_a_planted_difference_is_found_in_either_arithmetic(precision: str) -> None:
    trace = gs.trace(built(), sequence())
    trace.cell().c[20, 1, 3] += 0.05
    first = gs.verify(trace).first_difference
    assert first is not None
    assert (first.t, first.batch, first.unit, first.quantity) == (20, 1, 3, "c")


def test_free_running_and_files_work_from_the_device(tmp_path: Any) -> None:
    trace = gs.trace(built(num_layers=2), sequence())
    report = gs.verify(trace)
    assert report.free_running("h", 1).shape == (40, 3, 32)
    trace.to_csv(tmp_path / "trace.csv", report=report)
    assert '"device": "cuda:0"' in (tmp_path / "trace.csv.json").read_text()


def test_input_on_the_other_device_is_refused_naming_both() -> None:
    with pytest.raises(gs.GatescopeError, match="is on cpu, but the network is on cuda:0"):
        gs.trace(built(), sequence().cpu())


def test_a_device_beyond_those_present_is_refused() -> None:
    with pytest.raises(gs.GatescopeError) as caught:
        gs.build(gs.ModuleSpec(4, 3, device="cuda:99"), 0)
    assert caught.value.code == "no_cuda"
    assert "there are only cuda:0" in str(caught.value)
