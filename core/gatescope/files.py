"""Reading and writing files safely: clear errors, and never half a file."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from gatescope.messages import GatescopeError


def readable_file(path: str | os.PathLike[str]) -> Path:
    """Return `path` where it is a file that can be opened.

    Raises
    ------
    GatescopeError
        Where it is missing, a folder or not readable.
    """
    path = Path(path)
    try:
        with path.open("rb"):
            return path
    except FileNotFoundError:
        raise GatescopeError("file_missing", path=path) from None
    except IsADirectoryError:
        raise GatescopeError("file_is_folder", path=path) from None
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        if os.path.isdir(path):  # Windows says "permission denied"
            raise GatescopeError("file_is_folder", path=path) from None
        raise GatescopeError("file_unreadable", path=path, reason=reason_of(error)) from None


def reason_of(error: Exception) -> str:
    """Return the system's words for an error, without its number and path."""
    return (isinstance(error, OSError) and error.strerror) or str(error)


@contextlib.contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a file for writing that appears under its name only when the block ends without an error.

    Until then, and after an error or a cancel, an older file of that name stays as it was.

    Raises
    ------
    GatescopeError
        `file_unwritable` where the place or the disk refuses.
    """
    path = Path(path)
    temporary: str | None = None
    try:
        if path.is_dir():
            raise GatescopeError("file_is_folder", path=path)
        number, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        with os.fdopen(number, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _usual_mode(path))
        os.replace(temporary, path)
        temporary = None
    except OSError as error:
        raise GatescopeError("file_unwritable", path=path, reason=reason_of(error)) from None
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def _usual_mode(path: Path) -> int:
    """Return the mode the file would have had without the detour: mkstemp makes its files private."""
    with contextlib.suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
