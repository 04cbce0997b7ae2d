"""Arrays in NumPy's .npy files: numbers are read, objects are never unpickled."""

from __future__ import annotations

import tokenize
import warnings
from pathlib import Path

import numpy as np

from gatescope.formats.files import readable_file, reason_of
from gatescope.formats.sequences import Numbers
from gatescope.messages.message import GatescopeError
from gatescope.modules.memory_needed import require_memory


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
