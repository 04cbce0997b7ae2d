"""Sequences to feed a network: from text, from files. Needs no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gatescope.formats.readers import read_file
from gatescope.messages.message import GatescopeError
from gatescope.modules.memory_needed import require_memory
from gatescope.modules.spec import ModuleSpec

Numbers = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class Sequence:
    """What is fed to a network.

    Parameters
    ----------
    values : ndarray of float64
        (T, K), or three dimensions with a batch in the network's own layout.
    tokens : tuple of str, optional
        What each step is called; for text its characters.
    vocabulary : str, optional
        The characters of one-hot columns, in the order of the columns.
    """

    values: Numbers
    tokens: tuple[str, ...] | None = None
    vocabulary: str | None = None

    @property
    def width(self) -> int:
        """K, how many numbers each step has."""
        return int(self.values.shape[-1])

    def require_width(self, spec: ModuleSpec) -> None:
        """Refuse a sequence that the network cannot take (`sequence_width`)."""
        if self.width != spec.input_size:
            raise GatescopeError("sequence_width", given=self.width, expected=spec.input_size)


def from_text(text: str, vocabulary: str | None = None) -> Sequence:
    """Encode text one-hot.

    Parameters
    ----------
    text : str
        One step for each character.
    vocabulary : str, optional
        The characters in the order of the columns; by default the sorted set of those in `text`.

    Raises
    ------
    GatescopeError
        For empty text, and for a character outside a given vocabulary.
    """
    if not text:
        raise GatescopeError("sequence_empty")
    if vocabulary is None:
        vocabulary = "".join(sorted(set(text)))
    column = {character: index for index, character in enumerate(vocabulary)}
    for position, character in enumerate(text):
        if character not in column:
            raise GatescopeError(
                "text_outside_vocabulary", character=repr(character), position=position, vocabulary=repr(vocabulary)
            )
    require_memory(8 * len(text) * len(vocabulary), "text")
    values = np.zeros((len(text), len(vocabulary)))
    values[np.arange(len(text)), [column[character] for character in text]] = 1.0
    return Sequence(values, tuple(text), vocabulary)


def read_sequence(path: str | Path, *, empty_batch: bool = False) -> Sequence:
    """Read a sequence from a file of one of the kinds in `readers`: one number a step, (T, K), or with a batch.

    Parameters
    ----------
    path : path
        Of the file.
    empty_batch : bool
        Whether a batch without a sequence will do, as it does for a module: there is nothing of it to look at.

    Raises
    ------
    GatescopeError
        Where the file is missing, unreadable, not what its ending says, or holds no sequence.
    """
    values = read_array(path)
    if values.ndim == 1:
        values = values[:, None]  # one number a step
    if values.ndim not in (2, 3):
        raise _in_file(path, GatescopeError("sequence_dimensions", width="K", batch="T, B, K", given=values.shape))
    without = values.ndim == 3 and values.shape[2] > 0 and max(values.shape[:2]) > 0  # steps, but no sequence
    if values.size == 0 and not (without and empty_batch):
        raise _in_file(path, GatescopeError("sequence_empty"))
    return Sequence(values)


def read_array(path: str | Path) -> Numbers:
    """Read the same as numbers in float64; such as a sequence, or h0.

    Raises
    ------
    GatescopeError
        As `read_sequence`, but an array may have any shape.
    """
    values: Numbers = read_file(path, "sequence")
    return values


def _in_file(path: str | Path, error: GatescopeError) -> GatescopeError:
    return GatescopeError("in_file", path=path, problem=error.message)
