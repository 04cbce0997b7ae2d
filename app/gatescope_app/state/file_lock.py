"""Tells the windows of one person that a file is open in one of them."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from PySide6.QtCore import QLockFile, QStandardPaths


class FileLock:
    """Held as long as a window has the file; the system frees it with a process that ends.

    It lies in the program's own folder, so that nothing is left beside people's files, and read-only folders do.
    """

    def __init__(self, lock: QLockFile | None) -> None:
        self._lock = lock  # None where locks cannot be made, as on some network drives: all works, nobody is told

    def release(self) -> None:
        """Let other windows have the file."""
        if self._lock is not None:
            self._lock.unlock()


def lock_file(path: Path) -> FileLock | None:
    """Return a lock on a file; None where another window has it."""
    place = _lock_path(path)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        return FileLock(None)
    lock = QLockFile(str(place))
    lock.setStaleLockTime(0)  # never by its age: a window may be open for weeks
    if lock.tryLock(0):
        return FileLock(lock)
    return None if lock.error() == QLockFile.LockError.LockFailedError else FileLock(None)


def _lock_path(path: Path) -> Path:
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    whole = os.path.normcase(os.path.realpath(path))
    return Path(folder) / "open" / f"{sha256(os.fsencode(whole)).hexdigest()[:32]}.lock"
