"""The engine over the module's own forward: tracing, verifying, memory, growth, and the margins of the bounds."""

from __future__ import annotations

import math
import statistics
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import torch
from figures import Figure, seconds
from torch import Tensor, nn

import gatescope as gs
from gatescope.traces.trace import Trace


class Shape(NamedTuple):
    """Sizes of one measurement."""

    inputs: int
    hidden: int
    batch: int
    steps: int

    def __str__(self) -> str:
        return f"K={self.inputs} H={self.hidden} B={self.batch} T={self.steps}"


SHAPES = (
    Shape(4, 8, 1, 100), Shape(10, 30, 50, 100), Shape(28, 64, 64, 28), Shape(64, 128, 1, 1000),
    Shape(128, 512, 8, 500), Shape(128, 512, 1, 2000),
)  # fmt: skip
AIMS = {"LSTM": 1.5, "GRU": 2.0, "RNN": 2.0}


def bench_engine() -> Iterator[Figure]:
    """Measure everything about the engine on this machine's CPU, and on its CUDA device where there is one."""
    for kind, aim in AIMS.items():
        yield from _trace_and_verify(kind, aim)
    yield from _memory()
    yield from _growth()
    yield from _margins()
    if torch.cuda.is_available():
        yield from _on_cuda()


def _trace_and_verify(kind: str, aim: float) -> Iterator[Figure]:
    traces, verifications = [], []
    for shape in SHAPES:
        module, x = _network(kind, shape)
        trace = gs.trace(module, x)
        works = (_forward(module, x), lambda: gs.trace(module, x), lambda: gs.verify(trace, gates=True))  # noqa: B023
        forward, tracing, verifying = _times(works, rounds=5 if shape.hidden > 200 else 25)
        traces.append(tracing / forward)
        verifications.append(verifying / forward)
        worst = 2.5 if kind == "LSTM" else math.inf
        yield Figure(f"gs.trace of nn.{kind} over its forward, {shape}", traces[-1], worst, _ms(tracing, forward))
    yield Figure(f"gs.trace of nn.{kind}, geometric mean of these", statistics.geometric_mean(traces), aim, "")
    name = f"gs.verify with gates of nn.{kind} over its forward, geometric mean"
    yield Figure(name, statistics.geometric_mean(verifications), 4.0, "each: " + _each(verifications))


def _memory() -> Iterator[Figure]:
    """What a trace keeps, over the bytes of its quantities; weights and input are not counted as numbers of it."""
    module, x = _network("LSTM", Shape(8, 64, 4, 2000))
    trace = gs.trace(module, x)
    numbers = sum(value.nbytes for cell in trace.cells.values() for value in cell.values.values())
    kept = sum(size for _, size in _storages(trace).items())
    tracemalloc.start()
    again = gs.trace(module, x)
    beside, _ = tracemalloc.get_traced_memory()  # Python's own objects
    tracemalloc.stop()
    del again
    yield Figure("memory of a trace over the bytes of its numbers", (kept + beside) / numbers, 1.15, f"{kept:,} B")


def _storages(trace: Trace) -> dict[int, int]:
    """Return the bytes of each block of memory that a trace holds, counted once."""
    tensors: list[Tensor] = [trace.x, *trace.weights.values()]
    for cell in trace.cells.values():
        tensors += [cell.x, *cell.before.values(), *cell.values.values()]
    return {t.untyped_storage().data_ptr(): t.untyped_storage().nbytes() for t in tensors}


def _growth() -> Iterator[Figure]:
    """Ten times the steps should cost ten times as much, and more units no more than they cost the forward."""
    times = []
    for steps in (100, 1_000, 10_000, 100_000):
        module, x = _network("LSTM", Shape(8, 16, 1, steps))
        times.append(_times([lambda: gs.trace(module, x)], rounds=max(3, 3000 // steps))[0] / steps)  # noqa: B023
    name = "gs.trace, cost of a step at T = 100,000 over T = 1,000"
    yield Figure(name, times[3] / times[1], 1.2, ", ".join(f"{1e6 * time:.2f} us" for time in times) + " a step")
    ratios = []
    for hidden in (8, 32, 128, 512, 1024):
        module, x = _network("LSTM", Shape(32, hidden, 4, 100))
        forward, tracing = _times([_forward(module, x), lambda: gs.trace(module, x)], rounds=9)  # noqa: B023
        ratios.append(tracing / forward)
    name = "gs.trace over the forward, H = 1024 over H = 8"
    yield Figure(name, ratios[-1] / ratios[0], 1.0, "each: " + _each(ratios))


def _margins() -> Iterator[Figure]:
    """How much of the rounding bound correct code uses, at most, over random networks."""
    for kind in ("LSTM", "GRU", "RNN"):
        for dtype in (torch.float32, torch.float64, torch.bfloat16):
            largest = max(_margin(kind, dtype, seed) for seed in range(40))
            name = f"largest part of the bound that correct code uses, nn.{kind}, {str(dtype).removeprefix('torch.')}"
            yield Figure(name, largest, 1.0, "40 random networks, weights 0.1 to 32 times PyTorch's")


def _margin(kind: str, dtype: torch.dtype, seed: int) -> float:
    torch.manual_seed(seed)
    hidden = (1, 4, 16, 64, 256)[seed % 5]
    module = getattr(nn, kind)(8, hidden, bias=seed % 3 > 0, bidirectional=seed % 2 > 0).to(dtype)
    with torch.no_grad():
        for weight in module.parameters():
            weight.mul_((0.1, 1.0, 4.0, 32.0)[seed % 4])
    return gs.verify(gs.trace(module, torch.randn(40, 2, 8).to(dtype)), gates=True).worst.ratio


def _on_cuda() -> Iterator[Figure]:
    for hidden in (256, 1024):
        for steps in (100, 1000):
            shape = Shape(64, hidden, 16, steps)
            module, x = _network("LSTM", shape, "cuda")
            synchronised = [_synchronised(work) for work in (_forward(module, x), lambda: gs.trace(module, x))]  # noqa: B023
            forward, tracing = _times(synchronised, rounds=9)
            yield Figure(f"gs.trace over cuDNN's forward, {shape}", tracing / forward, 2.0, _ms(tracing, forward))


def _network(kind: str, shape: Shape, device: str = "cpu") -> tuple[Any, Tensor]:
    module = getattr(nn, kind)(shape.inputs, shape.hidden).eval().to(device)
    return module, torch.randn(shape.steps, shape.batch, shape.inputs, device=device)


def _forward(module: nn.Module, x: Tensor) -> Callable[[], object]:
    def forward() -> object:
        with torch.no_grad():
            return module(x)

    return forward


def _synchronised(work: Callable[[], object]) -> Callable[[], object]:
    def whole() -> None:
        work()
        torch.cuda.synchronize()

    return whole


def _times(works: Any, rounds: int) -> list[float]:
    """Time each in turn, so that all meet the same machine; after a round to warm up, the best of each counts."""
    rows = [[seconds(work) for work in works] for _ in range(rounds + 1)]
    return [min(times) for times in zip(*rows[1:], strict=True)]


def _each(ratios: list[float]) -> str:
    return ", ".join(f"{ratio:.2f}" for ratio in ratios)


def _ms(one: float, other: float) -> str:
    return f"{1e3 * one:.2f} ms over {1e3 * other:.2f} ms"
