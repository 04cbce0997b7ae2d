"""What a recording holds, as people name it. Needs neither Qt nor torch."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gatescope.formats.readers import read_file
from gatescope.messages.message import Message, Progress

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
        Of a large file its numbers are read when they are used: to be shown, it is taken from `in_memory`.
    number : int
        Among all traces of the file, from 0.
    contents : Contents
        The file.
    """

    name: str
    call: int
    trace: Trace
    number: int
    contents: Contents

    @property
    def label(self) -> str:
        """What it is called behind `::` on the command line."""
        return f"{self.name}#{self.call}"

    @property
    def is_mapped(self) -> bool:
        """Whether its numbers have yet to be read from the file."""
        return self.contents.source is not None and self.contents.source.is_mapped

    def in_memory(self, progress: Progress | None = None) -> Trace:
        """Return the trace as `Contents.in_memory` does, so that no change of the file reaches it."""
        return self.contents.in_memory(self.number, progress)

    def holds(self, trace: Trace) -> bool:
        """Return whether these are the numbers of a trace, as `Contents.holds` does."""
        return self.contents.holds(self.number, trace)

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
    for number, (_, trace) in enumerate(contents.traces):
        name = trace.source or ""
        entries.append(RecordedTrace(name, calls[name], trace, number, contents))
        calls[name] += 1
    return RecordingContents(tuple(entries), contents.problem)
