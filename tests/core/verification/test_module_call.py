"""The module itself is asked: what it does besides its weights is found, and what it does rightly is never blamed."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook
from torch.nn.utils.rnn import pack_padded_sequence

import gatescope as gs
from gatescope.modules import inputs
from gatescope.traces.trace import Trace
from gatescope.verification.report import Report

LAYERS, CELLS = ("LSTM", "GRU", "RNN"), ("LSTMCell", "GRUCell", "RNNCell")
OPTIONS: dict[str, dict[str, Any]] = {
    "one layer": {},
    "three layers": {"num_layers": 3},
    "both directions": {"bidirectional": True, "num_layers": 2},
    "batch first": {"batch_first": True},
    "without biases": {"bias": False},
}
DTYPES = (torch.float32, torch.float64, torch.float16, torch.bfloat16)
Attack = Callable[[Any], Any]


def made(kind: str, dtype: torch.dtype = torch.float32, **options: Any) -> tuple[Any, Tensor]:
    """Return a module of random weights, and a sequence of 9 steps and 3 elements for it."""
    torch.manual_seed(1)
    module = getattr(nn, kind)(4, 8, **options).to(dtype).eval()
    x = torch.randn(9, 3, 4).to(dtype)
    return module, x.transpose(0, 1).contiguous() if options.get("batch_first") else x


def states(kind: str, count: int = 1, batch: int = 3, dtype: torch.dtype = torch.float32) -> Any:
    """Return random states as a module takes them."""
    shape = (batch, 8) if kind.endswith("Cell") else (count, batch, 8)
    one, other = torch.randn(*shape).to(dtype), torch.randn(*shape).to(dtype)
    return (one, other) if kind.startswith("LSTM") else one


def asked(trace: Trace) -> Report:
    """Verify a trace of which the module could be asked."""
    report = gs.verify(trace)
    assert report.asked, report.not_asked
    assert report.not_asked is None
    return report


# ---- attacks on the module ----


def stale_flat_weights(module: Any) -> None:
    module._flat_weights = [torch.randn_like(weight) for weight in module._flat_weights]


def one_stale_flat_weight(module: Any) -> None:
    module._flat_weights = [*module._flat_weights[:-1], module._flat_weights[-1] * 1.5 + 0.01]


def replaced_forward(module: Any) -> None:
    own = module.forward
    module.forward = lambda x, hx=None: own(x * 2, hx)


def input_changed(module: Any) -> None:
    module.register_forward_pre_hook(lambda _module, args: (_changed(args[0]), *args[1:]))


def input_changed_in_place(module: Any) -> None:
    module.register_forward_pre_hook(lambda _module, args: _doubled(args[0]))


def output_changed(module: Any) -> None:
    module.register_forward_hook(lambda _module, _args, returned: _first_changed(returned))


def _changed(x: Any) -> Any:
    return x._replace(data=x.data * 1.5) if isinstance(x, tuple) else x * 1.5


def _doubled(x: Any) -> None:
    x.data.mul_(2)


def _first_changed(returned: Any) -> Any:
    if isinstance(returned, Tensor):
        return returned + 0.25
    return (returned[0] + 0.25, *returned[1:])


REASONS = {
    replaced_forward: "attached_method", output_changed: "attached_hook",
    input_changed: "attached_pre_hook", input_changed_in_place: "attached_pre_hook",
}  # fmt: skip


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("attack", REASONS, ids=lambda attack: attack.__name__)
@pytest.mark.parametrize("kind", LAYERS + CELLS)
def test_what_is_attached_to_a_module_is_found_and_named(kind: str, attack: Attack, dtype: torch.dtype) -> None:
    module, x = made(kind, dtype)
    before = x.clone()
    attack(module)
    report = asked(gs.trace(module, x))
    assert report.verdict.code == "module_differs"
    assert not report.matches
    found = report.module_difference
    assert found is not None
    assert found.place in ("output", "h_n", "c_n", "h", "c")
    assert found.error > 0.01 > found.bound
    assert REASONS[attack] in [reason.code for reason in found.reasons]
    assert "does something else than its weights" in str(report.verdict)
    assert attack.__name__.split("_", maxsplit=1)[0] in str(report.verdict) or "lambda" in str(report.verdict)
    assert torch.equal(x, before)  # what a hook writes into it is written into a copy


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
@pytest.mark.parametrize("attack", [stale_flat_weights, one_stale_flat_weight], ids=lambda attack: attack.__name__)
@pytest.mark.parametrize("kind", LAYERS)
def test_weights_that_are_not_the_parameters_are_found(kind: str, attack: Attack, options: dict[str, Any]) -> None:
    module, x = made(kind, **options)
    attack(module)
    report = asked(gs.trace(module, x))
    assert report.verdict.code == "module_differs"
    assert "stale" in str(report.verdict)
    last = list(dict(module.named_parameters()))[-1]
    assert last in str(report.verdict)


@pytest.mark.parametrize(("dtype", "change"), [(torch.float16, 0.002), (torch.bfloat16, 0.01)])
def test_a_change_that_hides_in_the_bound_of_a_16_bit_type_is_found(dtype: torch.dtype, change: float) -> None:
    module = nn.LSTM(64, 256).to(dtype).eval()
    module._flat_weights = [*module._flat_weights[:-1], module._flat_weights[-1] + change]
    report = asked(gs.trace(module, torch.randn(5, 2, 64).to(dtype)))
    found = report.module_difference
    assert found is not None
    assert found.error < float(report.bound("h").max())
    assert report.verdict.code == "module_differs"


@pytest.mark.parametrize("kind", LAYERS)
def test_attacks_are_found_in_every_layout(kind: str) -> None:
    for options in ({"num_layers": 2}, {"bidirectional": True}, {"batch_first": True}):
        module, x = made(kind, **options)
        replaced_forward(module)
        assert asked(gs.trace(module, x)).verdict.code == "module_differs"
        unbatched = x[0] if options.get("batch_first") else x[:, 0]
        assert asked(gs.trace(module, unbatched)).verdict.code == "module_differs"
    module, x = made(kind)
    for attack in (input_changed, input_changed_in_place):
        attacked = copy.deepcopy(module)
        attack(attacked)
        packed = pack_padded_sequence(x, [4, 9, 1], enforce_sorted=False)
        assert asked(gs.trace(attacked, packed)).verdict.code == "module_differs"


def test_a_change_late_in_a_chaotic_run_is_found() -> None:
    module, x = made("LSTM", num_layers=2)
    with torch.no_grad():
        for weight in module.parameters():
            weight.mul_(16)
    x = torch.randn(200, 1, 4)
    assert asked(gs.trace(module, x)).matches
    late = torch.ones(200, 1, 1)
    late[190] = 1.001
    module.register_forward_pre_hook(lambda _module, args: (args[0] * late,))
    assert asked(gs.trace(module, x)).verdict.code == "module_differs"


@pytest.mark.parametrize(
    ("register", "hook", "code"),
    [
        (register_module_forward_pre_hook, lambda _m, args: (args[0] + 1, *args[1:]), "attached_global_pre_hook"),
        (register_module_forward_hook, lambda _m, _a, returned: _first_changed(returned), "attached_global_hook"),
    ],
)
def test_hooks_of_all_modules_are_found(register: Any, hook: Any, code: str) -> None:
    module, x = made("GRU")
    trace = gs.trace(module, x)
    assert asked(trace).matches
    handle = register(hook)
    try:
        report = asked(trace)
    finally:
        handle.remove()
    assert report.verdict.code == "module_differs"
    assert report.module_difference is not None
    assert code in [reason.code for reason in report.module_difference.reasons]


def test_a_class_with_a_call_of_its_own_is_found() -> None:
    class Louder(nn.LSTM):
        def __call__(self, x: Tensor, hx: Any = None) -> Any:
            output, states = super().__call__(x, hx)
            return output * 2, states

    report = asked(gs.trace(Louder(4, 3).eval(), torch.randn(5, 2, 4)))
    assert report.verdict.code == "module_differs"
    assert "Louder" in str(report.verdict)


def test_a_parametrization_that_forgets_itself_is_named() -> None:
    class Noisy(nn.Module):
        def forward(self, weight: Tensor) -> Tensor:
            return weight + torch.rand(())

    module, x = made("LSTM")
    nn.utils.parametrize.register_parametrization(module, "weight_hh_l0", Noisy())
    trace = gs.trace(module, x)
    report = gs.verify(trace)
    assert not report.asked  # each reading of it gives another weight
    assert "weight_hh_l0" in str(report.not_asked)


# ---- calls that go wrong ----


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "LSTMCell"])
def test_a_call_that_raises_or_returns_something_else_is_one_finding(kind: str) -> None:
    def refuse(*_: Any) -> None:
        raise KeyError("not today")

    others: dict[str, Callable[..., Any]] = {
        "KeyError": refuse,
        "NoneType": lambda *_: None,
        "int": lambda *_: 7,
        "tuple (3)": lambda *_: (torch.zeros(1), torch.zeros(1), torch.zeros(1)),
        "float64": lambda _m, _a, returned: _as_double(returned),
        "list": lambda *_: [1, 2, 3],
    }
    for named, hook in others.items():
        module, x = made(kind)
        module.register_forward_hook(hook if named != "KeyError" else refuse)
        if named == "NoneType":
            module.forward = lambda *_: None
        trace = gs.trace(module, x)
        report = asked(trace)
        assert report.verdict.code == "module_differs"
        assert report.module_difference is not None
        assert report.module_difference.error == torch.inf
        assert named in str(report.verdict), str(report.verdict)


def _as_double(returned: Any) -> Any:
    return returned.double() if isinstance(returned, Tensor) else tuple(_as_double(one) for one in returned)


# ---- attacks on our own reading ----


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("kind", LAYERS + CELLS)
def test_states_that_are_dropped_on_reading_are_found(
    kind: str, dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, x = made(kind, dtype)
    hx = states(kind, dtype=dtype)
    assert asked(gs.trace(module, x, hx)).matches
    read = inputs._states
    monkeypatch.setattr(inputs, "_states", lambda spec, _hx, batch, x: read(spec, None, batch, x))
    report = asked(gs.trace(module, x, hx))
    assert report.verdict.code in ("record_differs", "differs")  # h may be what the module itself returned
    assert "h0" in str(report.wrong_in_record)


@pytest.mark.parametrize("kind", LAYERS + CELLS)
def test_a_sequence_that_is_read_backwards_is_found(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, x = made(kind)
    monkeypatch.setattr("gatescope.modules.inputs._own", lambda x: x.detach().flip(0))
    report = asked(gs.trace(module, x))
    assert report.verdict.code in ("record_differs", "differs")  # as above
    assert str(report.wrong_in_record) == "x"
