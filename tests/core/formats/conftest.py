"""What the tests of several formats share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

import gatescope as gs
from gatescope.formats.checkpoints import open_checkpoint
from gatescope.formats.trace_file import TraceWriter
from gatescope.messages.message import Message
from gatescope.traces.trace import Trace

Refusal = Callable[[Callable[[], object]], gs.GatescopeError]


@pytest.fixture(scope="session")
def small_trace() -> Callable[..., Trace]:
    """Return a function that traces a GRU or another module over a few steps of two elements."""

    def make(module: nn.Module | None = None, steps: int = 3, **options: Any) -> Trace:
        module = nn.GRU(2, 2) if module is None else module
        dtype = next(module.parameters()).dtype
        return gs.trace(module, torch.randn(steps, 2, 2, dtype=dtype), **options)  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory, small_trace: Callable[..., Trace]) -> Path:
    """Return a file of three traces of two modules; the third has the weights of the first."""
    path = tmp_path_factory.mktemp("recording") / "small.gates"
    lstm = nn.LSTM(2, 1)
    with TraceWriter(path) as writer:
        writer.append("encoder", small_trace(lstm, steps=1))
        writer.append("decoder", small_trace(nn.RNN(2, 1), steps=1, tokens=["é"]))
        writer.append("encoder", small_trace(lstm, steps=2))
    return path


@pytest.fixture(scope="session")
def refusal() -> Refusal:
    """Return a function that calls what must be refused in one line, and returns the error."""

    def refuse(call: Callable[[], object]) -> gs.GatescopeError:
        with pytest.raises(gs.GatescopeError) as caught:
            call()
        assert len(str(caught.value).splitlines()) == 1
        return caught.value

    return refuse


@pytest.fixture(scope="session")
def reason_of() -> Callable[[Message | gs.GatescopeError], str]:
    """Return a function that gives the code of why a trace cannot be read."""

    def find(problem: Message | gs.GatescopeError) -> str:
        message = problem.message if isinstance(problem, gs.GatescopeError) else problem
        assert message.code == "trace_unreadable"
        reason: Message = message.params["reason"]
        return reason.code

    return find


@pytest.fixture(scope="session")
def refused(refusal: Refusal) -> Callable[[Path], gs.GatescopeError]:
    """Return a function that opens a checkpoint which must be refused, in one short line that names the file."""

    def refuse(path: Path) -> gs.GatescopeError:
        error = refusal(lambda: open_checkpoint(path))
        assert len(str(error)) < 700
        assert str(error).isprintable()
        assert str(path) in str(error)
        return error

    return refuse
