"""Sequences to feed a network: from text, from rows of numbers, from files. Needs no torch."""

from __future__ import annotations

import csv
import tokenize
import warnings
from collections.abc import Iterable
from collections.abc import Sequence as Items
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gatescope.formats.files import readable_file, reason_of
from gatescope.messages.message import GatescopeError
from gatescope.modules.memory_needed import require_memory
from gatescope.modules.spec import ModuleSpec

Numbers = NDArray[np.floating[Any]]

ENDINGS = (".csv", ".npy")


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


def from_rows(rows: Iterable[Items[str]]) -> Sequence:
    """Read rows of text cells as numbers; a first row without any number is a header.

    Rows without any text are skipped, as spreadsheets leave them at the end.

    Raises
    ------
    GatescopeError
        Where there is no row, rows differ in length, or a cell is no number: row and column are named,
        counted from 1 as spreadsheets do.
    """
    numbered = [(number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if numbered and not any(_is_number(cell) for cell in numbered[0][1]):
        # A header; but a table of one row or one column has to look like a header all the way down.
        header, numbered = numbered[0], numbered[1:]
        if not numbered:
            raise _not_numeric(*header)
    if not numbered:
        raise GatescopeError("sequence_empty")
    width = len(numbered[0][1])
    for number, row in numbered:
        if len(row) != width:
            raise GatescopeError("sequence_ragged", row=number, given=len(row), expected=width)
    try:
        return Sequence(np.array([row for _, row in numbered], dtype=np.float64))
    except ValueError:
        for number, row in numbered:
            if not all(_is_number(cell) for cell in row):
                raise _not_numeric(number, row) from None
        raise


def _not_numeric(number: int, row: Items[str]) -> GatescopeError:
    column = next(index for index, cell in enumerate(row) if not _is_number(cell))
    return GatescopeError("sequence_not_numeric", row=number, column=column + 1, value=repr(row[column][:40]))


def _is_number(cell: str) -> bool:
    try:
        np.float64(cell)
    except ValueError:
        return False
    return True


def split_rows(text: str) -> list[list[str]]:
    """Split pasted or read text into cells: at tabs as spreadsheets copy them, else at semicolons or commas."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = next((mark for mark in "\t;" if mark in first), ",")
    reader = csv.reader(text.splitlines(), delimiter=delimiter)
    try:
        return list(reader)
    except csv.Error:  # a cell longer than the reader's limit
        raise GatescopeError("sequence_not_numeric", row=reader.line_num, column=1, value=repr(text[:40])) from None


def read_sequence(path: str | Path) -> Sequence:
    """Read a sequence from a `.csv` file (one row a step) or a `.npy` file (two or three dimensions).

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
    if values.size == 0:
        raise _in_file(path, GatescopeError("sequence_empty"))
    return Sequence(values)


def read_array(path: str | Path) -> Numbers:
    """Read numbers from a `.csv` or `.npy` file as float64; such as a sequence, or h0.

    Raises
    ------
    GatescopeError
        As `read_sequence`, but an array may have any shape.
    """
    path = readable_file(path)
    if path.suffix.lower() not in ENDINGS:
        raise GatescopeError("file_ending", path=path, allowed=", ".join(ENDINGS))
    return _read_npy(path) if path.suffix.lower() == ".npy" else _read_csv(path)


def _read_csv(path: Path) -> Numbers:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise GatescopeError("file_not_text", path=path) from None
    except OSError as error:
        raise GatescopeError("file_unreadable", path=path, reason=reason_of(error)) from None
    if "\0" in text:
        raise GatescopeError("file_not_text", path=path)
    try:
        return from_rows(split_rows(text)).values
    except GatescopeError as error:
        raise _in_file(path, error) from None


def _read_npy(path: Path) -> Numbers:
    if not _has_npy_signature(path):  # numpy would take it for an archive or a pickle
        raise GatescopeError("file_not_npy", path=path, reason="it does not begin as one")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # numpy's remarks on headers of older versions
            # Mapped first, so that a header that promises more than the machine has is refused, not tried.
            array = np.load(path, mmap_mode="r", allow_pickle=False)
    except OSError as error:
        raise GatescopeError("file_unreadable", path=path, reason=reason_of(error)) from None
    except _BAD_HEADER as error:
        if _holds_objects(path):
            raise GatescopeError("file_has_objects", path=path) from None
        raise GatescopeError("file_not_npy", path=path, reason=_shortened(str(error))) from None
    if array.dtype.kind not in "fiub":
        raise GatescopeError("file_not_real_numbers", path=path, given=_shortened(str(array.dtype)))
    require_memory(8 * array.size, str(path))
    with np.errstate(all="ignore"):  # signalling NaN, and long doubles beyond float64, which become infinite
        return np.array(array, dtype=np.float64)


# A header is Python text that anyone may have written; these are what numpy's parser raises over it.
_BAD_HEADER = (
    ValueError, TypeError, LookupError, EOFError, OverflowError, MemoryError, RecursionError, SyntaxError,
    tokenize.TokenError,
)  # fmt: skip


def _has_npy_signature(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(np.lib.format.MAGIC_PREFIX)) == np.lib.format.MAGIC_PREFIX


def _holds_objects(path: Path) -> bool:
    try:
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            version = np.lib.format.read_magic(file)
            read_header = (
                np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
            )
            return bool(read_header(file)[2].hasobject)
    except (OSError, *_BAD_HEADER):
        return False


def _shortened(reason: str) -> str:
    """Return a library's words in at most one short line."""
    line = reason.split("\n", maxsplit=1)[0]
    return line if len(line) <= 120 else line[:117] + "..."


def _in_file(path: str | Path, error: GatescopeError) -> GatescopeError:
    return GatescopeError("in_file", path=path, problem=error.message)
