"""What the tests of where a value came from share: runs of any shape, and the numbers in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

import gatescope as gs
from gatescope.traces.trace import Trace, as_numpy

Place = tuple[int, str, int, int]  # layer, direction, batch element, unit


@pytest.fixture(scope="session")
def numbers() -> Callable[[Trace, str, Place], Any]:
    """Return a function that returns one quantity of one unit over all positions, in float64."""

    def over_time(trace: Trace, name: str, where: Place) -> Any:
        layer, direction, batch, unit = where
        return as_numpy(trace.cell(layer, direction).quantity(name))[:, batch, unit].astype(np.float64)

    return over_time


@pytest.fixture(scope="session")
def order_of() -> Callable[[Trace, str, int], list[int]]:
    """Return a function that returns the steps of one batch element in the order of the run."""

    def order(trace: Trace, direction: str, batch: int) -> list[int]:
        length = len(trace) if trace.lengths is None else int(trace.lengths[batch])
        steps = list(range(length))
        return steps if direction == "forward" else steps[::-1]

    return order


@pytest.fixture(scope="session")
def runs() -> Callable[..., st.SearchStrategy[tuple[Trace, Place]]]:
    """Return a strategy of runs of some kinds of any shape, each with a place in it."""
    return any_run


@st.composite
def any_run(draw: Any, kinds: tuple[str, ...] = ("LSTM", "GRU", "LSTMCell", "GRUCell")) -> tuple[Trace, Place]:
    """A run of any shape, and a place in it."""
    kind = draw(st.sampled_from(kinds))
    width, hidden, steps, batch = (draw(st.integers(1, most)) for most in (4, 4, 12, 3))
    options: dict[str, Any] = {"bias": draw(st.booleans())}
    options["dtype"] = draw(st.sampled_from([torch.float32, torch.float64, torch.bfloat16, torch.float16]))
    packed = False
    if not kind.endswith("Cell"):
        options |= {"num_layers": draw(st.integers(1, 2)), "bidirectional": draw(st.booleans())}
        packed = draw(st.booleans())
        if kind == "LSTM" and hidden > 1:
            options["proj_size"] = draw(st.integers(0, hidden - 1))
        if kind == "RNN":
            options["nonlinearity"] = draw(st.sampled_from(["tanh", "relu"]))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(draw(st.integers(0, 1000)))
        module = getattr(nn, kind)(width, hidden, **options)
        with torch.no_grad():
            for weight in module.parameters():
                weight.mul_(draw(st.sampled_from([1.0, 6.0])))
        x = torch.randn(steps, batch, width, dtype=options["dtype"])
        hx = started(module, batch, options["dtype"]) if draw(st.booleans()) else None
    if packed:
        lengths = [draw(st.integers(1, steps)) for _ in range(batch)]
        x = pack_padded_sequence(x, lengths, enforce_sorted=False)
    trace = gs.trace(module, x, hx)
    layer = draw(st.integers(0, trace.spec.num_layers - 1))
    direction = draw(st.sampled_from(trace.spec.directions))
    return trace, (layer, direction, draw(st.integers(0, batch - 1)), draw(st.integers(0, hidden - 1)))


def started(module: Any, batch: int, dtype: torch.dtype) -> Any:
    """States to start from that are not zero."""
    cells = () if isinstance(module, nn.RNNCellBase) else (module.num_layers * (2 if module.bidirectional else 1),)
    h = torch.randn(*cells, batch, getattr(module, "proj_size", 0) or module.hidden_size, dtype=dtype)
    c = torch.randn(*cells, batch, module.hidden_size, dtype=dtype)
    return (h, c) if isinstance(module, nn.LSTM | nn.LSTMCell) else h
