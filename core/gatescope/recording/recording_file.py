"""The file of a recording, which is read while it is still written."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import weakref
from pathlib import Path
from typing import BinaryIO

from gatescope.formats.files import readable_file, whole_files
from gatescope.formats.trace_file import COPIED, Contents, TraceWriter, read_traces
from gatescope.messages.message import GatescopeError
from gatescope.traces.trace import Trace

_CHUNK = 1 << 20  # bytes copied at a time


class RecordingFile:
    """A trace file, with a lock around it.

    Parameters
    ----------
    path : path, optional
        When missing, a temporary file that is removed together with this object.
    write : bool
        Whether to begin it anew and write to it.
    """

    def __init__(self, path: str | os.PathLike[str] | None, *, write: bool) -> None:
        folder = tempfile.mkdtemp(prefix="gatescope-") if path is None else None  # nobody else can write into it
        self._remove = weakref.finalize(self, _remove, folder, os.getpid())
        # Absolute, because a training may go to another folder.
        self._path = Path(folder or os.getcwd(), "recording.gates" if path is None else path)
        self._lock = threading.Lock()
        self._writer = TraceWriter(self._path) if write else None
        self._contents = Contents((), None) if write else None

    def append(self, name: str, trace: Trace) -> None:
        """Write a trace; it can be read at once."""
        with self._lock:
            if self._writer is not None:
                self._writer.append(name, trace)
            self._contents = None

    def end(self) -> None:
        """Write no more."""
        with self._lock:
            if self._writer is not None:
                self._writer.close()

    def contents(self) -> Contents:
        """Return the traces so far."""
        with self._lock:
            if self._contents is None:
                # Nobody shortens what is written here; and to read all of it after each call would take ever longer.
                self._contents = read_traces(self._path, COPIED if self._writer is None else 0)
            return self._contents

    def copy_to(self, path: str | os.PathLike[str]) -> None:
        """Copy what is written so far, whole or not at all; onto itself there is nothing to do.

        Raises
        ------
        GatescopeError
            `nothing_recorded` where that is nothing, and where either file refuses.
        """
        with self._lock:
            size = readable_file(self._path).stat().st_size
        if not size:
            raise GatescopeError("nothing_recorded")
        if os.path.exists(path) and os.path.samefile(self._path, path):
            return
        with whole_files(path) as (file,), self._path.open("rb") as source:
            _copy(source, file, size)

    def remove(self) -> None:
        """Remove the file now, if it is temporary; traces that are in use stay readable."""
        with self._lock:
            self._contents = None
        self._remove()


def _copy(source: BinaryIO, file: BinaryIO, size: int) -> None:
    while size and (part := source.read(min(size, _CHUNK))):
        file.write(part)
        size -= len(part)


def _remove(folder: str | None, process: int) -> None:
    if folder is not None and os.getpid() == process:  # a fork that ends leaves the file to its parent
        shutil.rmtree(folder, ignore_errors=True)
