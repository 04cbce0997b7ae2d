"""What a recording holds, as people name it. Needs no Qt."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from gatescope.messages.message import Message
from gatescope.recording.recording import load
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


@dataclass(frozen=True)
class RecordingContents:
    """All traces of a file in the order of their calls, and why there are no more where it is cut."""

    entries: tuple[RecordedTrace, ...]
    problem: Message | None


def read(path: str | Path) -> RecordingContents:
    """Open a recording; raise GatescopeError where it is none."""
    recording = load(path)
    counted: Counter[str] = Counter()
    entries = []
    for trace in recording.traces:
        name = trace.source or ""
        entries.append(RecordedTrace(name, counted[name], trace))
        counted[name] += 1
    return RecordingContents(tuple(entries), recording.problem)


def find(entries: tuple[RecordedTrace, ...], inside: str) -> list[RecordedTrace]:
    """Return the traces that `encoder.lstm` or `encoder.lstm#3` may mean."""
    return [entry for entry in entries if inside in (entry.name, entry.label)]
