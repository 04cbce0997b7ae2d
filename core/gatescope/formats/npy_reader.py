"""Arrays in NumPy's .npy files: numbers are read, objects are never unpickled."""

from __future__ import annotations

import sys
import tokenize
import warnings
from math import prod
from pathlib import Path

import numpy as np

from gatescope.formats.files import readable_file, reason_of
from gatescope.formats.sequences import Numbers
from gatescope.messages.message import GatescopeError, Message
from gatescope.messages.number_format import format_whole
from gatescope.modules.memory_needed import require_memory

_REAL = "fiub"  # the kinds of dtypes whose items are real numbers
_ITEM = 8  # bytes of a float64


def read_npy(path: Path) -> Numbers:
    """Read a NumPy array of real numbers as float64.

    Raises
    ------
    GatescopeError
        Where the file cannot be opened; `file_not_npy`, `file_has_objects`, `file_not_real_numbers`, `too_much_memory`.
    """
    if not _has_npy_signature(readable_file(path)):  # numpy would take it for an archive or a pickle
        raise GatescopeError("file_not_npy", path=path, reason="it does not begin as one")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # numpy's remarks on headers of older versions
            _check_header(path)
            # Mapped first, so that what is more than the machine has is refused, not tried.
            array = np.load(path, mmap_mode="r", allow_pickle=False)
    except GatescopeError:  # which is a ValueError, too
        raise
    except OSError as error:
        raise GatescopeError("file_unreadable", path=path, reason=reason_of(error)) from None
    except _BAD_HEADER as error:
        raise GatescopeError("file_not_npy", path=path, reason=_shortened(str(error))) from None
    if array.dtype.kind not in _REAL:
        raise GatescopeError("file_not_real_numbers", path=path, given=_shortened(str(array.dtype)))
    require_memory(_ITEM * array.size, str(path))
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


def _check_header(path: Path) -> None:
    """Refuse objects, and an array that the file cannot hold: numpy would speak of its own limits."""
    with path.open("rb") as file:
        version = np.lib.format.read_magic(file)
        read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read_header(file)
        given = path.stat().st_size - file.tell()
    if dtype.hasobject:
        raise GatescopeError("file_has_objects", path=path)
    if dtype.kind in _REAL and (reason := _find_misfit(shape, dtype.itemsize, given)):
        raise GatescopeError("file_not_npy", path=path, reason=reason)


def _find_misfit(shape: tuple[int, ...], item: int, given: int) -> Message | None:
    """Return why the bytes that are given cannot be an array of that shape."""
    promised = _shortened(f"({', '.join(map(format_whole, shape))})")
    needed = item * prod(shape)
    if needed > given:
        return Message("npy_promises_more", {"shape": promised, "needed": format_whole(needed), "given": given})
    # Also what has no items must be of a size that there can be: numpy counts an empty dimension as one.
    too_large = _ITEM * prod(max(size, 1) for size in shape) > sys.maxsize
    return Message("npy_no_such_shape", {"shape": promised}) if too_large else None


def _shortened(reason: str) -> str:
    """Return a library's words in at most one short line."""
    line = reason.split("\n", maxsplit=1)[0]
    return line if len(line) <= 120 else line[:117] + "..."
