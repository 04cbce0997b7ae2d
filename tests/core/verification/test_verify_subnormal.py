"""States that decay below the normal range: kernels may take what is there for 0, and that is no difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import torch
from torch import Tensor, nn

import gatescope as gs

T, K = 60, 4
Make = Callable[[], nn.Module]


@pytest.fixture
def flushing() -> Iterator[None]:
    if not torch.set_flush_denormal(True):
        pytest.skip("this processor keeps subnormal numbers")
    yield
    torch.set_flush_denormal(False)


def impulse(dtype: torch.dtype) -> Tensor:
    x = torch.zeros(T, 1, K, dtype=dtype)
    x[0] = torch.randn(1, K).to(dtype)
    return x


def scaled(module: nn.Module, factor: float) -> nn.Module:
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.mul_(factor)
    return module


CELLS: dict[str, Make] = {
    "RNN relu": lambda: nn.RNN(K, 16, nonlinearity="relu", bias=False),
    "small RNN relu": lambda: scaled(nn.RNN(K, 16, nonlinearity="relu", bias=False), 0.05),
    "small RNN": lambda: scaled(nn.RNN(K, 16, bias=False), 0.05),
    "small LSTM with projection": lambda: scaled(nn.LSTM(K, 16, proj_size=3, bias=False), 0.01),
    "small GRU": lambda: scaled(nn.GRU(K, 16, bias=False), 0.01),
}


@pytest.mark.numeric
@pytest.mark.parametrize("kind", CELLS)
def test_a_state_that_decays_to_nothing_matches_where_the_processor_flushes(kind: str, flushing: None) -> None:
    for seed in range(12):
        torch.manual_seed(seed)
        assert gs.verify(gs.trace(CELLS[kind](), impulse(torch.float32)), gates=True).matches, f"seed {seed}"


@pytest.mark.numeric
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=str)
def test_a_state_that_decays_to_nothing_matches_in_16_bits(dtype: torch.dtype) -> None:
    for seed in range(12):
        torch.manual_seed(seed)
        module = nn.RNN(K, 16, nonlinearity="relu", bias=False).to(dtype)
        assert gs.verify(gs.trace(module, impulse(dtype)), gates=True).matches, f"seed {seed}"


def test_what_is_far_above_the_normal_range_is_still_a_difference() -> None:
    module = scaled(nn.RNN(K, 16, nonlinearity="relu", bias=False), 0.05)
    trace = gs.trace(module, impulse(torch.float32))
    cell = trace.cell()
    step = int((cell.h.abs().amax(dim=(1, 2)) > 2.0**-100).sum()) - 1  # the last of that size
    cell.values["h"][step] *= 1.01
    assert not gs.verify(trace).matches
