"""What trace() refuses, and that the message names both sides."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import gatescope as gs
from gatescope.modules.network import first_weight, live_weights, spec_of, weights_of

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


def _without(name: str) -> nn.LSTM:
    module = nn.LSTM(3, 4)
    delattr(module, name)
    return module


def _with(name: str, value: Any, module: nn.Module | None = None) -> nn.Module:
    module = nn.LSTM(3, 4) if module is None else module
    setattr(module, name, value)
    return module


def _parameter(value: torch.Tensor) -> nn.Parameter:
    return nn.Parameter(value, requires_grad=False)


NO_MODULES = {
    "no b_hh": (lambda: _without("bias_hh_l0"), "bias_hh_l0 is no tensor but None"),
    "no W_ih": (lambda: _without("weight_ih_l0"), "weight_ih_l0 is no tensor but None"),
    "W_ih is None": (lambda: _with("weight_ih_l0", None), "weight_ih_l0 is no tensor but None"),
    "W_ih of a cell is None": (lambda: _with("weight_ih", None, nn.GRUCell(3, 4)), "weight_ih is no tensor but None"),
    "on another device": (
        lambda: _with("weight_hh_l0", _parameter(torch.zeros(16, 4, device="meta"))),
        r"weight_hh_l0 is torch.float32 \(meta\) and weight_ih_l0 is torch.float32 \(cpu\)",
    ),
    "the first on another device": (
        lambda: _with("weight_ih_l0", _parameter(torch.zeros(16, 3, device="meta"))), "but it is meta",
    ),
    "all on another device": (lambda: nn.LSTM(3, 4, device="meta"), "but it is meta"),
    "another type": (lambda: _with("bias_ih_l0", _parameter(torch.zeros(16).half())), "bias_ih_l0 is torch.float16"),
    "sparse": (
        lambda: _with("weight_hh_l0", _parameter(torch.zeros(16, 4).to_sparse())), r"\(cpu, torch.sparse_coo\)",
    ),
    "complex": (lambda: nn.LSTM(3, 4, dtype=torch.complex64), "dtype must be .* but it is complex64"),
    "another shape": (
        lambda: _with("weight_hh_l0", _parameter(torch.zeros(16, 5))),
        r"weight_hh_l0 has the shape \(16, 5\), but by the module's arguments it must have \(16, 4\)",
    ),
    "another hidden_size": (lambda: _with("hidden_size", 7), r"weight_ih_l0 has the shape \(16, 3\)"),
    "another num_layers": (lambda: _with("num_layers", 2), "weight_ih_l1 is no tensor but None"),
}  # fmt: skip


@pytest.mark.parametrize("grad", [False, True])
@pytest.mark.parametrize("name", NO_MODULES)
def test_parameters_that_make_no_module_are_named_in_one_line(name: str, grad: bool) -> None:
    make, said = NO_MODULES[name]
    with pytest.raises(gs.GatescopeError, match=said) as caught:
        gs.trace(make(), torch.zeros(5, 3), grad=grad)  # type: ignore[no-untyped-call]
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("kind", ["LSTM", "GRU", "LSTMCell"])
def test_a_quantized_module_is_refused_by_its_full_name(kind: str) -> None:
    quantized = importlib.import_module("torch.ao.nn.quantized.dynamic")
    older = importlib.import_module("torch.nn.quantized.dynamic")
    reference = importlib.import_module("torch.ao.nn.quantized.reference")
    for module in (getattr(of, kind)(4, 3) for of in (quantized, older, reference)):
        with pytest.raises(gs.GatescopeError, match=rf"but it is a torch\.ao\.nn\.quantized\..*{kind}\.") as caught:
            gs.trace(module, torch.zeros(5, 4))
        assert len(str(caught.value).splitlines()) == 1


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


@pytest.mark.filterwarnings("ignore:.*is deprecated:FutureWarning")
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("older", [True, False])
def test_a_spectral_norm_keeps_its_state_and_the_weights_are_those_of_it(older: bool, training: bool) -> None:
    module = nn.LSTM(3, 4)
    for name in ("weight_ih_l0", "weight_hh_l0"):
        (nn.utils if older else nn.utils.parametrizations).spectral_norm(module, name)
    x = torch.randn(5, 2, 3)
    module(x)
    with torch.no_grad():
        for parameter in module.parameters():  # as a step of an optimizer: what was computed from them is out of date
            parameter.mul_(1.5).add_(0.1)
    module.train(training)
    state = {name: value.clone() for name, value in module.state_dict().items()}
    for grad in (False, True):
        trace = gs.trace(module, x, grad=grad)
        assert gs.verify(trace, gates=True).matches
        spec = spec_of(module)
        for weights in (weights_of(module, spec), live_weights(module, spec), {"": first_weight(module)}):
            assert weights
        now = module.state_dict()
        assert all(torch.equal(state[name], now[name]) for name in state)
        assert all(part.training is training for part in module.modules())
    with torch.no_grad():
        expected = module.eval()(x)[0]
        trace = gs.trace(module.train(training), x)
    assert torch.equal(trace.output, expected)


def test_gradients_are_those_of_all_that_was_called_backward_on() -> None:
    trace = gs.trace(nn.LSTM(3, 4), torch.randn(5, 2, 3), grad=True)
    trace.c_n.sum().backward(retain_graph=True)
    once = trace.cell().grad("f")
    assert not trace.cell().grad("o")[-1].any()  # the last o acts on h alone
    assert trace.cell().grad("o")[0].any()
    trace.c_n.sum().backward(retain_graph=True)
    assert torch.equal(trace.cell().grad("f"), 2 * once)  # they add up, as everywhere in autograd
    assert torch.equal(trace.cell().grad("g"), trace.cell().grad("c_tilde"))


def test_a_loss_that_is_made_of_something_else_gives_no_gradient() -> None:
    module, x = nn.LSTM(3, 4), torch.randn(5, 2, 3)
    trace = gs.trace(module, x, grad=True)
    module(x)[0].sum().backward()  # the module's parameters have gradients now, the trace has none
    with pytest.raises(gs.GatescopeError, match="No gradient has come to layer 0, forward"):
        trace.cell().grad("f")


def test_gradients_of_packed_and_held_quantities() -> None:
    packed = nn.utils.rnn.pack_sequence([torch.randn(n, 3) for n in (2, 5, 3)], enforce_sorted=False)
    trace = gs.trace(nn.GRU(3, 4), packed, grad=True)
    with pytest.raises(gs.GatescopeError, match="No gradient has come"):
        trace.cell().grad("r")
    assert isinstance(trace.output, nn.utils.rnn.PackedSequence)
    trace.output.data.sum().backward()
    absent = torch.arange(5)[:, None] >= torch.tensor([2, 5, 3])
    for name in ("r", "z", "n", "h"):
        assert torch.equal(trace.cell().grad(name).isnan().all(dim=-1), absent)
        with pytest.raises(gs.GatescopeError, match="Gradients are kept of the quantities, not of z_n"):
            trace.cell().grad("z_n")
    held = gs.trace(nn.LSTM(3, 4), torch.randn(5, 2, 3), grad=True, holds=[gs.Hold("f", 0.5)])
    with pytest.raises(gs.GatescopeError, match="No gradient has come"):
        held.cell().grad("f")
    held.c_n.sum().backward()
    assert torch.equal(held.cell().grad("f")[-1], held.cell().c[-2])  # c = f c_before + ..., whatever f is


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
