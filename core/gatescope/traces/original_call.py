"""The call of a module that a trace is of, kept so that the module itself can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from gatescope.modules.bits import checksum


@dataclass(frozen=True, eq=False, repr=False)
class OriginalCall:
    """A module and what it was given, as they are and not copied; so they may change later.

    Parameters
    ----------
    module : nn.Module
        What was traced.
    x : Tensor or PackedSequence
        The sequence in the layout in which the module takes it, without a graph.
    hx : Tensor or pair of Tensor, optional
        The states in the same way; None where none were given.
    checksum : int
        Of the numbers of `x` and `hx` when they were traced.
    """

    module: nn.Module
    x: Any
    hx: Any
    checksum: int

    @classmethod
    def of(cls, module: nn.Module, x: Any, hx: Any) -> OriginalCall:
        """Remember a call."""
        x, hx = _without_graph(x), _without_graph(hx)
        return cls(module, x, hx, _checksum_of(x, hx))

    @property
    def is_fed_the_same(self) -> bool:
        """Whether `x` and `hx` still hold the numbers that they had."""
        return _checksum_of(self.x, self.hx) == self.checksum

    def __reduce__(self) -> tuple[Any, ...]:
        # A copy of a trace, and one that was pickled, have None in its place: the module is no part of the record.
        return type(None), ()


def _without_graph(value: Any) -> Any:
    """Return what was given with the same memory, but without what autograd would keep alive."""
    if isinstance(value, Tensor):
        return value.detach()
    if isinstance(value, PackedSequence):
        return value._replace(data=value.data.detach())
    return value if value is None else type(value)(map(_without_graph, value))


def _checksum_of(*values: Any) -> int:
    result = 0
    for value in values:
        for tensor in (value,) if isinstance(value, Tensor) else value or ():
            result = result if tensor is None else checksum(tensor, result)  # a PackedSequence may lack its order
    return result
