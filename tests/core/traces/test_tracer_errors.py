"""What trace() refuses, and that the message names both sides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import gatescope as gs

MakeLSTM = Callable[..., nn.LSTM]
X = torch.zeros(5, 2, 4)


def refused(module: Any, x: Any, hx: Any = None) -> gs.GatescopeError:
    with pytest.raises(gs.GatescopeError) as caught:
        gs.trace(module, x, hx)
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("module", [nn.Linear(4, 3), nn.Sequential(nn.LSTM(4, 3)), None, "nn.LSTM", nn.LSTM])
def test_only_recurrent_modules(module: Any) -> None:
    error = refused(module, X)
    assert error.code == "not_recurrent"
    assert type(module).__name__ in str(error)


def test_dropout_in_training_mode_is_refused_with_the_reason(make_lstm: MakeLSTM) -> None:
    module = make_lstm(4, 3, 2, dropout=0.25)
    error = refused(module.train(), X)
    assert error.code == "dropout_in_training"
    assert "0.25" in str(error)
    assert "eval()" in str(error)
    assert gs.verify(gs.trace(module.eval(), X)).matches


def test_dropout_that_does_not_act_is_no_reason_to_refuse(make_lstm: MakeLSTM) -> None:
    assert gs.verify(gs.trace(make_lstm(4, 3, 2).train(), X)).matches
    with pytest.warns(UserWarning, match="num_layers greater than 1"):
        single = nn.LSTM(4, 3, dropout=0.5)
    assert gs.verify(gs.trace(single.train(), X)).matches


def test_types_that_no_module_computes_in_are_refused_by_name() -> None:
    error = refused(nn.LSTM(4, 3, dtype=torch.complex64), X.to(torch.complex64))
    assert error.code == "dtype_unsupported"
    assert "complex64" in str(error)


def test_a_module_without_numbers_is_refused() -> None:
    error = refused(nn.LSTM(4, 3, device="meta"), X.to("meta"))
    assert error.code == "device_unknown"
    assert "meta" in str(error)


def test_a_run_that_cannot_fit_is_refused_before_it_starts(
    make_lstm: MakeLSTM, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Little:
        available = 10_000

    monkeypatch.setattr("gatescope.modules.memory_needed.ALWAYS", 0)
    monkeypatch.setattr("gatescope.modules.memory_needed.psutil.virtual_memory", Little)
    error = refused(make_lstm(4, 3), X.repeat(100, 1, 1))
    assert error.code == "too_much_memory"
    assert "T = 500, B = 2" in str(error)
    assert "9.77 KiB free" in str(error)


def no_cuda_expected() -> str:
    return "a CUDA device is here" if torch.cuda.is_available() else ""


@pytest.mark.skipif(bool(no_cuda_expected()), reason=no_cuda_expected())
@pytest.mark.parametrize("device", ["cuda", "cuda:1"])
def test_cuda_where_there_is_none_is_a_clear_error(device: str) -> None:
    with pytest.raises(gs.GatescopeError) as caught:
        gs.build(gs.ModuleSpec(4, 3, device=device), 0)
    assert caught.value.code == "no_cuda"
    assert f"There is no CUDA device {device}: " in str(caught.value)
    assert str(caught.value).endswith("Use the CPU.")


def test_a_cuda_device_beyond_those_present_names_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    with pytest.raises(gs.GatescopeError, match="there are only cuda:0, cuda:1"):
        gs.build(gs.ModuleSpec(4, 3, device="cuda:2"), 0)


def test_tensors_are_not_needed_to_be_leaves(make_lstm: MakeLSTM) -> None:
    x = (X.clone().requires_grad_() * 2).transpose(0, 1).transpose(0, 1)
    assert isinstance(gs.trace(make_lstm(4, 3), x).x, Tensor)


@pytest.mark.parametrize("tokens", [5, [1, 2], [None]])
def test_tokens_that_are_no_texts_are_refused(make_lstm: MakeLSTM, tokens: Any) -> None:
    with pytest.raises(gs.GatescopeError, match="tokens must be a text, or one text for each step"):
        gs.trace(make_lstm(4, 3), X, tokens=tokens)


def test_what_is_no_trace_is_refused(make_lstm: MakeLSTM) -> None:
    trace: Any = gs.trace(make_lstm(4, 3), X)
    for call in (lambda: gs.verify("x"), lambda: gs.compare(trace, None), lambda: gs.compare(5, trace)):  # type: ignore[arg-type]
        with pytest.raises(gs.GatescopeError, match="A trace is needed, as"):
            call()


def test_a_forward_of_its_own_is_refused() -> None:
    class Other(nn.LSTM):
        def forward(self, x: torch.Tensor, hx: object = None) -> object:  # type: ignore[override]
            return super().forward(-x)

    with pytest.raises(gs.GatescopeError, match=r"plain nn\.LSTM, .*, but it is a Other"):
        gs.trace(Other(2, 3), torch.zeros(4, 2))


def test_tokens_that_do_not_fit_the_steps_are_refused() -> None:
    with pytest.raises(gs.GatescopeError, match="There are 2 tokens for 4 steps"):
        gs.trace(nn.LSTM(2, 3), torch.zeros(4, 2), tokens="ab")


def test_a_module_that_cannot_run_by_itself_is_refused_by_its_parameters() -> None:
    module = nn.LSTM(3, 4)
    module.bias_hh_l0 = None  # type: ignore[assignment]  # as people switch a bias off
    with pytest.raises(gs.GatescopeError, match=r"bias_hh_l0 is no tensor but None; .* bias=False"):
        gs.trace(module, torch.zeros(5, 3))
    module = nn.LSTM(3, 4)
    module.weight_hh_l0 = nn.Parameter(module.weight_hh_l0.double())
    with pytest.raises(gs.GatescopeError, match=r"weight_hh_l0 is torch.float64 .* weight_ih_l0 is torch.flo"):
        gs.trace(module, torch.zeros(5, 3))


def test_a_module_that_is_called_as_torchs_own_is_named_in_full() -> None:
    own = type("LSTM", (nn.Module,), {"__module__": "quantized.dynamic"})
    with pytest.raises(gs.GatescopeError, match=r"but it is a quantized\.dynamic\.LSTM"):
        gs.trace(own(), torch.zeros(5, 3))


def test_a_spectral_norm_in_training_is_read_and_not_advanced() -> None:
    module = nn.LSTM(3, 4)
    for name in ("weight_ih_l0", "weight_hh_l0"):
        nn.utils.parametrizations.spectral_norm(module, name)
    before = {name: value.clone() for name, value in module.state_dict().items()}
    assert module.training
    assert gs.verify(gs.trace(module, torch.randn(5, 3))).matches
    after = module.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert all(part.training for part in module.modules())


def test_a_gradient_before_backward_is_refused_since_it_would_look_like_one_that_vanished() -> None:
    trace = gs.trace(nn.LSTM(3, 4, num_layers=2), torch.randn(5, 3), grad=True)
    with pytest.raises(gs.GatescopeError, match="No gradient has come to layer 1, forward: first call backward"):
        trace.cell(1).grad("f")
    trace.cell(0).h.sum().backward()
    assert float(trace.cell(0).grad("f").abs().max()) > 0
    with pytest.raises(gs.GatescopeError, match="layer 1"):
        trace.cell(1).grad("f")
    with pytest.raises(gs.GatescopeError, match="not of z_f: multiply that of f by the slope"):
        trace.cell(0).grad("z_f")
