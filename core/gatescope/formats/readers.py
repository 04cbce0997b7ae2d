"""The table of readers: which files can be opened, and by what. Needs neither torch nor Qt.

A further reader is one file in this room and one line in `READERS`. From that line come the choice of the reader, the
endings in errors and help, and the filters of file dialogs. A file whose content says what it is goes to the reader of
that (`file_types`), whatever it is called; any other goes to the reader of its ending.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, NamedTuple

from gatescope.formats.file_types import EMPTY, FileType, identify_file
from gatescope.formats.files import readable_file
from gatescope.messages.message import GatescopeError, Message

Content = Literal["sequence", "checkpoint", "recording", "session"]
"""What a file holds: numbers to feed a network, its weights, traces, or what somebody made in the window."""


class Reader(NamedTuple):
    """What reads one kind of file.

    Parameters
    ----------
    content : {"sequence", "checkpoint", "recording", "session"}
        What such a file holds, and so what the function returns: an array of float64 of any shape, which is a sequence
        or an initial state; a `checkpoints.Checkpoint`; a `trace_file.Contents`; or a `session_file.SessionParts`.
    endings : tuple of str
        Of the files' names, in lower case.
    function : str
        The module of this room and the function in it, which is imported when the first such file is read. It takes
        the path, and raises a GatescopeError that names it where the file is not there or not what it should be.
    """

    content: Content
    endings: tuple[str, ...]
    function: str


READERS = (
    Reader("sequence", (".csv",), "csv_reader.read_csv"),
    Reader("sequence", (".npy",), "npy_reader.read_npy"),
    # What checkpoints are called: the last two by PyTorch Lightning and Hugging Face.
    Reader("checkpoint", (".pt", ".pth", ".safetensors", ".ckpt", ".bin"), "checkpoints.open_checkpoint"),
    Reader("recording", (".gates",), "trace_file.read_traces"),
    Reader("session", (".gatescope",), "session_file.read_session_file"),
)


def format_endings(content: Content | None = None) -> str:
    """Return the endings of all files with that content, or of all that can be opened, such as `.csv, .npy`."""
    return ", ".join(_endings_of(content))


def format_patterns(content: Content | None = None) -> str:
    """Return the same as a file dialog's filter takes it, such as `*.csv *.npy`."""
    return " ".join(f"*{ending}" for ending in _endings_of(content))


def split_location(location: str) -> tuple[str, str | None]:
    """Split `model.pt::encoder.lstm` into the file and what to look for in it, None without `::`."""
    path, colons, inside = location.rpartition("::")
    return (path, inside) if colons else (location, None)


def content_of(location: str) -> Content | None:
    """Return what a file holds, with `::` behind its name or not; None where no reader opens it."""
    reader = _reader_of(Path(split_location(location)[0]))
    return reader and reader.content


def content_of_name(location: str) -> Content | None:
    """Return the same by the ending alone, for a file that cannot be looked into now."""
    reader = _reader_of_ending(Path(split_location(location)[0]).suffix)
    return reader and reader.content


def require_content(location: str) -> Content:
    """Return what a file holds; raise a GatescopeError that says what it is instead, and what to do about it."""
    content = content_of(location)
    if content is None:
        raise _refusal(Path(split_location(location)[0]), None)
    return content


def describe_file(location: str) -> Message | None:
    """Return what to do with a file that is named where a constructor is to stand; None where there is no such file."""
    path = Path(split_location(location)[0])
    if not os.path.isfile(path):
        return None
    known = content_of(location) is not None
    return Message("file_is_no_constructor", {"path": path}) if known else _refusal(path, None).message


def read_file(path: str | os.PathLike[str], content: Content) -> Any:
    """Read a file by the reader of its content, or of its ending where the content does not say what it is.

    Parameters
    ----------
    path : path
        Of the file.
    content : {"sequence", "checkpoint", "recording", "session"}
        What it is to hold.

    Returns
    -------
    object
        What the `Reader` of such a file returns.

    Raises
    ------
    GatescopeError
        `file_foreign`, `file_of_other_kind` or `file_ending` where it is something else; and where it cannot be read.
    """
    path = Path(path)
    reader = _reader_of(path)
    if reader is None or reader.content != content:
        raise _refusal(path, content)
    module, _, name = reader.function.rpartition(".")
    return getattr(import_module(f"gatescope.formats.{module}"), name)(path)


def _refusal(path: Path, content: Content | None) -> GatescopeError:
    """Return why a file is not read as that content, or as any."""
    found, allowed = _identify(readable_file(path)), format_endings(content)  # first of all it must be there
    if found is None or (found is EMPTY and _reader_of_ending(path.suffix)):
        return GatescopeError("file_ending", path=path, allowed=allowed)
    if found.ending:
        return GatescopeError("file_of_other_kind", path=path, what=found.what, allowed=allowed)
    return GatescopeError("file_foreign", path=path, what=found.what)


def _endings_of(content: Content | None) -> list[str]:
    return [ending for one in READERS if content in (None, one.content) for ending in one.endings]


def _reader_of(path: Path) -> Reader | None:
    found = _identify(path)
    return (found and _reader_of_ending(found.ending)) or _reader_of_ending(path.suffix)


def _reader_of_ending(ending: str) -> Reader | None:
    return next((one for one in READERS if ending.lower() in one.endings), None)


def _identify(path: Path) -> FileType | None:
    """Return what a file is; None also where it cannot be read, which its reader says."""
    try:
        return identify_file(path)
    except (OSError, ValueError):  # ValueError: a null byte in the name
        return None
