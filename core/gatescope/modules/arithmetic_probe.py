"""Which arithmetic a run computes in, found out by computing: one step with chosen numbers, by torch's kernel and ours.

PyTorch's switches only allow a coarser arithmetic. Whether it is used depends on the processor, the library, the shapes
and the threads. So both sides of a verification compute one step of the run's own shapes, in which products cancel:

    float32    z = s (v - v') + s (v - v')        v has 21 significant bits, v' is v cut off to the 8 of bfloat16
    16 bits    z = s (v v - v'') + s (v v - v'')  v v has 13 significant bits, v'' is v v cut off to 8

In float32 each of these products and sums is exact in any order, so what is left of them tells how many bits of the
operands were multiplied. In the 16-bit types it tells whether products were added up in float32: a sum in 16 bits loses
what is to be left. What each arithmetic makes of z is known, and what the cell makes of that z is computed in float64
by its own equations; an arithmetic is named only where the result agrees with it in every unit. Anything else is no
rounding of operands, and is left to the verification to find. Rows with small pre-activations tell whether tanh is
right to a few units of its own last place, or of that of 1.

Of float64 only that is found out: no library that torch calls rounds its operands before they are multiplied.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from math import ceil, frexp, ldexp, log2
from typing import NamedTuple

import torch
from torch import Tensor

from gatescope.cells.arithmetic import BF16, BF16_TWICE, IEEE32, TF32, Arithmetic, coarser, ieee, precision_switches
from gatescope.cells.rnn import RNN_TANH
from gatescope.cells.torch_cell import TorchCell
from gatescope.cells.values import Values
from gatescope.cells.weights import Parameters, Weights
from gatescope.modules.kernel import one_cell_step, one_step
from gatescope.modules.spec import ModuleSpec

_PLACES = [0, 1, -2, -1]  # of the operands among the columns: the ends, where a kernel may take another way
_LEAST, _MOST = 5, 1024  # sizes; a larger network is taken to be computed as one of the largest is
_WORK = 1 << 18  # products, for as many rows as there are, but for 32 in any case
_SMALL = [1.3359375 * 2.0**-bit for bit in (2, 4, 5, 7, 8, 10)]  # pre-activations of 8 significant bits
_PATTERN = 2 + len(_SMALL)  # rows: the products with x, those with h, and the small ones
_APART = 2.0**-13  # relative, or 16 u in 16 bits: less than what two arithmetics make differs by
_SMALL_ERROR = 24  # u: more than a product of a sigmoid and a tanh is off by where each is right to 6


class _Case(NamedTuple):
    """What may choose the arithmetic, besides what is the same as long as the program runs."""

    cell: TorchCell
    is_cell: bool
    sizes: tuple[int, int, int]  # K, H, P
    bias: bool
    rows: int
    device: torch.device
    dtype: torch.dtype
    switches: tuple[object, ...]


class _Operands(NamedTuple):
    """Operands whose products cancel, and what each arithmetic leaves of them, from the finest to the coarsest."""

    x: list[float]
    w: list[float]
    left: list[tuple[float, Arithmetic]]

    @property
    def small(self) -> list[float]:
        """What makes the small pre-activations, in the place of the first of `x`."""
        return [_nearest(z / self.w[0], 8) for z in _SMALL]


def running_arithmetic(spec: ModuleSpec, device: torch.device, dtype: torch.dtype, rows: int) -> Arithmetic:
    """Return the coarser of the arithmetics that a module's kernel and our own products compute in now.

    It is found out once for each module, size and state of PyTorch's switches, and remembered.

    Parameters
    ----------
    spec : ModuleSpec
        The module. One of one's own is not called: its products are taken to be made as those of an nn.RNNCell are.
    device, dtype
        Where it runs, and in what.
    rows : int
        How many steps and batch elements there are. A verification multiplies all of them at once, and the more there
        are, the likelier a library is to take the coarser way.
    """
    cell = spec.cell if isinstance(spec.cell, TorchCell) else RNN_TANH
    widest = max(spec.layer_input_size(layer) for layer in (0, spec.num_layers - 1))
    k, h = (min(max(size, _LEAST), _MOST) for size in (widest, spec.hidden_size))
    p = min(max(spec.proj_size, _LEAST - 1), h - 1) if spec.proj_size else h
    wanted = min(rows, max(32, _WORK // (len(cell.packed) * h * (k + p))))
    patterns = 1 << max(0, ceil(log2(max(1, wanted) / _PATTERN)))
    case = _Case(
        cell, spec.is_cell, (k, h, p), spec.bias, patterns * _PATTERN, device, dtype, precision_switches(device)
    )
    return _probed(case)


@lru_cache(maxsize=1024)
@torch.no_grad()
def _probed(case: _Case) -> Arithmetic:
    operands = _operands(case.dtype)
    network = _network(case, operands)
    expected = _expected(case, operands)
    kernel = one_cell_step if case.is_cell else one_step
    memory = case.cell.states[-1]  # no projection rounds C again
    found = [_found(side(case.cell, *network)[memory], *expected, operands) for side in (kernel, _by_equations)]
    return replace(coarser(*found), relative_tanh=all(one.relative_tanh for one in found))


def _by_equations(cell: TorchCell, w: Weights, x: Tensor, before: Values) -> Values:
    return cell.step(torch.cat([x, before["h"]], dim=-1), before, w)


def _operands(dtype: torch.dtype) -> _Operands:
    finest = ieee(dtype)
    if finest.stored_roundings:
        return _operands_of_16_bits(finest)
    v, scale = 1 + sum(2.0**-bit for bit in (2, 4, 6, 8, 10, 11, 13, 18, 20)), 2.0**5
    most = _cut(v, 8)
    arithmetics = [(v, finest)]
    if finest == IEEE32:
        twice = _nearest(v, 8) + _nearest(v - _nearest(v, 8), 8)
        arithmetics += [(twice, BF16_TWICE), (_nearest(v, 11), TF32), (_cut(v, 11), _cut_off(TF32))]
        arithmetics += [(_nearest(v, 8), BF16), (_cut(v, 8), _cut_off(BF16))]
    left = [(2 * scale * (multiplied - most), arithmetic) for multiplied, arithmetic in arithmetics]
    return _Operands([v, most, 1.0, 1.0], [scale, -scale, scale * v, -scale * most], left)


def _operands_of_16_bits(finest: Arithmetic) -> _Operands:
    v, of_x, of_w = 1 + 2.0**-6, 2.0**5, 2.0**4
    most = _cut(v * v, 8)
    z = 2 * of_x * of_w * (v * v - most)
    added_up_in_16_bits = replace(finest, name=f"{finest.name} sums", stored_roundings=0.0)
    left = [(z, finest), (z / 2, added_up_in_16_bits), (0.0, added_up_in_16_bits)]
    return _Operands([of_x * v, of_x] * 2, [of_w * v, -of_w * most] * 2, left)


def _cut_off(arithmetic: Arithmetic) -> Arithmetic:
    """Return an arithmetic that cuts operands off where that one rounds them."""
    return replace(arithmetic, operand_roundoff=2 * arithmetic.operand_roundoff)


def _nearest(value: float, bits: int) -> float:
    """Round to so many significant bits."""
    fraction, exponent = frexp(value)
    return ldexp(round(ldexp(fraction, bits)), exponent - bits)


def _cut(value: float, bits: int) -> float:
    fraction, exponent = frexp(value)
    return ldexp(int(ldexp(fraction, bits)), exponent - bits)


def _network(case: _Case, operands: _Operands) -> tuple[Weights, Tensor, Values]:
    """Return weights, x and the states before, of which all units and every eighth row are the same."""
    like = torch.empty(0, device=case.device, dtype=case.dtype)
    k, h, p = case.sizes
    gates = len(case.cell.packed) * h
    w_ih, w_hh, x, fed_back = (
        like.new_zeros(shape) for shape in ((gates, k), (gates, p), (_PATTERN, k), (_PATTERN, p))
    )
    chosen, weights = like.new_tensor(operands.x), like.new_tensor(operands.w)
    w_ih[:, _PLACES] = w_hh[:, _PLACES] = weights
    x[0, _PLACES] = fed_back[1, _PLACES] = chosen
    x[2:, 0] = like.new_tensor(operands.small)
    bias = like.new_zeros(gates) if case.bias else None
    w = Weights(case.cell.packed, Parameters(w_ih, w_hh, bias, bias, like.new_zeros(p, h) if p < h else None))
    before = {name: like.new_zeros(case.rows, h) for name in case.cell.states}
    before["h"] = fed_back.repeat(case.rows // _PATTERN, 1)
    return w, x.repeat(case.rows // _PATTERN, 1), before


def _expected(case: _Case, operands: _Operands) -> tuple[Tensor, Tensor]:
    """Return what comes of each z that may be left, (arithmetics, 2, H), and of the small ones, (rows, H).

    The units at `_PLACES` have an h before the step, and all others have none: five stand for all.
    """
    left = [z for z, _ in operands.left]
    small = [x * operands.w[0] for x in operands.small]
    nothing = torch.zeros(1, dtype=torch.float64)
    z = torch.tensor([[z, 0.0] for z in left + small] + [[0.0, z] for z in left], dtype=torch.float64)
    ones = nothing.new_ones(len(case.cell.packed) * 5, 1)
    before = {name: nothing.new_zeros(len(z), 5) for name in case.cell.states}
    before["h"][-len(left) :, :4] = nothing.new_tensor(operands.x)
    after = case.cell.step(z, before, Weights(case.cell.packed, Parameters(ones, ones, None, None, None)))
    of_five = torch.full((case.sizes[1],), 4)
    of_five[_PLACES] = torch.arange(4)
    expected = after[case.cell.states[-1]][:, of_five]
    count = len(left)
    return torch.stack([expected[:count], expected[-count:]], dim=1), expected[count:-count]


def _found(state: Tensor, expected: Tensor, small: Tensor, operands: _Operands) -> Arithmetic:
    """Return the coarsest arithmetic that any number agrees with, of those that agree with it the finest."""
    computed = state.cpu().double().view(-1, _PATTERN, state.shape[-1])  # (patterns, rows, H)
    finest = operands.left[0][1]
    error, allowed = (computed[:, 2:] - small).abs(), _SMALL_ERROR * finest.unit_roundoff
    if not bool((error <= allowed).all()):
        return finest  # no arithmetic makes that
    found = _coarsest(computed[:, :2], expected, operands)
    return replace(found, relative_tanh=bool((error <= allowed * small.abs()).all()))


def _coarsest(computed: Tensor, expected: Tensor, operands: _Operands) -> Arithmetic:
    coarsest, unexplained = operands.left[0][1], torch.ones_like(computed, dtype=torch.bool)
    allowed = max(_APART, 16 * coarsest.unit_roundoff) * expected[0].abs()
    for (_, arithmetic), right in zip(operands.left, expected, strict=True):
        agrees = unexplained & ((computed - right).abs() <= allowed)
        if bool(agrees.any()):
            coarsest = arithmetic
        unexplained &= ~agrees
        if not bool(unexplained.any()):
            break
    return coarsest
