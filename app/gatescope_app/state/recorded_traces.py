"""What a recording holds, as people name it. Needs neither Qt nor torch."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gatescope.formats.readers import read_file
from gatescope.messages.message import Message

if TYPE_CHECKING:
    from gatescope.formats.trace_file import Contents
    from gatescope.traces.trace import Trace


@dataclass(frozen=True, eq=False)
class RecordedTrace:
    """One trace of a recording.

    Parameters
    ----------
    name : str
        Of the module it was recorded from; empty for a trace that was saved on its own.
    call : int
        Its number among the traces of that name, from 0.
    trace : Trace
        Its numbers are read from the file when they are used.
    """

    name: str
    call: int
    trace: Trace

    @property
    def label(self) -> str:
        """What it is called behind `::` on the command line."""
        return f"{self.name}#{self.call}"

    def is_called(self, inside: str) -> bool:
        """Whether `encoder.lstm` or `encoder.lstm#3` may mean it."""
        return inside in (self.name, self.label)


@dataclass(frozen=True)
class RecordingContents:
    """All traces of a file in the order of their calls, and why there are no more where it is cut."""

    entries: tuple[RecordedTrace, ...]
    problem: Message | None


def read_recording(path: str | Path) -> RecordingContents:
    """Open a recording; raise GatescopeError where it is none."""
    contents: Contents = read_file(path, "recording")
    calls: Counter[str] = Counter()
    entries = []
    for _, trace in contents.traces:
        name = trace.source or ""
        entries.append(RecordedTrace(name, calls[name], trace))
        calls[name] += 1
    return RecordingContents(tuple(entries), contents.problem)
