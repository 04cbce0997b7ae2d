"""The folder in which a window keeps what somebody does, so that a crash takes none of it.

Each window has its own, below `autosave_root`, and a lock in it that goes with its process. What a store keeps is one
file that describes the session, and files of numbers that it speaks of. These are large and seldom change: a file of
numbers is never written to again, only new ones are added before the description that needs them takes the place of the
last one, and what none needs any more is removed after that. So whenever the process ends, a description lies there
whose numbers are there too.
"""

from __future__ import annotations

import os
import shutil
import zlib
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from tempfile import mkdtemp

import msgspec
from PySide6.QtCore import QLockFile

from gatescope.edits.undo_stack import UndoStack
from gatescope.formats.files import readable_file, reason_of, whole_files
from gatescope.messages.message import GatescopeError, Message, Progress
from gatescope_app.state.document import Document
from gatescope_app.state.error_log import log_path
from gatescope_app.state.session_file import SessionContent, describe_session
from gatescope_app.state.session_tables import TensorTable
from gatescope_app.state.session_writing import describe_tables

DESCRIPTION, PICTURE, NUMBERS = "description", "picture.png", "numbers-"
_LOCK = "lock"
_VERSION = 1
_START = b"gatescope autosave "
_MOST_FILES = 50  # of numbers, before they are made into one


class StoredSession(msgspec.Struct, forbid_unknown_fields=True):
    """What stands in the description of a store."""

    changes: int
    file: bytes
    """Which session's file the window worked on; empty where it was none."""
    session: msgspec.Raw


def autosave_root() -> Path:
    """Return the folder of all stores: beside the log."""
    return log_path().parent / "autosave"


def lock_of(folder: Path) -> QLockFile:
    """Return the lock of a store, not yet taken; nobody has it whose process is gone."""
    lock = QLockFile(str(folder / _LOCK))
    lock.setStaleLockTime(0)
    return lock


def read_description(folder: Path) -> StoredSession:
    """Return what the description of a store says.

    Raises
    ------
    GatescopeError
        `session_newer`, `session_damaged`; and where it cannot be read.
    """
    path = readable_file(folder / DESCRIPTION)
    try:
        head, _, text = path.read_bytes().partition(b"\n")
        version, checksum = head.removeprefix(_START).split()
        if head.startswith(_START) and int(version) > _VERSION:
            raise GatescopeError("session_newer", path=path)
        if not head.startswith(_START) or int(checksum, 16) != zlib.crc32(text):
            raise GatescopeError("session_damaged", path=path, problem=Message("session_checksum"))
        return msgspec.json.decode(text, type=StoredSession)
    except OSError as error:
        raise GatescopeError("file_unreadable", path=path, reason=reason_of(error)) from None
    except GatescopeError:
        raise
    except (ValueError, RecursionError):  # of msgspec too
        raise GatescopeError("session_damaged", path=path, problem=Message("session_header")) from None


def remove_store(folder: Path) -> None:
    """Remove a store: first what makes it one, so that a half removed one is not taken for another thing."""
    with suppress(OSError):
        (folder / DESCRIPTION).unlink()
    shutil.rmtree(folder, ignore_errors=True)


class AutosaveStore:
    """Writes one store, which is made when there is something to keep; used by one thread at a time."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self._lock: QLockFile | None = None
        self._tensors = TensorTable()
        self._files: dict[str, set[str]] = {}
        """The names of the files of numbers, with the digests of what they hold."""
        self._last: tuple[Document, UndoStack[Document], bytes, set[str]] | None = None

    def write(self, content: SessionContent, changes: int, file: Path | None, progress: Progress | None = None) -> None:
        """Keep a session; what is kept already stays until that is done.

        Parameters
        ----------
        content : SessionContent
            What to keep.
        changes : int
            Its number, by which tests know what came back.
        file : Path, optional
            The session's file that the window works on.
        progress : callable, optional
            May cancel.

        Raises
        ------
        GatescopeError
            Where the disk refuses, or the session cannot be kept.
        """
        try:
            folder = self._made()
            tables, used = self._tables(content, folder, progress)
            session = msgspec.Raw(describe_session(content, tables))
            stored = StoredSession(changes, b"" if file is None else os.fsencode(file), session)
            self._write_numbers(folder, progress)
            _write_description(folder, stored)
        except BaseException:
            self._tensors, self._last = TensorTable(), None  # what was new may not be on the disk
            raise
        self._remove_unused(folder, used)
        self._tensors.forget_unused()
        self._last = content.document, content.undo_stack, tables, used

    def write_picture(self, picture: bytes) -> None:
        """Keep a picture of the window beside the session; none where the disk refuses, which matters little."""
        if self.folder is not None:
            with suppress(GatescopeError), whole_files(self.folder / PICTURE) as (file,):
                file.write(picture)

    def remove(self) -> None:
        """Remove the store: what was done is kept elsewhere, or is not to be kept."""
        if self.folder is not None:
            remove_store(self.folder)
        if self._lock is not None:
            self._lock.unlock()
        self.folder = self._lock = None

    def _made(self) -> Path:
        """Return the store's folder, which is made where there is none, also where somebody took it away."""
        if self.folder is not None and self.folder.is_dir():
            return self.folder
        root = autosave_root()
        try:
            root.mkdir(parents=True, exist_ok=True)
            folder = Path(mkdtemp(prefix="window-", dir=root))
        except OSError as error:
            raise GatescopeError("file_unwritable", path=root, reason=reason_of(error)) from None
        lock = lock_of(folder)
        if not lock.tryLock(0):
            raise GatescopeError("file_unwritable", path=folder, reason=lock.error().name)
        self.folder, self._lock, self._files = folder, lock, {}
        self._tensors, self._last = TensorTable(), None
        return folder

    def _tables(self, content: SessionContent, folder: Path, progress: Progress | None) -> tuple[bytes, set[str]]:
        """Return JSON of the tables, and the digests of the tensors in them; those of the last time where they fit."""
        if self._last is not None:
            document, undo_stack, tables, used = self._last
            if _same_parts(document, content.document) and undo_stack is content.undo_stack:
                return tables, used
        if len(self._files) > _MOST_FILES:
            self._tensors = TensorTable()
        tables = describe_tables(content.document, content.undo_stack, self._tensors, folder, progress)
        return tables, self._tensors.used

    def _write_numbers(self, folder: Path, progress: Progress | None) -> None:
        """Write what is new into a file of its own."""
        from gatescope.formats.session_file import write_session_file  # noqa: PLC0415 - imports torch

        crowded = len(self._files) > _MOST_FILES
        there = set() if crowded else set().union(*self._files.values())
        new = {digest: tensor for digest, tensor in self._tensors.new.items() if digest not in there}
        if new:
            name = NUMBERS + blake2b("".join(sorted(new)).encode(), digest_size=16).hexdigest()
            write_session_file(folder / name, b"{}", new, progress)
            self._files[name] = set(new)

    def _remove_unused(self, folder: Path, used: set[str]) -> None:
        """Remove the files of numbers that nothing needs, or that others have as well; the newest ones stay."""
        needed = set(used)
        for name, digests in reversed([*self._files.items()]):
            if needed.isdisjoint(digests):
                with suppress(OSError):
                    (folder / name).unlink()
                del self._files[name]
            needed -= digests


def _same_parts(one: Document, other: Document) -> bool:
    """Whether two documents are made of the same things; a session makes a new one each time it is asked."""
    return all(vars(one)[name] is value for name, value in vars(other).items())


def _write_description(folder: Path, stored: StoredSession) -> None:
    text = msgspec.json.encode(stored)
    with whole_files(folder / DESCRIPTION) as (file,):
        file.write(_START + f"{_VERSION} {zlib.crc32(text):08x}\n".encode() + text)
