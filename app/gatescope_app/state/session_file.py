"""Save a session to a file, and open it again. Needs no Qt."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from gatescope.edits.undo_stack import UndoStack
from gatescope.messages.message import GatescopeError, Message, Progress
from gatescope.traces.order import COMPLETE, Cursor
from gatescope_app.state.document import Document
from gatescope_app.state.recording_reference import RecordingNeeded
from gatescope_app.state.session_checks import PartError, require
from gatescope_app.state.session_description import SavedSession, SavedTables
from gatescope_app.state.session_reading import SessionBuilder
from gatescope_app.state.session_tables import TensorTable
from gatescope_app.state.session_writing import describe_tables

if TYPE_CHECKING:  # takes seconds to import; a window is there before it
    from gatescope.formats.session_file import SessionParts

__all__ = ["RecordingNeeded", "SessionContent", "read_session", "save_session"]

_MOST_LOOKS = 1 << 20  # bytes
_DEEPEST_LOOKS = 16


@dataclass(frozen=True, eq=False)
class SessionContent:
    """What a session's file keeps.

    Parameters
    ----------
    document : Document
        What a person made.
    undo_stack : UndoStack of Document
        What can be undone and redone.
    cursor, batch, unit, quantity
        What is looked at.
    looks : dict
        How the window looks: plain values, as JSON has them.
    remarks : tuple of Message
        Of a file that was read: what is not as it was.
    """

    document: Document
    undo_stack: UndoStack[Document] = UndoStack()  # noqa: RUF009 - frozen
    cursor: Cursor = Cursor()  # noqa: RUF009 - frozen
    batch: int = 0
    unit: int = 0
    quantity: str = ""
    looks: Mapping[str, Any] = field(default_factory=dict)
    remarks: tuple[Message, ...] = ()


def save_session(content: SessionContent, path: str | os.PathLike[str], progress: Progress | None = None) -> None:
    """Write a session's file, all of it or nothing.

    Raises
    ------
    GatescopeError
        Where the place or the disk refuses, and where the recording on show is no longer there.
    """
    from gatescope.formats.session_file import write_session_file  # noqa: PLC0415 - imports torch

    tensors = TensorTable()
    folder = Path(os.path.abspath(path)).parent
    tables = describe_tables(content.document, content.undo_stack, tensors, folder, progress)
    write_session_file(path, describe_session(content, tables), tensors.new, progress)


def describe_session(content: SessionContent, tables: bytes) -> bytes:
    """Return JSON of `SavedSession`, with what `describe_tables` returned for the same content."""
    cursor, looks = content.cursor, dict(content.looks)
    try:
        plain = len(msgspec.json.encode(looks)) <= _MOST_LOOKS and _is_plain(looks, _DEEPEST_LOOKS)
    except (TypeError, ValueError, RecursionError, msgspec.MsgspecError):
        plain = False
    if not plain:
        raise GatescopeError("session_looks")
    saved = SavedSession(
        cursor.t, cursor.layer, cursor.direction, cursor.phase, content.batch, content.unit, content.quantity, looks,
        msgspec.Raw(tables),
    )  # fmt: skip
    return msgspec.json.encode(saved)


def read_session(
    path: str | os.PathLike[str],
    progress: Progress | None = None,
    recordings: Mapping[str, str] | None = None,
) -> SessionContent:
    """Read a session's file.

    Parameters
    ----------
    path : path
        What `save_session` wrote, now or in an earlier version.
    progress : callable, optional
        Told the fraction that is read.
    recordings : dict, optional
        Where recordings are now, by the path that `RecordingNeeded` named.

    Raises
    ------
    RecordingNeeded
        Where a recording on show is not where it was.
    GatescopeError
        Where the file cannot be read, or is not as it was written.
    """
    from gatescope.formats.session_file import read_session_file  # noqa: PLC0415 - imports torch

    parts = read_session_file(path, progress)
    return session_of(parts, Path(os.path.abspath(path)), progress, recordings)


def session_of(
    parts: SessionParts,
    path: Path,
    progress: Progress | None = None,
    recordings: Mapping[str, str] | None = None,
) -> SessionContent:
    """Return the session that a file describes; the path is for messages, and for finding recordings."""
    from gatescope.formats.session_file import damaged  # noqa: PLC0415 - imports torch

    try:
        saved = msgspec.json.decode(parts.description, type=SavedSession)
        tables = msgspec.json.decode(saved.tables, type=SavedTables)
    except (msgspec.MsgspecError, RecursionError) as error:
        detail = str(error) if isinstance(error, msgspec.MsgspecError) else "nested too deep"
        raise damaged(path, Message("session_description", {"detail": detail})) from None
    try:
        require("looks", _is_plain(saved.looks, _DEEPEST_LOOKS))
        builder = SessionBuilder(tables, parts.tensors, path, recordings or {}, progress)
        document, undo_stack = builder.document(), builder.undo_stack()
    except PartError as error:
        raise damaged(path, error.problem) from None
    setup = document.setup
    return SessionContent(
        document, undo_stack, _cursor(saved, document), max(0, min(saved.batch, setup.batch_size - 1)),
        max(0, min(saved.unit, setup.spec.hidden_size - 1)), saved.quantity, saved.looks, tuple(builder.remarks),
    )  # fmt: skip


def _cursor(saved: SavedSession, document: Document) -> Cursor:
    """Return a place that the run has, as near as there is."""
    setup = document.setup
    spec = setup.spec
    return Cursor(
        t=max(0, min(saved.t, setup.steps - 1)),
        layer=max(0, min(saved.layer, spec.num_layers - 1)),
        direction=next((one for one in spec.directions if one == saved.direction), "forward"),
        phase=saved.phase if saved.phase in spec.cell.phases else COMPLETE,
    )


def _is_plain(value: Any, deepest: int) -> bool:
    """Whether a value comes back from JSON as it was."""
    match value:
        case None | bool() | str():
            return True
        case int():
            return abs(value) < 2**53
        case float():
            return value - value == 0.0  # neither NaN nor infinite
        case list():
            return deepest > 0 and all(_is_plain(one, deepest - 1) for one in value)
        case dict():
            return deepest > 0 and all(
                isinstance(key, str) and _is_plain(one, deepest - 1) for key, one in value.items()
            )
    return False
