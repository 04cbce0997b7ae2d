"""A model that is recorded does not notice: it computes the same bits, and nothing is left behind in it."""

from __future__ import annotations

import copy
import io
import pickle
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations

import gatescope as gs
from gatescope.recording.recorder import Recorder


class Model(nn.Module):
    """Every kind, in containers, shared, called several times, with randomness between."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.3))
        self.stack = nn.ModuleList([nn.LSTM(4, 3, bidirectional=True), nn.GRU(6, 6, batch_first=True)])
        self.twice = nn.RNN(6, 6)
        self.again = self.twice
        self.cell = nn.LSTMCell(6, 5)

    def forward(self, x: Tensor) -> Tensor:
        x, _ = self.stack[0](input=self.encoder(x), hx=None)
        x, _ = self.stack[1](x)
        x, _ = self.again(self.twice(x)[0])
        hc = None
        for step in x:
            hc = self.cell(step, hc)
        return hc[0] + torch.rand_like(hc[0])  # type: ignore[index]


NAMES = ("stack.0", "stack.1", "twice", "cell")
X = torch.randn(7, 3, 4, generator=torch.Generator().manual_seed(0))


def seeded(make: Callable[[], nn.Module] = Model) -> Any:
    torch.manual_seed(0)
    return make()


def hooks_of(model: nn.Module) -> list[Any]:
    kinds = ("_forward_hooks", "_forward_hooks_with_kwargs", "_forward_hooks_always_called", "_forward_pre_hooks")
    return [(name, kind, dict(getattr(module, kind))) for name, module in model.named_modules() for kind in kinds]


def everything_after_training(record: bool, grad: bool = True) -> list[Any]:
    """Train; return, as bytes where it is numbers, all that a recording might have changed."""
    model = seeded()
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - the global state is what must not change
    optimizer = torch.optim.Adam(model.parameters())
    before, seen = hooks_of(model), []
    with gs.record(model, batch=None) if record else torch.enable_grad():
        for _ in range(3):
            optimizer.zero_grad()
            with torch.set_grad_enabled(grad):
                output = model(X)
            seen.append(output.detach().numpy().tobytes())
            if grad:
                output.square().sum().backward()
                optimizer.step()
                seen += [parameter.grad.numpy().tobytes() for parameter in model.parameters()]
    seen += [parameter.detach().numpy().tobytes() for parameter in model.parameters()]
    states = [torch.get_rng_state().numpy().tobytes(), random.getstate(), pickle.dumps(np.random.get_state())]  # noqa: NPY002
    return [
        *seen,
        *states,
        hooks_of(model) == before,
        [part.training for part in model.modules()],
        torch.is_grad_enabled(),
        list(model.state_dict()),
    ]


@pytest.mark.parametrize("grad", [True, False])
def test_training_is_the_same_bit_for_bit_with_and_without(grad: bool) -> None:
    assert everything_after_training(record=True, grad=grad) == everything_after_training(record=False, grad=grad)


@pytest.mark.parametrize("fault", ["random", "numpy", "weight", "gradient", "hook", "mode"])
def test_a_recording_that_disturbed_the_training_would_be_seen(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Recorder.record

    def disturbing(self: Recorder, name: str, module: Any, args: Any, kwargs: Any, returned: Any) -> None:
        real(self, name, module, args, kwargs, returned)
        if name == "cell":
            disturb(fault, module)

    monkeypatch.setattr(Recorder, "record", disturbing)
    assert everything_after_training(record=True) != everything_after_training(record=False)


def disturb(fault: str, module: nn.LSTMCell) -> None:
    if fault == "random":
        torch.rand(1)
    elif fault == "numpy":
        np.random.rand()  # noqa: NPY002
    elif fault == "weight":
        module.weight_hh.data[0, 0] = torch.nextafter(module.weight_hh.data[0, 0], torch.tensor(9.0))
    elif fault == "gradient":
        module.weight_hh.sum().backward()
    elif fault == "hook":
        module.register_forward_hook(lambda *_: None)
    else:
        module.eval()


def test_what_the_module_returned_is_the_very_object_that_the_caller_gets() -> None:
    lstm, seen = nn.LSTM(4, 3), []
    lstm.register_forward_hook(lambda _module, _args, output: seen.append(output))
    with gs.record(lstm):
        output = lstm(X)
    assert output is seen[0]


def test_an_exception_in_the_block_passes_and_leaves_the_model_clean() -> None:
    model = seeded()
    before = hooks_of(model)
    recordings = []

    def fail() -> None:
        with gs.record(model) as recording:
            recordings.append(recording)
            model(X)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert hooks_of(model) == before
    assert [len(recordings[0][name]) for name in NAMES] == [1, 1, 2, 1]


def test_an_exception_inside_the_model_passes_and_the_calls_before_it_are_there() -> None:
    model = nn.Sequential(nn.LSTM(4, 3))
    with gs.record(model) as recording:
        model(X)
        with pytest.raises(RuntimeError, match="input"):
            model(X[..., :2])
    assert len(recording["0"]) == 1
    assert not recording.skipped


def test_hooks_of_others_are_called_as_before() -> None:
    calls: list[str] = []
    lstm = nn.LSTM(4, 3)
    first = lstm.register_forward_hook(lambda *_: calls.append("first"))
    with gs.record(lstm):
        lstm.register_forward_hook(lambda *_: calls.append("inside"))
        lstm(X)
        first.remove()
    lstm(X)
    assert calls == ["first", "inside", "inside"]
    assert len(lstm._forward_hooks) == 1


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copy_made_inside_the_block_works_and_is_not_recorded(copied: Callable[[Any], Any]) -> None:
    model = seeded(lambda: nn.Sequential(nn.LSTM(4, 3)))
    with gs.record(model) as recording:
        twin = copied(model)
        torch.save(model.state_dict(), io.BytesIO())
        assert torch.equal(twin(X)[0], model(X)[0])
        assert len(recording["0"]) == 1
    twin(X)
    assert len(recording["0"]) == 1
    copied(recording_free := copied(twin))
    assert torch.equal(recording_free(X)[0], model(X)[0])


def test_a_model_saved_inside_the_block_opens_where_there_is_no_gatescope(tmp_path: Path) -> None:
    lstm = nn.LSTM(4, 3)
    with gs.record(lstm):
        torch.save(lstm, tmp_path / "model.pt")
    code = f"""
import sys, torch
sys.modules["gatescope"] = None
model = torch.load({str(tmp_path / "model.pt")!r}, weights_only=False)
print(tuple(model(torch.ones(2, 4))[0].shape))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(2, 3)"


def test_reading_a_parametrized_weight_does_not_iterate_it_further() -> None:
    def outputs(record: bool) -> list[bytes]:
        cell = seeded(lambda: parametrizations.spectral_norm(nn.GRUCell(4, 3), "weight_hh"))
        with gs.record(cell) if record else torch.enable_grad():
            found = [cell(X[0], torch.ones(3, 3)).detach().numpy().tobytes() for _ in range(3)]
        return [*found, cell.training, *(part.training for part in cell.parametrizations.modules())]

    assert outputs(record=True) == outputs(record=False)
