"""Say in a session's file which recording it shows, and find that again. Needs no Qt.

A recording may be larger than the memory, so it is not copied: its path is kept with a checksum of what the file held.
More may be written behind that while a training goes on, which changes nothing that is on show.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from weakref import WeakKeyDictionary
from zlib import crc32

from gatescope.formats.files import readable_file
from gatescope.formats.readers import split_location
from gatescope.messages.message import GatescopeError, Message, Progress
from gatescope_app.state.recorded_traces import RecordedTrace, read_recording
from gatescope_app.state.session_description import SavedRecording

if TYPE_CHECKING:  # takes seconds to import; a window is there before it
    from gatescope.traces.trace import Trace

_PIECE = 1 << 24
_EDGE = 1 << 16  # bytes


class RecordingNeeded(GatescopeError):  # noqa: N818 - a question as much as an error
    """A recording that a session shows is not where it was, or is another one.

    Attributes
    ----------
    recording : str
        The path that the session knows it by: what `read_session` takes as a key of `recordings`.
    """

    def __init__(self, recording: str, message: Message) -> None:
        super().__init__(message.code, **message.params)
        self.recording = recording


class _Beginning(NamedTuple):
    """The checksum of so many bytes of a file, of the outermost of them, and what the system said of the file then."""

    size: int
    checksum: str
    edges: int
    modified: int
    inode: int


_known: dict[str, _Beginning] = {}
"""By the path; a checksum of gigabytes takes seconds."""
_found_in: WeakKeyDictionary[Trace, tuple[str, str]] = WeakKeyDictionary()
"""The path and the checksum of the file that a trace was seen to be in."""


def refer_to(trace: Trace, place: str, folder: Path, progress: Progress | None = None) -> SavedRecording:
    """Return what finds a recorded trace again.

    Parameters
    ----------
    trace : Trace
        As it was read.
    place : str
        The file, and the trace's name and call.
    folder : Path
        Where the session's file stands.
    progress : callable, optional
        Told the fraction of the file that is read.

    Raises
    ------
    GatescopeError
        `recording_replaced` where that file holds this trace no more.
    """
    given, label = split_location(place)
    path = os.path.abspath(given)
    try:
        beginning = _beginning(path, progress)
        if _found_in.get(trace) != (path, beginning.checksum):
            _require_same(path, label or "", trace)
            _found_in[trace] = path, beginning.checksum
    except (OSError, GatescopeError):
        raise GatescopeError("recording_replaced", path=given) from None
    relative = ""
    with suppress(ValueError):  # on another drive
        relative = os.path.relpath(path, folder)
    return SavedRecording(
        os.fsencode(path), os.fsencode(relative), beginning.size, beginning.checksum, label or "", place
    )


def find_recording(
    row: SavedRecording, folder: Path, chosen: Mapping[str, str], progress: Progress | None = None
) -> tuple[Trace, str]:
    """Return the trace that was on show, and its place.

    Parameters
    ----------
    row : SavedRecording
        What `refer_to` returned.
    folder : Path
        Where the session's file stands.
    chosen : dict
        By the path that the session knows, where the recording is now.
    progress : callable, optional
        Told the fraction of the file that is read.

    Raises
    ------
    RecordingNeeded
        Where it is neither where it was nor where the file's folder tells, or not what it was.
    """
    recording = os.fsdecode(row.path)
    relative = os.path.join(folder, os.fsdecode(row.relative)) if row.relative else recording
    others = [chosen[recording]] if recording in chosen else [recording, relative]
    changed = None
    for path in dict.fromkeys(map(os.path.abspath, others)):
        trace = _trace_at(path, row, progress)
        if trace is not None:
            return trace, row.place if path == recording else f"{path}::{row.label}"
        changed = changed or (path if os.path.exists(path) else None)
    if changed is None:
        raise RecordingNeeded(recording, Message("recording_missing", {"recording": recording}))
    raise RecordingNeeded(recording, Message("recording_changed", {"path": changed, "recording": recording}))


def _trace_at(path: str, row: SavedRecording, progress: Progress | None) -> Trace | None:
    """Return the trace where a file holds it, bit for bit."""
    try:
        beginning = _beginning(path, progress, row.size)
        if beginning.checksum != row.checksum:
            return None
        entry = _labelled(path, row.label)
        trace = None if entry is None else entry.in_memory(progress)
    except (OSError, ValueError):  # ValueError: a null byte in the name, and what is refused
        return None
    if trace is not None:
        _found_in[trace] = path, beginning.checksum
    return trace


def _beginning(path: str, progress: Progress | None, size: int | None = None) -> _Beginning:
    """Return the checksum of so many bytes of a file; of those there were the last time where it may be any number."""
    with readable_file(path).open("rb") as file:
        status = os.fstat(file.fileno())
        known = _known.get(path)
        if known is not None and size in (None, known.size) and _continues(file, known):
            return known
        wanted = status.st_size if size is None else size
        digest, done = blake2b(digest_size=20), 0
        file.seek(0)
        while done < wanted and (piece := file.read(min(_PIECE, wanted - done))):
            digest.update(piece)
            done += len(piece)
            if progress is not None:
                progress(done / wanted)
        edges = _edges(file, done)
    beginning = _Beginning(done, digest.hexdigest(), edges, status.st_mtime_ns, status.st_ino)
    _known[path] = beginning
    return beginning


def _continues(file: BinaryIO, known: _Beginning) -> bool:
    """Whether a file is the one that is known, perhaps with more behind it.

    One that took its place may have its inode, and be longer; its beginning and what stood last are then others.
    """
    status = os.fstat(file.fileno())
    if status.st_ino != known.inode:
        return False
    if status.st_size > known.size:
        return _edges(file, known.size) == known.edges
    return (status.st_size, status.st_mtime_ns) == (known.size, known.modified)


def _edges(file: BinaryIO, size: int) -> int:
    """Return a checksum of the first and the last of so many bytes."""
    file.seek(0)
    first = file.read(min(size, _EDGE))
    file.seek(max(0, size - _EDGE))
    return crc32(first + file.read(min(size, _EDGE)))


def _labelled(path: str, label: str) -> RecordedTrace | None:
    return next((entry for entry in read_recording(path).entries if entry.label == label), None)


def _require_same(path: str, label: str, trace: Trace) -> None:
    found = _labelled(path, label)
    if found is None or not found.holds(trace):
        raise GatescopeError("recording_replaced", path=path)
