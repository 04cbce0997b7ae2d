"""A module that does what its weights tell is never blamed, and where it cannot be asked, the report says why."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from random_networks import random_run
from torch import Tensor, nn
from torch.nn.utils import prune

import gatescope as gs
from gatescope.traces.trace import Trace
from gatescope.verification.report import Report

MakeTrace = Callable[..., Trace]


def assert_right(report: Report) -> None:
    assert report.asked, report.not_asked
    assert report.module_difference is None, report.verdict
    assert report.wrong_in_record is None
    assert report.matches, report.verdict


# ---- many networks ----


@pytest.mark.parametrize("start", range(0, 200, 20))
def test_no_random_network_is_blamed(start: int) -> None:
    for seed in range(start, start + 20):
        module, x, hx = random_run(seed, widest=100)
        report = gs.verify(gs.trace(module.train(seed % 3 == 0), x, hx))
        assert report.asked, (seed, report.not_asked)
        assert report.module_difference is None, (seed, report.verdict)
        assert report.wrong_in_record is None, (seed, report.verdict)


@pytest.mark.parametrize("start", range(0, 80, 20))
def test_no_random_network_with_something_harmless_attached_is_blamed(start: int) -> None:
    for seed in range(start, start + 20):
        module, x, hx = random_run(seed, widest=100)
        module.register_forward_hook(lambda *_: None)
        module.register_forward_pre_hook(lambda _module, args: args)
        report = gs.verify(gs.trace(module, x, hx))
        assert report.asked, (seed, report.not_asked)
        assert report.module_difference is None, (seed, report.verdict)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell"])
def test_an_input_that_is_not_contiguous_is_no_difference(kind: str, dtype: torch.dtype) -> None:
    torch.manual_seed(3)
    for sizes in ((3, 5), (17, 33)):
        module = getattr(nn, kind)(*sizes).to(dtype)
        with torch.no_grad():
            for weight in module.parameters():
                weight.mul_(8)
        x = torch.randn(60, 3, 2 * sizes[0]).to(dtype)[..., ::2]
        assert_right(gs.verify(gs.trace(module, x)))
        assert_right(gs.verify(gs.trace(module, x.transpose(0, 1))))
        module.register_forward_pre_hook(lambda _module, args: (args[0].contiguous(), *args[1:]))
        assert_right(gs.verify(gs.trace(module, x)))


@pytest.mark.parametrize("options", [{}, {"num_layers": 2, "bidirectional": True}, {"batch_first": True}])
def test_long_memories_and_runs_that_drift_apart_are_not_blamed(options: dict[str, Any]) -> None:
    torch.manual_seed(5)
    module = nn.LSTM(4, 16, **options).eval()
    x = torch.randn(1000, 1, 4) if not options.get("batch_first") else torch.randn(1, 1000, 4)
    with torch.no_grad():
        for name, bias in module.named_parameters():
            if name.startswith("bias_ih"):
                bias[16:32] += 20  # of the forget gate
    assert_right(gs.verify(gs.trace(module, x)))
    with torch.no_grad():
        for weight in module.parameters():
            weight.mul_(16)
    assert_right(gs.verify(gs.trace(module, x)))


def test_runs_that_have_drifted_by_more_than_the_bound_of_a_step_are_not_blamed() -> None:
    torch.manual_seed(4)
    module = nn.LSTM(8, 32, num_layers=2, bidirectional=True).eval()
    with torch.no_grad():
        for weight in module.parameters():
            weight.mul_(16)
        x = torch.randn(200, 1, 8)
        trace = gs.trace(module, x, grad=True)  # by the equations, which round otherwise
        report, output = gs.verify(trace), trace.output
        assert isinstance(output, Tensor)
        assert float((module(x)[0] - output).abs().max()) > 1000 * float(report.bound("h", 1).max())
    assert_right(report)


def test_memory_at_odd_addresses_changes_roundings_and_nothing_else() -> None:
    torch.manual_seed(2)
    for hidden in (5, 16, 33):
        module = nn.LSTM(7, hidden).eval()
        with torch.no_grad():
            for weight in module.parameters():
                weight.set_(torch.cat([torch.zeros(1), weight.flatten()])[1:].view_as(weight))  # type: ignore[call-overload]
            module.flatten_parameters()
        x = torch.cat([torch.zeros(1), torch.randn(30 * 2 * 7)])[1:].view(30, 2, 7)
        assert_right(gs.verify(gs.trace(module, x)))


def test_inputs_with_a_graph_and_of_inference_mode_are_asked_about() -> None:
    module = nn.LSTM(4, 3)
    assert_right(gs.verify(gs.trace(module, torch.randn(5, 2, 4, requires_grad=True) * 1)))
    assert_right(gs.verify(gs.trace(module, torch.randn(5, 2, 4), grad=True)))
    with torch.inference_mode():
        trace = gs.trace(nn.GRU(4, 3), torch.randn(5, 2, 4))
        assert_right(gs.verify(trace))
    assert_right(gs.verify(trace))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert_right(gs.verify(gs.trace(module, torch.randn(5, 2, 4))))


def test_numbers_that_are_not_finite_are_no_difference() -> None:
    for bad in (torch.nan, torch.inf):
        x = torch.randn(6, 2, 4)
        x[3, 1, 0] = bad
        report = gs.verify(gs.trace(nn.LSTM(4, 3, num_layers=2), x))
        assert report.asked
        assert report.module_difference is None
        assert report.verdict.code == "cannot_compare"


# ---- what is attached rightly ----


def weight_norm(module: nn.Module) -> None:
    nn.utils.weight_norm(module, "weight_hh_l0")


def pruning(module: nn.Module) -> None:
    prune.random_unstructured(module, "weight_ih_l0", amount=0.5)


def parametrized(module: nn.Module) -> None:
    nn.utils.parametrizations.weight_norm(module, "weight_hh_l0")


def spectral(module: nn.Module) -> None:
    nn.utils.parametrizations.spectral_norm(module, "weight_hh_l0")


@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")
@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("attach", [weight_norm, pruning, parametrized, spectral])
def test_weights_that_are_computed_at_each_call_are_asked_about(attach: Any, training: bool) -> None:
    module = nn.LSTM(4, 6, num_layers=2)
    attach(module)
    module.train(training)
    before = copy.deepcopy({name: buffer.clone() for name, buffer in module.named_buffers()})
    assert_right(gs.verify(gs.trace(module, torch.randn(5, 2, 4))))
    for name, buffer in module.named_buffers():
        assert torch.equal(buffer, before[name]), name


def test_asking_changes_neither_buffers_nor_random_numbers_nor_inputs() -> None:
    module = nn.GRU(4, 3)
    module.register_buffer("calls", torch.zeros(1))
    module.register_forward_hook(lambda module, *_: module.calls.add_(1) and None)
    x = torch.randn(5, 2, 4)
    report = gs.verify(gs.trace(module, x))
    assert not report.asked
    assert "calls" in str(report.not_asked)
    assert report.matches
    assert float(module.calls) == 0  # type: ignore[arg-type]  # a buffer
    noisy = nn.GRU(4, 3)
    state = torch.get_rng_state()
    noisy.register_forward_pre_hook(lambda _module, args: (args[0] + torch.rand_like(args[0]),))
    assert gs.verify(gs.trace(noisy, x)).verdict.code == "module_differs"
    assert torch.equal(torch.get_rng_state(), state)


# ---- where it is not asked ----


def assert_not_asked(trace: Trace, said: str) -> None:
    report = gs.verify(trace)
    assert not report.asked
    assert said in str(report.not_asked)
    assert report.module_difference is None
    assert report.matches


def test_what_changed_after_the_run_is_named() -> None:
    def fresh() -> tuple[Any, Tensor, Trace]:
        module, x = nn.LSTM(4, 3, num_layers=2, dropout=0.5).eval(), torch.randn(5, 2, 4)
        return module, x, gs.trace(module, x)

    module, x, trace = fresh()
    x.mul_(2)
    assert_not_asked(trace, "after the run, x, hx changed")
    module, x, trace = fresh()
    module.weight_hh_l1.data.add_(1)
    assert_not_asked(trace, "weight_hh_l1")
    module, x, trace = fresh()
    module.train()
    assert_not_asked(trace, "dropout")
    module, x, trace = fresh()
    module.batch_first = True
    assert_not_asked(trace, "its arguments")
    module, x, trace = fresh()
    del module.weight_hh_l0
    assert_not_asked(trace, "its arguments")
    module, x, trace = fresh()
    module.double()
    assert_not_asked(trace, "its arguments")


def test_held_compiled_converted_and_loaded_runs_are_not_asked_about(tmp_path: Path) -> None:
    module, x = nn.LSTM(4, 3), torch.randn(5, 2, 4)
    held = gs.verify(gs.trace(module, x, holds=[gs.Hold("f", 0.5, start=2)]))
    assert not held.asked
    assert "held by hand" in str(held.not_asked)
    trace = gs.trace(module, x)
    assert_not_asked(trace.mapped(torch.clone), "from a file")
    trace.save(tmp_path / "run.gates")
    assert_not_asked(gs.load(tmp_path / "run.gates").only, "from a file")
    module._compiled_call_impl = nn.Module._call_impl  # as after module.compile(), which takes seconds
    assert_not_asked(gs.trace(module, x), "compiled")


@pytest.mark.filterwarnings("ignore:.*spectral_norm.*:FutureWarning")
def test_an_older_spectral_norm_that_moves_is_not_called() -> None:
    module = nn.utils.spectral_norm(nn.LSTM(4, 3), "weight_hh_l0")
    before = module.weight_hh_l0_u.clone()  # type: ignore[operator]  # a buffer
    assert_not_asked(gs.trace(module, torch.randn(5, 2, 4)), "spectral_norm")
    assert torch.equal(module.weight_hh_l0_u, before)  # type: ignore[arg-type]  # a buffer
    assert_right(gs.verify(gs.trace(module.eval(), torch.randn(5, 2, 4))))
