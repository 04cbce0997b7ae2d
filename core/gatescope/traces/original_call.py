"""The call of a module that a trace is of, kept so that the module itself can be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NamedTuple

from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from gatescope.modules.bits import checksum

_comparing: ContextVar[bool] = ContextVar("comparing", default=False)


class ReturnedApart(NamedTuple):
    """How far what a module returned while it was recorded is from the trace of that call.

    Parameters
    ----------
    place : str
        `output`, `h_n` or `c_n`.
    error : float
        The largest difference there.
    bound : float
        What may be explained by rounding.
    """

    place: str
    error: float
    bound: float


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
    returned : tuple, optional
        What the module returned, where the trace was made by calling the module itself.
    """

    module: nn.Module
    x: Any
    hx: Any
    checksum: int
    returned: Any = None

    @classmethod
    def of(cls, module: nn.Module, x: Any, hx: Any, returned: Any = None) -> OriginalCall:
        """Remember a call."""
        x, hx = change_numbers(x, Tensor.detach), change_numbers(hx, Tensor.detach)
        return cls(module, x, hx, _checksum_of(x, hx), returned)

    @property
    def is_fed_the_same(self) -> bool:
        """Whether `x` and `hx` still hold the numbers that they had."""
        return _checksum_of(self.x, self.hx) == self.checksum

    def __reduce__(self) -> tuple[Any, ...]:
        # A copy of a trace, and one that was pickled, have None in its place: the module is no part of the record.
        return type(None), ()


@contextmanager
def called_to_compare() -> Iterator[None]:
    """Let a module be called only to compare what it returns: such a call is none of the model's, and not recorded."""
    token = _comparing.set(True)
    try:
        yield
    finally:
        _comparing.reset(token)


def is_called_to_compare() -> bool:
    """Whether the present call is one of those."""
    return _comparing.get()


def change_numbers(value: Any, change: Callable[[Tensor], Tensor]) -> Any:
    """Return what a module is given with `change` made of its numbers: a tensor, a packed sequence, a pair, or None."""
    if isinstance(value, PackedSequence):
        return value._replace(data=change(value.data))
    if isinstance(value, Tensor):
        return change(value)
    return None if value is None else tuple(map(change, value))


def _checksum_of(*values: Any) -> int:
    result = 0
    for value in values:
        for tensor in (value,) if isinstance(value, Tensor) else value or ():
            result = result if tensor is None else checksum(tensor, result)  # a PackedSequence may lack its order
    return result
