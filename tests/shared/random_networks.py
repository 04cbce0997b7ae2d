"""Random networks and inputs, many at the edges of their number type: correct code, and to be found so.

Tests and benchmarks share it: both put this folder on the path before they import from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import log10
from random import Random
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

KINDS = ("LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell")
DTYPES = (torch.float32, torch.float32, torch.float64, torch.bfloat16, torch.float16)

States = Tensor | tuple[Tensor, Tensor] | None
Change = Callable[[Tensor, Random], Tensor]
"""From random numbers around 1 or smaller, in float64, to those of one kind."""


def random_run(seed: int, widest: int = 1024) -> tuple[nn.Module, Tensor | PackedSequence, States]:
    """Return a module of torch.nn in evaluation mode, an input, and initial states or None: the same for each seed.

    H is 1 to `widest`, mostly below 100. torch's own random numbers go on as if this had not been called.
    """
    random = Random(seed)
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(seed)
        module = _module(random, widest)
        _change_weights(module, random)
        steps, batch = random.choice((1, 2, 5, 20, 60)), random.choice((None, 1, 2, 3, 7))
        steps = 500 if seed % 50 == 25 else steps
        x = _drawn(_input_shape(module, steps, batch), _dtype(module), random, INPUTS)
        states = [_drawn(shape, _dtype(module), random, STATES) for shape in _state_shapes(module, batch)]
        hx = None if random.random() < 0.6 else tuple(states) if len(states) > 1 else states[0]
        if batch is None or isinstance(module, nn.RNNCellBase) or random.random() < 0.7:
            return module, x, hx
        lengths = torch.tensor([random.randint(1, steps) for _ in range(batch)])
        return module, pack_padded_sequence(x, lengths, module.batch_first, enforce_sorted=False), hx


@contextmanager
def random_processor(seed: int) -> Iterator[None]:
    """Have torch compute in one of its ways on the CPU: threads, with oneDNN or not, flushing small numbers to 0."""
    random = Random(seed)
    threads, onednn = torch.get_num_threads(), torch.backends.mkldnn.enabled
    torch.set_num_threads(random.choice((1, 1, 2)))
    torch.backends.mkldnn.enabled = random.random() < 0.75
    torch.set_flush_denormal(random.random() < 0.3)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)
        torch.backends.mkldnn.enabled = onednn
        torch.set_num_threads(threads)


def _module(random: Random, widest: int) -> Any:
    kind = random.choice(KINDS)
    hidden = min(2 ** random.randint(7, 10) if random.random() < 0.05 else int(2 ** random.uniform(0, 6.5)), widest)
    width = min(int(2 ** random.uniform(0, 6)), 2 * hidden + 8)
    options: dict[str, Any] = {"bias": random.random() < 0.7, "dtype": random.choice(DTYPES)}
    if kind.startswith("RNN"):
        options["nonlinearity"] = random.choice(("tanh", "relu"))
    if not kind.endswith("Cell"):
        options["num_layers"] = random.choice((1, 1, 1, 2, 3)) if hidden < 128 else 1
        options["bidirectional"] = random.random() < 0.3
        options["batch_first"] = random.random() < 0.3
    if kind == "LSTM" and hidden > 1 and random.random() < 0.3:
        options["proj_size"] = random.randint(1, hidden - 1)
    return getattr(nn, kind)(width, hidden, **options).eval()


def _change_weights(module: nn.Module, random: Random) -> None:
    """Leave the weights as torch draws them, or change all in one way, or each in its own."""
    parameters, way = list(module.parameters()), random.random()
    changes = random.choices(*WEIGHTS, k=1) * len(parameters)
    if way < 0.2:
        return
    if way > 0.7:
        changes = random.choices(*WEIGHTS, k=len(parameters))
    for parameter, change in zip(parameters, changes, strict=True):
        parameter.copy_(_rounded(change(parameter.double(), random), parameter.dtype))


def _dtype(module: nn.Module) -> torch.dtype:
    return next(module.parameters()).dtype


def _input_shape(module: Any, steps: int, batch: int | None) -> list[int]:
    if batch is None:
        return [steps, module.input_size]
    first = getattr(module, "batch_first", False)
    return [*((batch, steps) if first else (steps, batch)), module.input_size]


def _state_shapes(module: Any, batch: int | None) -> list[list[int]]:
    of_all = [] if batch is None else [batch]
    if isinstance(module, nn.RNNBase):
        of_all = [module.num_layers * (1 + module.bidirectional), *of_all]
    sizes = [getattr(module, "proj_size", 0) or module.hidden_size]
    if isinstance(module, nn.LSTM | nn.LSTMCell):
        sizes.append(module.hidden_size)
    return [[*of_all, size] for size in sizes]


def _drawn(shape: list[int], dtype: torch.dtype, random: Random, changes: tuple[list[Change], list[float]]) -> Tensor:
    (change,) = random.choices(*changes, k=1)
    return _rounded(change(torch.randn(shape, dtype=torch.float64), random), dtype)


def _rounded(values: Tensor, dtype: torch.dtype) -> Tensor:
    """Round to a number type; a kind of numbers counts from its largest and smallest ones, see `_edge`."""
    largest = torch.finfo(dtype).max
    return torch.where(values.isfinite(), values.clamp(-largest, largest), values).to(dtype)


def _as_drawn(values: Tensor, random: Random) -> Tensor:
    return values


def _scaled(values: Tensor, random: Random) -> Tensor:
    return values * 10 ** random.uniform(-7, 1.5)


def _of_all_sizes(values: Tensor, random: Random) -> Tensor:
    return values * 10 ** (values.new_empty(values.shape).uniform_(-8, 2))


def _sparse(values: Tensor, random: Random) -> Tensor:
    return values * (torch.rand_like(values) < random.random())


def _constant(values: Tensor, random: Random) -> Tensor:
    return torch.full_like(values, random.choice((0.0, 1.0, -1.0, 0.1, 1e-3, random.gauss(0, 3))))


def _signs(values: Tensor, random: Random) -> Tensor:
    """Of one size, so that sums cancel."""
    return values.sign() * 10 ** random.uniform(-3, 3)


def _saturating(values: Tensor, random: Random) -> Tensor:
    return values * 10 ** random.uniform(1, 5)


def _subnormal(values: Tensor, random: Random) -> Tensor:
    """Around the smallest normal numbers of some type, or of the root of these, whose products are there."""
    smallest = random.choice((2.0**-14, 2.0**-126, 2.0**-1022))
    return values * smallest ** random.choice((0.5, 0.9, 1.0)) * 10 ** random.uniform(-3, 3)


def _huge(values: Tensor, random: Random) -> Tensor:
    """As `_subnormal`, around the largest numbers."""
    largest = random.choice((torch.float16, torch.float32, torch.float64))
    return values * 10 ** (log10(torch.finfo(largest).max) * random.choice((0.5, 0.9, 1.0)) - random.uniform(0, 3))


def _not_finite(values: Tensor, random: Random) -> Tensor:
    values = values.clone()
    values.view(-1)[random.randrange(values.numel())] = random.choice((torch.nan, torch.inf, -torch.inf))
    return values


def _impulse(values: Tensor, random: Random) -> Tensor:
    """Nothing but the first step, or batch element."""
    values = values * 10 ** random.uniform(-4, 2)
    values[1:] = 0
    return values


def _repeated(values: Tensor, random: Random) -> Tensor:
    return values[:1].expand_as(values).clone()


WEIGHTS: tuple[list[Change], list[float]] = (
    [_as_drawn, _scaled, _of_all_sizes, _sparse, _constant, _signs, _saturating, _subnormal, _huge, _not_finite],
    [3, 10, 2, 2, 2, 1, 1, 1.5, 1, 0.1],
)
INPUTS: tuple[list[Change], list[float]] = (
    [_as_drawn, _scaled, _of_all_sizes, _sparse, _constant, _signs, _saturating, _subnormal, _huge, _not_finite,
     _impulse, _repeated],
    [5, 4, 2, 2, 2, 1, 1, 1, 1, 0.2, 4, 1],
)  # fmt: skip
STATES: tuple[list[Change], list[float]] = (
    [_as_drawn, _scaled, _of_all_sizes, _sparse, _constant, _signs, _saturating, _subnormal, _huge, _not_finite],
    [5, 4, 2, 2, 2, 1, 1, 1, 1, 0.2],
)
