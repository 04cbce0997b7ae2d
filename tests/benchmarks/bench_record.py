"""What `gs.record` adds to a step of training."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import median

import torch
from figures import Figure, seconds
from torch import nn

import gatescope as gs

ROUNDS = 40
STEPS, BATCH = 100, 32


def bench_record() -> Iterator[Figure]:
    """Measure steps of training with and without a recording of one batch element."""
    model, step = _training()
    step()  # Adam makes its state at the first step
    with gs.record(model):
        step()
    plain, recorded = [], []
    for _ in range(ROUNDS):  # alternating, so that both meet the same machine
        plain.append(seconds(step))
        with gs.record(model):
            recorded.append(seconds(step))
    base, whole = median(plain), median(recorded)
    name = f"recording LSTM(64, 256, 2) in training, B={BATCH} T={STEPS}, over the step"
    yield Figure(name, whole / base - 1, 0.3, f"{1e3 * (whole - base):.1f} ms over {1e3 * base:.1f} ms")


def _training() -> tuple[nn.Module, Callable[[], None]]:
    torch.manual_seed(0)
    lstm, readout = nn.LSTM(64, 256, 2), nn.Linear(256, 8)
    optimizer = torch.optim.Adam([*lstm.parameters(), *readout.parameters()])
    x, wanted = torch.randn(STEPS, BATCH, 64), torch.randn(STEPS, BATCH, 8)

    def step() -> None:
        optimizer.zero_grad()
        output, _ = lstm(x)
        nn.functional.mse_loss(readout(output), wanted).backward()
        optimizer.step()

    return lstm, step
