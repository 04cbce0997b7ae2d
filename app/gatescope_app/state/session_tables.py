"""What a session's file says of each thing once, however many parts of the session have it. Needs no Qt."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from gatescope.modules.spec import ModuleSpec
from gatescope_app.state.sources import Source

if TYPE_CHECKING:  # takes seconds to import; a window is there before it
    from torch import Tensor

T = TypeVar("T")

EMPTY = -1
"""The last link of a chain without any."""


class Table(Generic[T]):
    """Rows that are named by their numbers."""

    def __init__(self) -> None:
        self.rows: list[T] = []
        self._numbers: dict[Hashable, int] = {}

    def number(self, key: Hashable, make: Callable[[], T]) -> int:
        """Return the number of the row with that key, which is made where it is new, after the rows that it names."""
        if key not in self._numbers:
            row = make()
            self._numbers[key] = len(self.rows)
            self.rows.append(row)
        return self._numbers[key]


class Chains:
    """Lists of row numbers, of which those with the same beginning share it."""

    def __init__(self) -> None:
        self.links: list[tuple[int, int]] = []
        self._numbers: dict[tuple[int, int], int] = {}

    def last(self, rows: Iterable[int]) -> int:
        """Return the last link of a list."""
        last = EMPTY
        for row in rows:
            link = last, row
            last = self._numbers.setdefault(link, len(self.links))
            if last == len(self.links):
                self.links.append(link)
        return last


class TensorTable:
    """The tensors of a session by their digests.

    Attributes
    ----------
    new : dict
        The tensors that were not known before.
    used : set of str
        The digests of all since the last `forget_unused`.
    """

    def __init__(self) -> None:
        self.new: dict[str, Tensor] = {}
        self.used: set[str] = set()
        # With what they were made from: as long as it is kept, no other thing has its id.
        self._known: dict[Hashable, tuple[Any, Mapping[str, str]]] = {}
        self._visited: set[Hashable] = set()

    def digests(self, thing: object, make: Callable[[], Mapping[str, Tensor]], key: Hashable = None) -> dict[str, str]:
        """Return the digests of the tensors that are made of a thing, which is asked only once.

        Parameters
        ----------
        thing : object
            Never changed.
        make : callable
            Returns them by their names.
        key : hashable, optional
            What else they depend on.
        """
        place = id(thing), key
        if place not in self._known:
            self._known[place] = thing, {name: self._add(tensor) for name, tensor in make().items()}
        self._visited.add(place)
        digests = self._known[place][1]
        self.used.update(digests.values())
        return dict(digests)

    def digest(self, thing: object, make: Callable[[], Tensor]) -> str:
        """Return the digest of the one tensor that is made of a thing."""
        return self.digests(thing, lambda: {"": make()})[""]

    def weights(self, source: Source, spec: ModuleSpec) -> dict[str, str]:
        """Return the digests of a source's weights."""
        drawn = None if source.seed is None else spec  # a seed means others for every other network
        return self.digests(source, lambda: source.weights(spec), drawn)

    def forget_unused(self) -> None:
        """Forget what was not asked for since the last time, and that anything is new."""
        self._known = {place: self._known[place] for place in self._visited}
        self._visited, self.new, self.used = set(), {}, set()

    def _add(self, tensor: Tensor) -> str:
        from gatescope.formats.session_file import digest_of  # noqa: PLC0415 - imports torch

        digest = digest_of(tensor)
        self.new[digest] = tensor
        return digest
