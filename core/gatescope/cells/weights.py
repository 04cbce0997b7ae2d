"""The parameters of one layer in one direction, and the products that a step makes with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import torch
from torch import Tensor


class Parameters(NamedTuple):
    """The parameters of one layer in one direction, packed as torch packs them; G is the number of gates."""

    w_ih: Tensor  # (GH, K)
    w_hh: Tensor  # (GH, P)
    b_ih: Tensor | None  # (GH,)
    b_hh: Tensor | None  # (GH,)
    w_hr: Tensor | None  # (P, H), only with a projection

    def mapped(self, change: Callable[[Tensor], Tensor]) -> Parameters:
        """Return the parameters with each that there is changed."""
        others = (None if value is None else change(value) for value in self[2:])
        return Parameters(change(self.w_ih), change(self.w_hh), *others)


@dataclass(frozen=True, eq=False)
class Weights:
    """Parameters with the names of their blocks of rows.

    Parameters
    ----------
    packed : tuple of str
        The gates in the order of their blocks.
    parameters : Parameters
        The packed tensors.
    further : dict of str to Tensor
        What a cell that torch does not have needs besides, see `Cell.further_shapes`.
    """

    packed: tuple[str, ...]
    parameters: Parameters
    further: dict[str, Tensor] = field(default_factory=dict)

    def mapped(self, change: Callable[[Tensor], Tensor]) -> Weights:
        """Return the weights with every tensor changed."""
        further = {name: change(value) for name, value in self.further.items()}
        return Weights(self.packed, self.parameters.mapped(change), further)

    @property
    def input_size(self) -> int:
        """K, how many numbers are read at each step."""
        return self.parameters.w_ih.shape[1]

    @property
    def hidden_size(self) -> int:
        """H."""
        return len(self.parameters.w_ih) // len(self.packed)

    @property
    def w_hr(self) -> Tensor | None:
        """The projection, (P, H), where there is one."""
        return self.parameters.w_hr

    def rows(self, gate: str) -> slice:
        """Return the rows of the packed tensors that belong to a gate."""
        block, size = self.packed.index(gate), self.hidden_size
        return slice(block * size, (block + 1) * size)

    # The products of a step. Each block is a matrix of its own, so that each gate is contiguous in memory.

    def of_both(self, xh: Tensor, *gates: str) -> Tensor:
        """Return W_ih x_t + b_ih + W_hh h_(t-1) + b_hh of those gates, or of all: (G, N, H) from (N, K+P)."""
        return _product(xh, *self._chosen(self._joined, gates))

    def of_x(self, xh: Tensor, *gates: str) -> Tensor:
        """Return W_ih x_t + b_ih, (G, N, H)."""
        return _product(xh[:, : self.input_size], *self._chosen(self._input_side, gates))

    def of_h(self, xh: Tensor, *gates: str) -> Tensor:
        """Return W_hh h_(t-1) + b_hh, (G, N, H)."""
        return _product(xh[:, self.input_size :], *self._chosen(self._hidden_side, gates))

    def projected(self, h: Tensor) -> Tensor:
        """Return W_hr h, (N, P), or h itself where there is no projection."""
        return h if self.w_hr is None else torch.nn.functional.linear(h, self.w_hr)

    @cached_property
    def magnitudes(self) -> Weights:
        """The same with absolute values; both biases count on their own."""
        return self.mapped(torch.abs)

    def largest(self, xh: Tensor) -> Tensor:
        """Return the largest finite magnitude among the weights and the operands of each row of `xh`, (N, 1)."""
        return _finite(xh).amax(dim=-1, keepdim=True).clamp(min=self.largest_weight)

    @cached_property
    def largest_bias(self) -> float:
        """The largest finite magnitude among the biases; 0 where there are none."""
        biases = (self.parameters.b_ih, self.parameters.b_hh)
        return max((float(_finite(bias).amax()) for bias in biases if bias is not None), default=0.0)

    @cached_property
    def largest_weight(self) -> float:
        """The largest finite magnitude among the weights."""
        p = self.parameters
        return max(float(_finite(w).amax()) for w in (p.w_ih, p.w_hh, p.w_hr) if w is not None)

    @cached_property
    def _input_side(self) -> tuple[Tensor, Tensor | None]:
        return self._blocks(self.parameters.w_ih, self.parameters.b_ih)

    @cached_property
    def _hidden_side(self) -> tuple[Tensor, Tensor | None]:
        return self._blocks(self.parameters.w_hh, self.parameters.b_hh)

    @cached_property
    def _joined(self) -> tuple[Tensor, Tensor | None]:
        p = self.parameters
        bias = None if p.b_ih is None or p.b_hh is None else p.b_ih + p.b_hh
        return self._blocks(torch.cat([p.w_ih, p.w_hh], dim=1), bias)

    def _blocks(self, matrix: Tensor, bias: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """Return (G, columns, H) and (G, 1, H)."""
        gates, hidden = len(self.packed), self.hidden_size
        blocks = matrix.view(gates, hidden, -1).transpose(1, 2)
        return blocks, None if bias is None else bias.view(gates, 1, hidden)

    def _chosen(self, blocks: tuple[Tensor, Tensor | None], gates: Sequence[str]) -> tuple[Tensor, Tensor | None]:
        if not gates:
            return blocks
        matrix, bias = blocks
        first, last = self.packed.index(gates[0]), self.packed.index(gates[-1])  # neighbours, in their packed order
        return matrix[first : last + 1], None if bias is None else bias[first : last + 1]


def _finite(values: Tensor) -> Tensor:
    """Return magnitudes, with 0 for what is not finite: that is told by the sums of the products themselves."""
    return values.abs().nan_to_num_(nan=0.0, posinf=0.0)


def _product(inputs: Tensor, matrix: Tensor, bias: Tensor | None) -> Tensor:
    if len(matrix) == 1:  # one gate, and one less way through batched products
        only = inputs @ matrix[0] if bias is None else torch.addmm(bias[0], inputs, matrix[0])
        return only[None]
    inputs = inputs.expand(len(matrix), *inputs.shape)
    return torch.bmm(inputs, matrix) if bias is None else torch.baddbmm(bias, inputs, matrix)
