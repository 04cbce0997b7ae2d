"""The trace file: recorded traces one after another, in a file that grows while recording goes on.

Format, version 1
-----------------
A file is a row of segments, one for each trace, without an index or a footer. Each segment is a complete safetensors
file (https://github.com/huggingface/safetensors), so a file of one trace opens in whatever reads safetensors:

- 8 bytes: n, the length of the header, little-endian;
- n bytes: the header, JSON, filled up with spaces so that what follows begins at a multiple of 64 bytes of the file. It
  begins with the name and version of this format; under `trace` is what is no tensor, as JSON text; there `holds` is
  what was held by hand, with the fields of `gatescope.edits.edits.Hold`, and `returned` how far what the module
  returned was from the trace while it was recorded: the fields of `gatescope.traces.original_call.ReturnedApart`;
- the tensors, without gaps, in the order of the header.

The tensors are, in this order, those that a trace has of:

- `lengths` (B,) of a packed sequence, int64; `token_ends` (T,), where each token ends in `tokens`, int64; `tokens`,
  UTF-8, filled up with zeros to a multiple of 8 bytes;
- `x` (T, B, K), and the module's parameters, such as `weights.weight_ih_l0`. Weights that an earlier trace has already
  are not written again: `weights_in` is the number of that trace, from 0;
- for each layer and direction `l0.forward.before.h` (B, P), and `before.c` of an LSTM; `l0.forward.f` and so on, each
  (T, B, units); and `l0.forward.x` (T, B, K), `l0.forward.weight_ih_l0` and so on, which are written only where they
  are not what they usually are: the input or the h of the layer below, and the module's parameters;
- `end`: "done" and the CRC-32 of all that is before the tensors, little-endian; it shows that all was written.

Measured on 2 GB beside Arrow IPC streams (pyarrow 26) and Zarr 3: this and Arrow write as fast as a plain file, Zarr
half as fast; this opens in 8 ms and 1 MB, Arrow in 30 ms and 31 MB, Zarr in 140 ms with a copy of every tensor that is
read. It also names bfloat16 and is read with JSON and a memory map alone, whereas Arrow unpacks whatever a file says is
packed (33 KB became 1 GB) and would add 170 MB of libraries.

Other programs can read a trace as soon as `append` has returned. The system brings it to the disk when it likes, and
when the writer is closed at the latest; what a power failure took is noticed when reading. The header is guarded by its
checksum; the numbers are not, but `verify` computes them again. The tensors of a trace that was read are on the CPU;
what is written to them never changes the file. A file of up to 256 MiB is read at once; the tensors of a larger one
show the file itself, so never shorten it while it is in use, unless `Contents.in_memory` has read them. To replace it
by another of its name does no harm.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from torch import Tensor

from gatescope.formats.files import is_special, readable_file, reason_of, whole_files
from gatescope.formats.trace_reading import FileBytes, read_segment
from gatescope.formats.trace_segment import START, make_segment, same_bits, same_trace, size_of, write_segment
from gatescope.messages.message import GatescopeError, Message, Progress
from gatescope.modules.memory_needed import is_free
from gatescope.traces.trace import Trace

COPIED = 1 << 28
"""Bytes up to which a file is read into memory, which takes a tenth of a second, and not mapped."""


class Contents(NamedTuple):
    """What a trace file holds.

    Parameters
    ----------
    traces : tuple of (str, Trace)
        Each with the name that it was recorded under.
    problem : Message, optional
        Why there is no more to read, where the file is cut or damaged after these traces.
    source : FileBytes, optional
        Where the numbers of the traces are.
    """

    traces: tuple[tuple[str, Trace], ...]
    problem: Message | None
    source: FileBytes | None = None

    def in_memory(self, number: int, progress: Progress | None = None) -> Trace:
        """Return a trace that stays as it is whatever becomes of the file.

        One that is larger than half of the free memory keeps showing the file; it must not be shortened then.

        Parameters
        ----------
        number : int
            Of the trace, from 0.
        progress : callable, optional
            Told the fraction that is read.

        Raises
        ------
        GatescopeError
            `trace_unreadable` where the file was cut short since, or cannot be read.
        """
        _, trace = self.traces[number]
        shown: dict[int, Tensor] = {}  # what layers share is read once, and is shared again
        trace.mapped(lambda tensor: shown.setdefault(id(tensor), tensor))
        size = sum(tensor.nbytes for tensor in shown.values())
        if self.source is None or not self.source.is_mapped or not is_free(2 * size):
            return trace
        own, done = {}, 0
        for key, tensor in shown.items():
            own[key] = self._detached(number, tensor)
            done += tensor.nbytes
            if progress is not None:
                progress(done / size)
        return trace.mapped(lambda tensor: own[id(tensor)])

    def holds(self, number: int, trace: Trace) -> bool:
        """Return whether a trace has the numbers that one of the file has now, bit for bit.

        Parameters
        ----------
        number : int
            Of the file's, from 0.
        trace : Trace
            Such as `in_memory` returned.

        Raises
        ------
        GatescopeError
            As `in_memory`.
        """
        return same_trace(trace, self.traces[number][1], partial(self._detached, number))

    def _detached(self, number: int, tensor: Tensor) -> Tensor:
        if self.source is None:
            return tensor
        try:
            return self.source.detached(tensor)
        except GatescopeError as error:
            reason: object = error.message
        except OSError as error:
            reason = reason_of(error)
        raise GatescopeError("trace_unreadable", path=self.source.path, number=number + 1, reason=reason) from None


class TraceWriter:
    """Writes traces into a file while they are recorded; a context manager.

    Nothing of a trace is kept but its weights, so that memory stays flat however long the file becomes.

    Parameters
    ----------
    path : path
        A file that is there is replaced; whoever has it open keeps the old one.
    append : bool
        Whether to continue the file instead, where there is one.

    Raises
    ------
    GatescopeError
        Where the place refuses, and where a file to be continued is no trace file, cut or damaged.
    """

    def __init__(self, path: str | os.PathLike[str], append: bool = False) -> None:
        self.path = Path(path)
        self._count = 0
        self._weights: dict[str, tuple[int, dict[str, Tensor]]] = {}
        if append:
            self._continue()
        self._file = _open_to_append(self.path, anew=not append)
        self._end = os.fstat(self._file.fileno()).st_size

    def append(self, name: str, trace: Trace) -> None:
        """Write a trace behind the others, all of it or nothing.

        Parameters
        ----------
        name : str
            Where it was recorded, such as `encoder.lstm`.
        trace : Trace
            Its graph is not kept.

        Raises
        ------
        GatescopeError
            Where the disk refuses, or another program has changed the file.
        """
        known = self._known(name, trace.weights)
        segment = make_segment(name, trace, known, self._end)
        if os.fstat(self._file.fileno()).st_size != self._end:
            raise GatescopeError("trace_file_changed", path=self.path)
        with self._undone_on_error():
            write_segment(self._file, segment)
        self._end += size_of(segment)
        if known is None:
            copies = {key: weight.detach().to("cpu", copy=True) for key, weight in trace.weights.items()}
            self._weights[name] = self._count, copies
        self._count += 1

    def close(self) -> None:
        """Bring the file to the disk and close it; a second call does nothing.

        Raises
        ------
        GatescopeError
            Where the disk refuses.
        """
        if self._file.closed:
            return
        with self._file:
            try:
                os.fsync(self._file.fileno())
            except OSError as error:
                raise GatescopeError("trace_file_unsynced", path=self.path, reason=reason_of(error)) from None

    def __enter__(self) -> TraceWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _continue(self) -> None:
        if not os.path.exists(self.path) or not os.path.getsize(self.path):
            return
        traces, problem, _ = read_traces(self.path)
        if problem is not None:
            raise GatescopeError(problem.code, **problem.params)
        self._count = len(traces)
        self._weights = {name: (index, trace.weights) for index, (name, trace) in enumerate(traces)}

    def _known(self, name: str, weights: dict[str, Tensor]) -> int | None:
        """Return which trace has these weights, where the last one of that name has."""
        index, last = self._weights.get(name, (0, {}))
        same = last.keys() == weights.keys() and all(same_bits(last[key], weights[key]) for key in last)
        return index if same else None

    @contextlib.contextmanager
    def _undone_on_error(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:  # an interrupt must not leave half a trace either
            with contextlib.suppress(OSError):
                self._file.truncate(self._end)
            if isinstance(error, OSError):
                raise GatescopeError("trace_not_appended", path=self.path, reason=reason_of(error)) from None
            raise


def save_trace(trace: Trace, path: str | os.PathLike[str], progress: Progress | None = None) -> None:
    """Write what `Trace.save` does."""
    segment = make_segment("", trace, None, 0)
    with whole_files(path) as (file,):
        write_segment(file, segment, progress)


def read_traces(path: str | os.PathLike[str], copied_up_to: int = COPIED) -> Contents:
    """Open a trace file; of a large one the numbers are read when they are used.

    Parameters
    ----------
    path : path
        Another program may still be writing it.
    copied_up_to : int
        Bytes up to which a file is read at once, so that its traces stay as they are whatever becomes of the file.

    Raises
    ------
    GatescopeError
        Where it is no trace file or of a newer version, or not even its first trace is whole.
    """
    with readable_file(path).open("rb") as file:
        try:
            if file.read(8 + len(START))[8:] != START:
                raise GatescopeError("trace_file_foreign", path=path)
            return _contents(path, FileBytes(file, copied_up_to))
        except OSError as error:
            raise GatescopeError("file_unreadable", path=path, reason=reason_of(error)) from None


def _contents(path: str | os.PathLike[str], source: FileBytes) -> Contents:
    traces: list[tuple[str, Trace]] = []
    end = 0
    while end < len(source):
        try:
            name, trace, end = read_segment(source, end, traces)
        except GatescopeError as error:
            problem = GatescopeError("trace_unreadable", path=path, number=len(traces) + 1, reason=error.message)
            if not traces:
                raise problem from None
            return Contents(tuple(traces), problem.message, source)
        traces.append((name, trace))
    return Contents(tuple(traces), None, source)


def _open_to_append(path: Path, anew: bool) -> BinaryIO:
    """Open a file to be continued."""
    try:
        target = os.path.realpath(path)
        if os.path.isdir(target):
            raise GatescopeError("file_is_folder", path=path)
        if is_special(target):
            raise GatescopeError("trace_file_special", path=path)
        if anew and os.path.exists(target):
            os.unlink(target)  # to shorten it would take the numbers from under whoever has it open
        return open(target, "ab", buffering=0)
    except GatescopeError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        raise GatescopeError("file_unwritable", path=path, reason=reason_of(error)) from None
