"""What the engine's tests share. Nothing here needs Qt."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

import gatescope as gs
from gatescope.formats.sequences import Sequence, read_sequence
from gatescope.traces.trace import Trace
from gatescope.verification.drift import drift_bounds

MakeTrace = Callable[..., Trace]


def pytest_configure(config: pytest.Config) -> None:
    """Name the markers, so that these tests also run on their own."""
    config.addinivalue_line("markers", "cuda: needs a CUDA device")
    config.addinivalue_line("markers", "numeric: depends on how the processor rounds")


@pytest.fixture(scope="session")
def make_trace() -> MakeTrace:
    """Return a function that traces a freshly made module over a random sequence."""

    def make(
        *sizes: int, steps: int = 6, batch: int | None = 2, seed: int = 0, scale: float = 1.0, **options: object
    ) -> Trace:
        module = make_module(*sizes, seed=seed, scale=scale, **options)
        generator = torch.Generator().manual_seed(seed + 1)
        batch_first = getattr(module, "batch_first", False)
        lengths = [steps] if batch is None else [batch, steps] if batch_first else [steps, batch]
        x = torch.randn(*lengths, module.input_size, generator=generator).to(next(module.parameters()).dtype)
        return gs.trace(module, x)

    return make


def make_module(*sizes: int, seed: int = 0, scale: float = 1.0, kind: str = "LSTM", **options: object) -> Any:
    """Return an nn.LSTM or another module in evaluation mode with its weights made `scale` times larger."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module = getattr(nn, kind)(*sizes, **options).eval()
    with torch.no_grad():
        for weight in module.parameters():
            weight.mul_(scale)
    return module


@pytest.fixture(scope="session")
def make_lstm() -> Callable[..., nn.LSTM]:
    """Return `make_module`."""
    return make_module


@pytest.fixture(scope="session")
def assert_within_drift() -> Callable[[Trace, Any], None]:
    """Return a function that compares a trace with what a module returned: within the rounding of both histories."""

    def compare(trace: Trace, returned: Any) -> None:
        bounds = trace
        for key, drift in drift_bounds(trace).items():
            bounds = bounds.with_cell(replace(bounds.cells[key], values=drift))
        output, states = returned
        h_n, *c_n = [states] if isinstance(states, Tensor) else states
        for name, value in [("output", output), ("h_n", h_n), *(("c_n", c) for c in c_n)]:
            ours, theirs, bound = (
                one.data if isinstance(one, PackedSequence) else one.detach()
                for one in (getattr(trace, name), value, getattr(bounds, name))
            )
            assert (ours.shape, ours.dtype, ours.device) == (theirs.shape, theirs.dtype, theirs.device), name
            assert bound.isfinite().all(), f"the bound of {name} says nothing"
            part = float(((ours.double() - theirs.double()).abs() / bound).max())
            assert part <= 1, f"{name} is off by {part:.3g} times what rounding allows"

    return compare


@pytest.fixture
def any_sequence() -> Tensor:
    """Return a sequence for nn.LSTM(4, 3): 5 steps of 2 elements."""
    return torch.randn(5, 2, 4, generator=torch.Generator().manual_seed(3))


class Trap:
    """Leaves a folder behind when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.path),)


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    """Return something to pickle; that its `path` is there shows that it was unpickled."""
    return Trap(tmp_path / "sprung")


@pytest.fixture
def read_or_refuse(tmp_path: Path) -> Callable[[str, bytes], Sequence | gs.GatescopeError]:
    """Return a function that reads a file of that content; any error but a refusal fails the test."""

    def read(name: str, content: bytes) -> Sequence | gs.GatescopeError:
        path = tmp_path / name
        path.write_bytes(content)
        try:
            return read_sequence(path)
        except gs.GatescopeError as error:
            return error

    return read


class RecordedModel(nn.Module):
    """An encoder in a container, an RNN under two names that is called twice, and a cell in a loop."""

    recurrent = ("encoder.1", "twice", "cell")

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(4, 4), nn.LSTM(4, 6))
        self.twice = nn.RNN(6, 6)
        self.again = self.twice
        self.cell = nn.LSTMCell(6, 5)

    def forward(self, x: Tensor) -> Tensor:
        x, _ = self.again(self.twice(self.encoder(x)[0])[0])
        hc = None
        for step in x:
            hc = self.cell(step, hc)
        return hc[0]  # type: ignore[index]


@pytest.fixture
def seeded() -> Callable[[Callable[[], nn.Module]], nn.Module]:
    """Return a function that makes a module with the same weights each time."""

    def from_seed(make: Callable[[], nn.Module]) -> nn.Module:
        torch.manual_seed(0)
        return make()

    return from_seed


@pytest.fixture
def model(seeded: Callable[[Callable[[], nn.Module]], nn.Module]) -> nn.Module:
    """Return a model to record; `recurrent` are the names of what there is to record."""
    return seeded(RecordedModel)


@pytest.fixture
def X() -> Tensor:
    """Return a batch for that model: 7 steps of 3 sequences of 4 numbers."""
    return torch.randn(7, 3, 4, generator=torch.Generator().manual_seed(0))
