"""Recording the recurrent modules of a model while it runs, and opening recordings again."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from numbers import Integral
from typing import Any, NamedTuple

from torch import fx, jit, nn

from gatescope.messages.message import GatescopeError, Message, describe_all
from gatescope.modules.network import CLASSES, Recurrent
from gatescope.recording.module_calls import Batch
from gatescope.recording.recorder import Hook, Recorder, RecordingLog, RecordingWarning, Skipped
from gatescope.recording.recording_file import RecordingFile
from gatescope.traces.trace import Trace

__all__ = ["Recording", "RecordingWarning", "Skipped", "load", "record"]


@contextlib.contextmanager
def record(
    model: nn.Module,
    modules: Sequence[str] | str | None = None,
    batch: Batch = 0,
    *,
    path: str | os.PathLike[str] | None = None,
) -> Iterator[Recording]:
    """Record every call of a model's recurrent modules in a `with` block.

    The model computes as it would without: its outputs, gradients, random numbers and, after the block, hooks are the
    same. Each call is traced when the module returns and written to a file at once, so that memory stays flat. What
    cannot be traced is left out, see `Recording.skipped`; the model goes on.

    The calls of an nn.LSTMCell, nn.GRUCell or nn.RNNCell in a loop become one trace: as long as each starts from the
    states that the one before returned, with the same weights. It is written when the sequence has ended.

    Parameters
    ----------
    model : nn.Module
        May be in training. A forward hook that is registered in the block runs after the recording.
    modules : sequence of str, optional
        The names of the modules to record, as in `model.named_modules()`; every recurrent one when missing.
    batch : int, sequence of int, slice or None
        Which elements of each batch to keep; None keeps all.
    path : path, optional
        Where to write; a file of that name is replaced. When missing, a temporary file that lives as long as the
        recording, in the folder for temporary files: set TMPDIR where that folder is small or in memory.

    Yields
    ------
    Recording
        Can be read while the block still runs.

    Raises
    ------
    GatescopeError
        Where `model` has nothing to record, or is compiled; where `modules` or `batch` make no sense; where the file
        cannot be written.

    Examples
    --------
    >>> with gs.record(model, modules=["encoder.lstm"]) as recording:
    ...     loss(model(inputs)).backward()
    >>> recording["encoder.lstm"][0].cell(layer=1).f  # (T, 1, H)
    >>> recording.save("run.gates")
    """
    found = _chosen(model, modules)
    kept = _checked_batch(batch)
    file, log = RecordingFile(path, write=True), RecordingLog(differences={name: [] for name in found})
    recording = Recording(file, log, {name: one.aliases for name, one in found.items()})
    recorder = Recorder(file.append, log, kept)
    with contextlib.ExitStack() as leaving:
        leaving.callback(file.end)
        leaving.callback(recorder.finish)
        for name, (module, _) in found.items():
            leaving.callback(module.register_forward_hook(Hook(recorder, name), with_kwargs=True).remove)
        yield recording


def load(path: str | os.PathLike[str]) -> Recording:
    """Open a recording that was saved.

    Its numbers are read from the file when they are used, so leave the file where it is. Of a file that was cut, what
    is whole can be read; see `Recording.problem`.

    Parameters
    ----------
    path : path
        As `Recording.save` or `Trace.save` wrote it.

    Returns
    -------
    Recording
        With the traces in the order of their calls; a trace that was saved on its own is `Recording.only`.

    Raises
    ------
    GatescopeError
        Where the file cannot be read.
    """
    recording = Recording(RecordingFile(path, write=False), RecordingLog())
    recording.problem  # noqa: B018 - what is wrong with the file is said here, not at the first use
    return recording


class Recording(Mapping[str, list[Trace]]):
    """The traces of recorded modules, by the modules' names.

    `recording["encoder.lstm"]` is a list with a trace for each call; their tensors are read from the file when they are
    used. A module that the model has under two names is found under both.

    Attributes
    ----------
    skipped : list of Skipped
        The calls that are left out, and why.
    differences : dict of str to list of float
        For each trace, the largest distance of its outputs and final states from those that the module returned. Not
        saved.
    """

    def __init__(
        self, file: RecordingFile, log: RecordingLog, aliases: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self._file, self._aliases = file, dict(aliases or {})
        self.skipped, self.differences = log.skipped, log.differences

    def __getitem__(self, name: str) -> list[Trace]:
        own = next((own for own in self.names if name == own or name in self._aliases.get(own, ())), None)
        if own is None:
            raise NotRecordedError(name, self.names)
        return [trace for of, trace in self._file.contents().traces if of == own]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __repr__(self) -> str:
        try:
            cut = "" if self.problem is None else f"; {self.problem}"
            return f"<{type(self).__name__}: {describe_all(self._counted())}{cut}>"
        except GatescopeError:
            return f"<{type(self).__name__}: its file is gone>"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the modules, in the order of the model; of a loaded recording, of their first calls."""
        return tuple(self._aliases or dict.fromkeys(name for name, _ in self._file.contents().traces))

    @property
    def traces(self) -> list[Trace]:
        """All traces in the order of the calls; `Trace.source` names the module."""
        return [trace for _, trace in self._file.contents().traces]

    @property
    def only(self) -> Trace:
        """The trace, where there is one.

        Raises
        ------
        GatescopeError
            `not_one_trace` where there are others or none.
        """
        traces = self.traces
        if len(traces) != 1:
            raise GatescopeError("not_one_trace", count=len(traces), names=describe_all(self._counted()))
        return traces[0]

    @property
    def problem(self) -> Message | None:
        """Why there is nothing more to read where a loaded file is cut; None where it is whole."""
        return self._file.contents().problem

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write all traces so far to a `path`, whole or not at all; opens in the window and with `gatescope.load`.

        Raises
        ------
        GatescopeError
            Where there is no trace yet, or the file cannot be written.
        """
        self._file.copy_to(path)

    def close(self) -> None:
        """Remove the temporary file now; otherwise it goes with this object. A file under `path` stays."""
        self._file.remove()

    def _counted(self) -> list[str]:
        return [f"{name} ({len(self[name])})" for name in self]


class NotRecordedError(GatescopeError, KeyError):
    """The name asked for is none of the recording's."""

    def __init__(self, name: str, names: Sequence[str]) -> None:
        message = Message("not_recorded", {"name": name, "names": describe_all(names)})
        super().__init__(message.code, **message.params)

    __str__ = GatescopeError.__str__  # that of KeyError shows quotes


class _Found(NamedTuple):
    """A recurrent module, and all names that it has in the model."""

    module: Recurrent
    aliases: list[str]


def _chosen(model: Any, wanted: Sequence[str] | str | None) -> dict[str, _Found]:
    """Return the modules to record by the names that they are recorded under, in the order of the model."""
    if not isinstance(model, nn.Module):
        raise GatescopeError("model_not_module", given=type(model).__name__)
    found = _recurrent(model)
    if not found:
        raise _nothing_in(model)
    if wanted is not None:
        found = _named(found, [wanted] if isinstance(wanted, str) else list(wanted))
    _refuse_compiled(model, found)
    return found


def _recurrent(model: nn.Module) -> dict[str, _Found]:
    found: dict[int, _Found] = {}
    for name, module in model.named_modules(remove_duplicate=False):
        if isinstance(module, Recurrent):
            found.setdefault(id(module), _Found(module, [])).aliases.append(name)
    # The model itself has no name; it gets that of its class.
    return {one.aliases[0] or _kind(one.module): one for one in found.values()}


def _kind(module: Recurrent) -> str:
    return next(kind for kind, own in CLASSES.items() if isinstance(module, own))


def _nothing_in(model: nn.Module) -> GatescopeError:
    for rewritten in (jit.ScriptModule, fx.GraphModule):
        if any(isinstance(part, rewritten) for part in model.modules()):
            return GatescopeError("nothing_left_to_record", given=rewritten.__name__)
    return GatescopeError(
        "nothing_to_record", given=type(model).__name__, allowed=describe_all(f"nn.{k}" for k in CLASSES)
    )


def _named(found: dict[str, _Found], names: list[str]) -> dict[str, _Found]:
    known = {alias for own, one in found.items() for alias in (own, *one.aliases)}
    unknown = [repr(name) for name in names if name not in known]
    if unknown or not names:
        raise GatescopeError("no_such_module", name=describe_all(unknown), names=describe_all(found))
    return {own: one for own, one in found.items() if not {own, *one.aliases}.isdisjoint(names)}


def _refuse_compiled(model: nn.Module, found: dict[str, _Found]) -> None:
    """Refuse what runs inside compiled code: hooks may be missing from it, or change it."""
    compiled = [name for name, part in model.named_modules(remove_duplicate=False) if _is_compiled(part)]
    for own, one in found.items():
        for alias in one.aliases:
            for name in compiled:
                if not name or f"{alias}.".startswith(f"{name}."):
                    raise GatescopeError("model_compiled", part=name or type(model).__name__, name=own)


def _is_compiled(module: nn.Module) -> bool:
    # The class is only asked for where something was compiled: importing it takes a second.
    compiler = sys.modules.get("torch._dynamo.eval_frame")
    wrapped = compiler is not None and isinstance(module, compiler.OptimizedModule)
    return wrapped or module._compiled_call_impl is not None


def _checked_batch(batch: Any) -> Batch:
    kept = tuple(batch) if isinstance(batch, Sequence) and not isinstance(batch, str) else batch
    if isinstance(kept, slice):
        parts = [part for part in (kept.start, kept.stop, kept.step) if part is not None]
        good = all(map(_is_whole, parts)) and kept.step != 0
    elif isinstance(kept, tuple):
        good = kept != () and all(map(_is_whole, kept))
    else:
        good = kept is None or _is_whole(kept)
    if not good:
        raise GatescopeError("batch_unknown", value=repr(batch))
    return kept


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)
