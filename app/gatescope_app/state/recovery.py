"""Find what windows kept whose process is gone."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile

from gatescope.messages.message import GatescopeError, Progress
from gatescope_app.state.autosave_store import (
    DESCRIPTION,
    NUMBERS,
    PICTURE,
    autosave_root,
    lock_of,
    read_description,
    remove_store,
)
from gatescope_app.state.error_log import log
from gatescope_app.state.session_file import SessionContent, session_of

if TYPE_CHECKING:  # takes seconds to import; a window is there before it
    from torch import Tensor

_DAMAGED = "damaged"


@dataclass(frozen=True, eq=False)
class Recoverable:
    """What a window kept until its process was ended; nobody else is offered it while this is there.

    Parameters
    ----------
    folder : Path
        Of the store.
    time : float
        When it was written last, in seconds since 1970.
    changes : int
        The number of the last change in it.
    file : Path, optional
        The session's file that the window worked on.
    picture : Path, optional
        Of the window, not long before the end; a PNG.
    """

    folder: Path
    time: float
    changes: int
    file: Path | None
    picture: Path | None
    _lock: QLockFile = field(repr=False)

    def read(self, progress: Progress | None = None, recordings: Mapping[str, str] | None = None) -> SessionContent:
        """Return what was kept; raise as `read_session` does."""
        from gatescope.formats.session_file import SessionParts, read_session_file  # noqa: PLC0415 - imports torch

        stored = read_description(self.folder)
        tensors: dict[str, Tensor] = {}
        for path in sorted(self.folder.glob(f"{NUMBERS}*")):
            try:
                tensors |= read_session_file(path, progress).tensors
            except GatescopeError as error:  # where its numbers are needed, that is said next
                log.warning("%s", error)
        parts = SessionParts(bytes(stored.session), tensors)
        return session_of(parts, self.folder / DESCRIPTION, progress, recordings)

    def discard(self) -> None:
        """Forget it."""
        remove_store(self.folder)
        self._lock.unlock()


def find_recoverable() -> list[Recoverable]:
    """Return what can be recovered, the newest first.

    What is damaged is put aside into a folder of its own, where it can be looked at; the log says so. Never raises.
    """
    try:
        folders = [path for path in autosave_root().iterdir() if path.is_dir() and path.name != _DAMAGED]
    except OSError:
        return []
    found = [one for one in map(_recoverable, folders) if one is not None]
    return sorted(found, key=lambda one: -one.time)


def _recoverable(folder: Path) -> Recoverable | None:
    lock = lock_of(folder)
    if not lock.tryLock(0):
        return None  # its window is there
    path, picture = folder / DESCRIPTION, folder / PICTURE
    if not path.exists():  # it ended before there was anything to keep
        remove_store(folder)
        return None
    try:
        stored, time = read_description(folder), path.stat().st_mtime
    except (GatescopeError, OSError) as error:
        lock.unlock()
        if not isinstance(error, GatescopeError) or error.code != "session_newer":
            _put_aside(folder, error)
        return None
    file = Path(os.fsdecode(stored.file)) if stored.file else None
    return Recoverable(folder, time, stored.changes, file, picture if picture.exists() else None, lock)


def _put_aside(folder: Path, error: Exception) -> None:
    place = folder.parent / _DAMAGED / folder.name
    try:
        place.parent.mkdir(exist_ok=True)
        folder.rename(place)
    except OSError as reason:
        log.warning("%s (%s); it stays where it is: %s", error, folder, reason)
    else:
        log.warning("%s; it was put aside: %s", error, place)
