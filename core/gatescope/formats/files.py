"""Reading and writing files safely: clear errors, and never half a file."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from gatescope.messages.message import GatescopeError


def readable_file(path: str | os.PathLike[str]) -> Path:
    """Return `path` where it is a file that can be opened.

    Raises
    ------
    GatescopeError
        Where it is missing, a folder, a pipe or a device, or not readable.
    """
    path = Path(path)
    if is_special(path):  # to open a pipe would be to wait, and some devices never end
        raise GatescopeError("file_special", path=path)
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
def whole_files(*paths: str | os.PathLike[str]) -> Iterator[tuple[BinaryIO, ...]]:
    """Open files for writing that appear under their names only when the block ends without an error, all together.

    Until then, and after an error or a cancel, older files of those names stay as they were. What is no plain file,
    such as a pipe, is written to directly.

    Raises
    ------
    GatescopeError
        `file_unwritable` where the place or the disk refuses; what is written in the block counts as the first file.
    """
    with contextlib.ExitStack() as cleanup:
        drafts = []
        for path in paths:
            with _refusing_path(path, OSError, ValueError):  # ValueError: a null byte in the name
                draft = _Draft(Path(path))
                cleanup.callback(draft.discard)
                draft.open()
            drafts.append(draft)
        with _refusing_path(drafts[0].path, OSError):
            yield tuple(draft.file for draft in drafts)
        for finish in (_Draft.complete, _Draft.publish):  # none takes its name before all are on the disk
            for draft in drafts:
                with _refusing_path(draft.path, OSError):
                    finish(draft)


def is_special(path: str | os.PathLike[str]) -> bool:
    """Return whether `path` is there but neither a plain file nor a folder: a pipe, a socket or a device."""
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


class _Draft:
    """A file under a temporary name."""

    file: BinaryIO

    def __init__(self, path: Path) -> None:
        self.path = path
        self._target = Path(os.path.realpath(path))  # a link goes on pointing to the file
        self._temporary: str | None = None

    def open(self) -> None:
        if self._target.is_dir():
            raise GatescopeError("file_is_folder", path=self.path)
        if is_special(self._target):
            self.file = self._target.open("wb")
            return
        number, self._temporary = tempfile.mkstemp(prefix=".gatescope-", suffix=".part", dir=self._target.parent)
        self.file = os.fdopen(number, "wb")

    def complete(self) -> None:
        self.file.flush()
        if self._temporary is not None:
            os.fsync(self.file.fileno())
        self.file.close()

    def publish(self) -> None:
        if self._temporary is not None:
            os.chmod(self._temporary, _usual_mode(self._target))
            os.replace(self._temporary, self._target)
            self._temporary = None

    def discard(self) -> None:
        """Remove what was not published."""
        with contextlib.suppress(OSError, AttributeError):  # AttributeError: it could not even be opened
            self.file.close()
        if self._temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(self._temporary)


@contextlib.contextmanager
def _refusing_path(path: str | os.PathLike[str], *errors: type[Exception]) -> Iterator[None]:
    try:
        yield
    except (BrokenPipeError, GatescopeError):  # who reads a pipe has seen enough; that is no fault of the file
        raise
    except errors as error:
        raise GatescopeError("file_unwritable", path=path, reason=reason_of(error)) from None


def _usual_mode(path: Path) -> int:
    """Return the mode the file would have had without the detour: mkstemp makes its files private."""
    with contextlib.suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
