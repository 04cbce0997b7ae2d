"""The table of readers: which files can be opened, and by what. Needs neither torch nor Qt.

A further reader is one file in this room and one line in `READERS`. From that line come the choice of the reader, the
endings in errors and help, the filters of file dialogs, and what may be dropped onto the window.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, NamedTuple

from gatescope.formats.files import readable_file
from gatescope.messages.message import GatescopeError

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
    """Return what a file of that name holds, with `::` behind it or not; None for an ending of another kind."""
    reader = _reader_of(Path(split_location(location)[0]))
    return reader and reader.content


def read_file(path: str | os.PathLike[str], content: Content) -> Any:
    """Read a file by the reader of its ending.

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
        `file_ending` where the ending is that of nothing of this content; and where the file cannot be read.
    """
    path = Path(path)
    reader = _reader_of(path)
    if reader is None or reader.content != content:
        # First of all it must be there.
        raise GatescopeError("file_ending", path=readable_file(path), allowed=format_endings(content))
    module, _, name = reader.function.rpartition(".")
    return getattr(import_module(f"gatescope.formats.{module}"), name)(path)


def _endings_of(content: Content | None) -> list[str]:
    return [ending for one in READERS if content in (None, one.content) for ending in one.endings]


def _reader_of(path: Path) -> Reader | None:
    return next((one for one in READERS if path.suffix.lower() in one.endings), None)
