"""What runs inside somebody else's training: hooks that trace the calls of modules."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from gatescope.messages.message import GatescopeError, Message
from gatescope.modules.bits import same_bits
from gatescope.modules.network import Recurrent, with_weights
from gatescope.recording.module_calls import (
    Batch,
    RecordedCall,
    difference,
    kept_difference,
    read_call,
    undisturbed,
)
from gatescope.traces.original_call import is_called_to_compare
from gatescope.traces.trace import Trace
from gatescope.traces.tracer import trace

_OF_THE_FILE = ("trace_not_appended", "trace_file_changed")
"""Why nothing more can be written, of whatever module: said once."""

_LONGEST = 1 << 27  # numbers in the trace of a cell's calls; where they go on for longer, they become several traces


class RecordingWarning(UserWarning):
    """What the user of a recording should know: that a call is left out, or that a trace is not what was returned."""


class Skipped(NamedTuple):
    """A call that is not in the recording.

    Parameters
    ----------
    name : str
        Of the module.
    call : int
        Its number among the calls of that module, from 0.
    reason : Message
        Why.
    """

    name: str
    call: int
    reason: Message


@dataclass
class RecordingLog:
    """What is known of a recording besides its traces; see `Recording` for its parts."""

    skipped: list[Skipped] = field(default_factory=list)
    differences: dict[str, list[float]] = field(default_factory=dict)


class Hook:
    """What a module calls after its forward."""

    def __init__(self, recorder: Recorder, name: str) -> None:
        self._recorder, self._name = recorder, name

    def __call__(self, module: Recurrent, args: tuple[Any, ...], kwargs: dict[str, Any], returned: Any) -> None:
        """Tell the recorder; return None, which leaves what was returned as it is."""
        _outside_compiler(self._recorder.record)(self._name, module, args, kwargs, returned)

    def __reduce__(self) -> tuple[Any, ...]:
        # A copy of the model, or one read back from a file, has in its place what takes anything and does nothing; of
        # the standard library, so that the file can be read where there is no Gatescope.
        return getattr, (contextlib.nullcontext(), "__exit__")


def _outside_compiler(work: Callable[..., None]) -> Callable[..., None]:
    """Return the work so that torch.compile leaves it alone, where the model is part of something compiled."""
    # Only where something has been compiled: importing the compiler takes a second.
    disable: Any = torch.compiler.disable
    return disable(work) if "torch._dynamo" in sys.modules else work


class Recorder:
    """Traces the calls that hooks tell it of. Whatever goes wrong with a call, the model goes on.

    Parameters
    ----------
    write : callable
        Where the traces go, each with the name of its module.
    log : RecordingLog
        Where everything else goes.
    batch : int, sequence of int, slice or None
        Which elements to keep.
    """

    def __init__(self, write: Callable[[str, Trace], None], log: RecordingLog, batch: Batch) -> None:
        self._write_trace, self._log, self._batch = write, log, batch
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._calls: Counter[str] = Counter()
        self._sequences: dict[str, _CellSequence] = {}
        self._reasons: dict[str, Message] = {}
        self._warned: set[tuple[str, str]] = set()
        self._warnings: list[Message] = []

    def record(
        self, name: str, module: Recurrent, args: tuple[Any, ...], kwargs: dict[str, Any], returned: Any
    ) -> None:
        """Trace one call of a module."""
        if os.getpid() != self._process or is_called_to_compare():  # a fork has the hooks, but the file is its parent's
            return
        with self._lock:
            number = self._calls[name]
            self._calls[name] += 1
            self._attempt(
                name, [number], module,
                lambda: self._trace_call(name, number, module, read_call(module, args, kwargs, returned, self._batch)),
            )  # fmt: skip
        self._show_warnings()

    def finish(self) -> None:
        """Write what is still collected."""
        with self._lock:
            for name in list(self._sequences):
                self._end_sequence(name)
        self._show_warnings()

    def _trace_call(self, name: str, number: int, module: Recurrent, call: RecordedCall) -> None:
        if not isinstance(module, nn.RNNCellBase):
            self._write(name, number, trace(module, call.x, call.hx), call)
            return
        run = self._sequences.get(name)
        if run is None or not run.goes_on_with(module, call):
            self._end_sequence(name)
            run = self._sequences[name] = _CellSequence(module, call)
        run.add(number, call)
        if run.numbers >= _LONGEST:
            self._end_sequence(name)

    def _end_sequence(self, name: str) -> None:
        run = self._sequences.pop(name, None)
        if run is not None:
            self._attempt(name, run.calls, run.module, lambda: self._write(name, run.calls[0], *run.traced()))

    def _write(self, name: str, number: int, made: Trace, call: RecordedCall) -> None:
        apart = difference(made, call)
        self._write_trace(name, replace(made, source=name, returned=kept_difference(made, call, apart)))
        self._log.differences.setdefault(name, []).append(apart.largest)
        if not apart.by_rounding:
            params = {"name": name, "call": number, "difference": f"{apart.largest:.2g}"}
            self._warn(name, Message("call_differs", params))

    def _attempt(self, name: str, calls: list[int], module: nn.Module, work: Callable[[], None]) -> None:
        try:
            with undisturbed(module):
                work()
        except GatescopeError as error:
            self._skip(name, calls, error.message)
        except Exception as error:  # noqa: BLE001 - the border to a training that must go on
            self._skip(name, calls, Message("call_failed", {"reason": f"{type(error).__name__}: {error}"}))

    def _skip(self, name: str, calls: list[int], reason: Message) -> None:
        reason = self._reasons.setdefault(str(reason), reason)  # one, however many calls
        self._log.skipped += [Skipped(name, call, reason) for call in calls]
        self._warn(name, Message("call_left_out", {"name": name, "call": calls[0], "reason": reason}), reason)

    def _warn(self, name: str, message: Message, reason: Message | None = None) -> None:
        """Keep a warning until the lock is open; one for each module and reason, and one of the file."""
        code = (reason or message).code
        key = "" if code in _OF_THE_FILE else name, code
        if key not in self._warned:
            self._warned.add(key)
            self._warnings.append(message)

    def _show_warnings(self) -> None:
        with self._lock:
            messages, self._warnings = self._warnings, []
        for message in messages:
            warnings.warn(str(message), RecordingWarning, stacklevel=2)


class _CellSequence:
    """Calls of a cell module that continue each other: one sequence.

    Parameters
    ----------
    module : nn.LSTMCell, nn.GRUCell or nn.RNNCell
        Its weights are copied, for training changes them before the sequence is traced.
    first : Call
        Where the sequence starts.

    Raises
    ------
    GatescopeError
        Where the module or the call cannot be traced.
    """

    def __init__(self, module: Recurrent, first: RecordedCall) -> None:
        step = trace(module, first.x[None], first.hx)  # (1, B, K); also refuses what cannot be traced
        self.calls: list[int] = []
        self.module = with_weights(step.spec, step.weights)
        self._weights = step.weights
        self._size = sum(values.numel() for values in step.cell().values.values())
        self._first = self._last = first
        self._x: list[Tensor] = []
        self._h: list[Tensor | None] = []

    @property
    def numbers(self) -> int:
        """How many numbers its trace will have."""
        return self._size * len(self._x)

    def add(self, number: int, call: RecordedCall) -> None:
        """Put one more step behind the others."""
        self.calls.append(number)
        # Copies: a program may write the next step into the same tensors.
        self._last = call.copied()
        self._first = self._first if self._x else self._last
        self._x.append(self._last.x)
        self._h.append(self._last.output)

    def goes_on_with(self, module: Recurrent, call: RecordedCall) -> bool:
        """Return whether a call starts from the states that the last one returned, with the same weights."""
        before, last = call.before, self._last
        if before is None or call.size != last.size or len(before) != len(last.after):
            return False
        states = zip(before, last.after, strict=True)
        return all(same_bits(state, after.to(state.dtype)) for state, after in states) and all(
            same_bits(getattr(module, name), weight) for name, weight in self._weights.items()
        )

    def traced(self) -> tuple[Trace, RecordedCall]:
        """Return the trace of the sequence, and its calls as one."""
        h = [step for step in self._h if step is not None]
        output = torch.stack(h) if len(h) == len(self._h) else None
        whole = replace(self._last, x=torch.stack(self._x), before=self._first.before, output=output)
        return trace(self.module, whole.x, whole.hx), whole
