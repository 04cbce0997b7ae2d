"""Right programs that round otherwise than torch, and networks whose roundings are not at random: never flagged."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import torch
from programs import Change, Moment, Program, Sums
from torch import Tensor, nn

from gatescope.cells.weights import Parameters

# ---- sums in other orders ----


def summed(terms: Iterable[tuple[Tensor, Tensor]], start: Tensor) -> Tensor:
    for w, v in terms:
        start = start + v[:, None] * w
    return start


def wider(dtype: torch.dtype) -> torch.dtype:
    """Return the type that sums are added up in: float32 for those of 16 bits, as every kernel does."""
    return torch.float32 if dtype.itemsize == 2 else dtype


def one_by_one(step: int, bias_first: bool = True) -> Sums:
    """Add up one product after the other, forwards or backwards."""

    def sums(w: Tensor, b: Tensor | None, v: Tensor) -> Tensor:
        w_sum, v_sum = w.to(wider(w.dtype)), v.to(wider(v.dtype))
        bias = 0 if b is None else b.to(w_sum.dtype)
        start = v_sum.new_zeros(len(v), len(w)) + (bias if bias_first else 0)
        total = summed(list(zip(w_sum.T, v_sum.T, strict=True))[::step], start)
        return (total if bias_first else total + bias).to(v.dtype)

    return sums


def in_chunks(size: int) -> Sums:
    """Add up the sums of short pieces, as vector units and blocks of a cache do."""

    def sums(w: Tensor, b: Tensor | None, v: Tensor) -> Tensor:
        pieces = zip(w.split(size, dim=1), v.split(size, dim=1), strict=True)
        total = v.new_zeros(len(v), len(w), dtype=wider(v.dtype))
        for w_piece, v_piece in pieces:
            total = total + torch.mm(v_piece.to(total.dtype), w_piece.T.to(total.dtype))
        return (total if b is None else total + b).to(v.dtype)

    return sums


def kahan(w: Tensor, b: Tensor | None, v: Tensor) -> Tensor:
    """Add up with what each sum has lost."""
    total = v.new_zeros(len(v), len(w), dtype=wider(v.dtype)) + (0 if b is None else b)
    lost = torch.zeros_like(total)
    for w_k, v_k in zip(w.T.to(total.dtype), v.T.to(total.dtype), strict=True):
        term = v_k[:, None] * w_k - lost
        more = total + term
        lost, total = (more - total) - term, more
    return total.to(v.dtype)


def with_fused_products(w: Tensor, b: Tensor | None, v: Tensor) -> Tensor:
    """Round only the sums and not the products, as one instruction does both; float64 stands in for it."""
    total = v.new_zeros(len(v), len(w), dtype=wider(v.dtype)) + (0 if b is None else b)
    for w_k, v_k in zip(w.T.double(), v.T.double(), strict=True):
        total = (total + v_k[:, None] * w_k).to(total.dtype)
    return total.to(v.dtype)


def rounded_once(w: Tensor, b: Tensor | None, v: Tensor) -> Tensor:
    """Add up in float64."""
    return nn.functional.linear(v.double(), w.double(), None if b is None else b.double()).to(v.dtype)


def by_numpy(w: Tensor, b: Tensor | None, v: Tensor) -> Tensor:
    """Multiply by numpy, which brings another library for it than torch."""
    of_numpy = wider(v.dtype)
    with np.errstate(all="ignore"):  # where float16 has overflowed
        total = torch.from_numpy(v.to(of_numpy).numpy() @ w.to(of_numpy).numpy().T)
    return (total if b is None else total + b).to(v.dtype)


def by_scalars(w: Tensor, b: Tensor | None, v: Tensor) -> Tensor:
    """Add up Python's own numbers, which are float64."""

    def entry(w_row: list[float], bias: float, row: list[float]) -> float:
        return sum((a * c for a, c in zip(w_row, row, strict=True)), bias)

    biases = [0.0] * len(w) if b is None else b.tolist()
    rows = [[entry(*one, row) for one in zip(w.tolist(), biases, strict=True)] for row in v.tolist()]
    return torch.tensor(rows, dtype=torch.float64).to(v.dtype)


# ---- the parts of a step in other orders ----


def bias_first(x: Tensor, h: Tensor, p: Parameters, sums: Sums) -> Tensor:
    bias = 0 if p.b_ih is None or p.b_hh is None else p.b_ih + p.b_hh
    return bias + sums(p.w_hh, None, h) + sums(p.w_ih, None, x)


def bias_last(x: Tensor, h: Tensor, p: Parameters, sums: Sums) -> Tensor:
    total = sums(p.w_ih, None, x) + sums(p.w_hh, None, h)
    return total if p.b_ih is None or p.b_hh is None else total + p.b_hh + p.b_ih


def joined(x: Tensor, h: Tensor, p: Parameters, sums: Sums) -> Tensor:
    """Multiply [h, x] at once."""
    bias = None if p.b_ih is None or p.b_hh is None else p.b_ih + p.b_hh
    return sums(torch.cat([p.w_hh, p.w_ih], dim=1), bias, torch.cat([h, x], dim=1))


def by_exp(z: Tensor) -> Tensor:
    return 1 / (1 + (-z).exp())


def by_half_tanh(z: Tensor) -> Tensor:
    return 0.5 + 0.5 * (0.5 * z).tanh()


def stored_in(dtype: torch.dtype) -> Program:
    """Compute a step in a wider type and round to `dtype` only what it returns, as a kernel does for all of a step."""
    inside = wider(dtype) if dtype.itemsize == 2 else torch.float64

    def states(now: Moment) -> dict[str, Tensor]:
        return {name: value.to(dtype).to(inside) for name, value in now.before.items()}

    return Program(
        weights=lambda p: p.mapped(lambda value: value.to(inside)), inputs=lambda x: x.to(inside), fed=states
    )


PROGRAMS: dict[str, Callable[[torch.dtype], Program]] = {
    "as torch's functions compute it": lambda dtype: Program(),
    "one by one": lambda dtype: Program(sums=one_by_one(1)),
    "one by one from the end, the bias last": lambda dtype: Program(sums=one_by_one(-1, bias_first=False)),
    "in chunks of 8": lambda dtype: Program(sums=in_chunks(8)),
    "Kahan's sums": lambda dtype: Program(sums=kahan),
    "fused products": lambda dtype: Program(sums=with_fused_products),
    "added up in float64": lambda dtype: Program(sums=rounded_once),
    "by numpy": lambda dtype: Program(sums=by_numpy),
    "by Python's own numbers": lambda dtype: Program(sums=by_scalars),
    "biases first": lambda dtype: Program(products=bias_first),
    "biases last": lambda dtype: Program(products=bias_last, sums=one_by_one(1)),
    "[h, x] at once": lambda dtype: Program(products=joined),
    "the whole step in a wider type": stored_in,
    "sigmoid by exp, a GRU's h by its change": lambda dtype: Program(
        sigmoid=by_exp, written=lambda z, n, h: n + z * (h - n)
    ),
    "sigmoid by tanh": lambda dtype: Program(sigmoid=by_half_tanh),
}
"""Given the working type. All are within a few roundings of each number of torch's."""


# ---- networks ----


def _each_weight(change: Callable[[Tensor], Tensor]) -> Change:
    def changed(module: nn.Module, x: Tensor) -> Tensor:
        for parameter in module.parameters():
            parameter.copy_(change(parameter))
        return x

    return changed


def _constant(module: nn.Module, x: Tensor) -> Tensor:
    for parameter in module.parameters():
        nn.init.constant_(parameter, 0.1)
    return torch.full_like(x, 0.3)


def _one_hot(module: nn.Module, x: Tensor) -> Tensor:
    return nn.functional.one_hot(x.argmax(dim=-1), x.shape[-1]).float()


def _recurrent(change: Callable[[Tensor], Tensor]) -> Change:
    """Make each gate's block of W_hh by `change`."""

    def changed(module: nn.Module, x: Tensor) -> Tensor:
        w = module.weight_hh_l0
        w.copy_(torch.cat([change(block.clone()) for block in w.split(w.shape[1])]))
        return x

    return changed


def _with_outliers(values: Tensor) -> Tensor:
    return torch.where(torch.rand_like(values) < 0.02, values * 1000, values)


NETWORKS: dict[str, Change] = {
    "as torch draws them": lambda module, x: x,
    "all weights and inputs the same": _constant,
    "one-hot inputs": _one_hot,
    "identities for W_hh": _recurrent(lambda block: torch.eye(len(block))),
    "orthogonal W_hh": _recurrent(nn.init.orthogonal_),
    "sparse": _each_weight(lambda w: w * (torch.rand_like(w) < 0.1)),
    "on a grid of 1/16": _each_weight(lambda w: (w * 64).round() / 16),
    "powers of two": _each_weight(lambda w: w.sign() * 2.0 ** w.abs().clamp(min=1e-3).log2().round()),
    "positive": _each_weight(torch.abs),
    "ten times as large": _each_weight(lambda w: 10 * w),
    "a thousandth as large": _each_weight(lambda w: w / 1000),
    "a few outliers": _each_weight(_with_outliers),
    "no input": lambda module, x: torch.zeros_like(x),
    "inputs of one": lambda module, x: torch.ones_like(x),
    "large inputs": lambda module, x: 100 * x,
}
