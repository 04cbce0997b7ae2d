"""Describe a session for its file. Needs no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from itertools import accumulate
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from gatescope.analysis.class_names import Targets
from gatescope.analysis.heads import Head, UnitsHead
from gatescope.debugging.breakpoints import Breakpoint
from gatescope.edits.edits import Edit, Hold, InputEdit, StateEdit, TokenEdit, WeightEdit
from gatescope.edits.history import History
from gatescope.edits.undo_stack import UndoEntry, UndoStack
from gatescope.formats.sequences import Numbers, Sequence
from gatescope.messages.message import Message, Progress
from gatescope_app.state import session_description as saved
from gatescope_app.state.document import Document, Notes
from gatescope_app.state.recording_reference import refer_to
from gatescope_app.state.runs import Setup
from gatescope_app.state.session_tables import Chains, Table, TensorTable
from gatescope_app.state.sources import Edited, FromRecording, FromSeed, Source

if TYPE_CHECKING:  # takes seconds to import; a window is there before it
    from torch import Tensor

_LARGEST = 2**63  # what a whole number in JSON may be for msgspec


def describe_tables(
    document: Document,
    undo_stack: UndoStack[Document],
    tensors: TensorTable,
    folder: Path,
    progress: Progress | None = None,
) -> bytes:
    """Return JSON of `SavedTables`; the tensors that it names go into a table.

    Parameters
    ----------
    document, undo_stack
        What a person made.
    tensors : TensorTable
        Of this session only.
    folder : Path
        Of the file, from which recordings are found where both are moved.
    progress : callable, optional
        Told how much of a recording is read, where one is.
    """
    return msgspec.json.encode(_Describer(document, undo_stack, tensors, folder, progress).tables)


class _Describer:
    """Fills the tables."""

    def __init__(
        self,
        document: Document,
        undo_stack: UndoStack[Document],
        tensors: TensorTable,
        folder: Path,
        progress: Progress | None,
    ) -> None:
        self._tensors, self._folder, self._progress = tensors, folder, progress
        self._recordings: Table[saved.SavedRecording] = Table()
        self._sequences: Table[saved.SavedSequence] = Table()
        self._edits: Table[saved.SavedEdit] = Table()
        self._sources: Table[saved.SavedSource] = Table()
        self._setups: Table[saved.SavedSetup] = Table()
        self._histories: Table[saved.SavedHistory] = Table()
        self._breakpoints: Table[saved.SavedBreakpoint] = Table()
        self._labels: Table[list[str]] = Table()
        self._notes: Table[saved.SavedNotes] = Table()
        self._documents: Table[saved.SavedDocument] = Table()
        self._edit_chains, self._breakpoint_chains = Chains(), Chains()
        documents = (document, *(change.value for change in (*undo_stack.past, *undo_stack.future)))
        self._recorded = {
            id(source.sequence): source
            for source in (one.setup.source for one in documents)
            if isinstance(source, FromRecording) and source.sequence is not None
        }
        past, future = ([self._change(one) for one in part] for part in (undo_stack.past, undo_stack.future))
        number = self._document(document)
        self.tables = saved.SavedTables(
            self._recordings.rows, self._sequences.rows, self._edits.rows, self._sources.rows, self._setups.rows,
            self._edit_chains.links, self._histories.rows, self._breakpoints.rows, self._breakpoint_chains.links,
            self._labels.rows, self._notes.rows, self._documents.rows, past, future, number,
        )  # fmt: skip

    # what a person made

    def _change(self, change: UndoEntry[Document]) -> saved.SavedChange:
        return saved.SavedChange(describe_message(change.label), self._document(change.value))

    def _document(self, document: Document) -> int:
        return self._documents.number(id(document), lambda: self._document_row(document))

    def _document_row(self, document: Document) -> saved.SavedDocument:
        revision, labels, notes = document.revision, document.labels, document.notes
        return saved.SavedDocument(
            setup=self._setup(revision.setup),
            history=self._histories.number(id(revision.history), lambda: self._history_row(revision.history)),
            against=None if revision.against is None else _text(revision.against),
            breakpoints=self._breakpoint_chains.last(map(self._breakpoint, document.breakpoints)),
            watches=[_text(watch) for watch in document.watches],
            labels=None if labels is None else self._labels.number(labels, lambda: [_text(label) for label in labels]),
            targets={str(batch): self._targets(targets) for batch, targets in document.targets.items()},
            notes=self._notes.number(id(notes), lambda: _notes_row(notes)),
        )

    def _targets(self, targets: Targets) -> str:
        return self._tensors.digest(targets, lambda: _whole([-1 if one is None else one for one in targets]))

    def _breakpoint(self, breakpoint_: Breakpoint) -> int:
        return self._breakpoints.number(breakpoint_, lambda: _breakpoint_row(breakpoint_))

    # networks and sequences

    def _setup(self, setup: Setup) -> int:
        return self._setups.number(id(setup), lambda: self._setup_row(setup))

    def _setup_row(self, setup: Setup) -> saved.SavedSetup:
        example = setup.example
        return saved.SavedSetup(
            spec=saved.SavedSpec(**asdict(setup.spec)),
            sequence=self._sequences.number(id(setup.sequence), lambda: self._sequence_row(setup.sequence)),
            source=self._source(setup.source, setup),
            states={name: self._numbers(state) for name, state in setup.states.items()},
            lengths=None if setup.lengths is None else list(setup.lengths),
            example=None if example is None else example.name,
            arithmetic=setup.arithmetic,
            holds=[self._edit(hold) for hold in setup.holds],
        )

    def _sequence_row(self, sequence: Sequence) -> saved.SavedSequence:
        recorded = self._recorded.get(id(sequence))
        if recorded is not None:
            return saved.SavedSequence(recording=self._recording(recorded))
        row = saved.SavedSequence(self._numbers(sequence.values))
        tokens, vocabulary = sequence.tokens, sequence.vocabulary
        if tokens is not None:
            digests = self._tensors.digests(tokens, lambda: _token_tensors(tokens))
            row.tokens, row.token_ends = digests["tokens"], digests["token_ends"]
        if vocabulary is not None:
            row.vocabulary = [ord(character) for character in vocabulary]
        return row

    def _numbers(self, values: Numbers) -> str:
        return self._tensors.digest(values, lambda: _tensor(values))

    def _source(self, source: Source, setup: Setup) -> int:
        key = id(source), setup.spec if source.seed is not None else None
        return self._sources.number(key, lambda: self._source_row(source, setup))

    def _source_row(self, source: Source, setup: Setup) -> saved.SavedSource:
        if isinstance(source, Edited):
            return saved.SavedEdited(self._source(source.source, setup), [self._edit(edit) for edit in source.edits])
        if isinstance(source, FromRecording) and source.whole:
            return saved.SavedRecorded(self._recording(source))
        weights = self._tensors.weights(source, setup.spec)
        if isinstance(source, FromSeed):
            return saved.SavedSeed(source.seed, weights)
        head, tells = self._head(source.head), source.tells_batch_first
        return saved.SavedWeights(weights, _text(source.name), _text(source.place), head, tells)

    def _head(self, head: Head | None) -> saved.SavedUnitsHead | saved.SavedLinearHead | None:
        if head is None:
            return None
        if isinstance(head, UnitsHead):
            return saved.SavedUnitsHead(head.classes)
        weight, bias = head.weight, head.bias
        return saved.SavedLinearHead(
            _text(head.name),
            self._tensors.digest(weight, lambda: weight),
            None if bias is None else self._tensors.digest(bias, lambda: bias),
        )

    def _recording(self, source: FromRecording) -> int:
        def row() -> saved.SavedRecording:
            return refer_to(source.trace, source.where, self._folder, self._progress)

        return self._recordings.number((id(source.trace), source.where), row)

    # edits

    def _history_row(self, history: History) -> saved.SavedHistory:
        branches = [
            saved.SavedBranch(_text(name), self._edit_chain(history.edits_of(name))) for name in history.branches
        ]
        return saved.SavedHistory(branches, _text(history.current))

    def _edit_chain(self, edits: tuple[Edit, ...]) -> int:
        return self._edit_chains.last(map(self._edit, edits))

    def _edit(self, edit: Edit) -> int:
        # Not by the edit itself: 0.0 and -0.0 are equal.
        return self._edits.number(id(edit), lambda: self._edit_row(edit))

    def _edit_row(self, edit: Edit) -> saved.SavedEdit:
        match edit:
            case InputEdit():
                return saved.SavedInputEdit(**vars(edit))
            case TokenEdit():
                row = self._tensors.digest(edit, lambda: _tensor(np.array(edit.row, dtype=np.float64)))
                return saved.SavedTokenEdit(edit.t, _text(edit.token), row, edit.batch)
            case StateEdit():
                return saved.SavedStateEdit(**vars(edit))
            case WeightEdit():
                return saved.SavedWeightEdit(edit.parameter, list(edit.index), edit.value)
            case Hold():
                units, batch = (None if one is None else list(one) for one in (edit.units, edit.batch))
                return saved.SavedHold(**{**vars(edit), "units": units, "batch": batch})
        raise TypeError(type(edit))


def describe_message(message: Message) -> saved.SavedMessage:
    """Return what keeps a message."""
    return saved.SavedMessage(message.code, {name: _parameter(value) for name, value in message.params.items()})


def _parameter(value: Any) -> Any:
    match value:
        case Message():
            return describe_message(value)
        case bool() | None:
            return value
        case int() if abs(value) < _LARGEST:
            return int(value)
        case float():
            return saved.SavedFloat(value.hex() if isfinite(value) else repr(float(value)))
        case tuple() | list():
            return [one if isinstance(one, int) and not isinstance(one, bool) else _text(str(one)) for one in value]
    return _text(str(value))


def _notes_row(notes: Notes) -> saved.SavedNotes:
    return saved.SavedNotes(_text(notes.whole), {str(t): _text(text) for t, text in notes.steps.items()})


def _breakpoint_row(breakpoint_: Breakpoint) -> saved.SavedBreakpoint:
    parts = vars(breakpoint_.scope).items()
    scope = saved.SavedScope(**{name: None if part is None else sorted(part) for name, part in parts})
    message = None if breakpoint_.message is None else _text(breakpoint_.message)
    texts = {"condition": _text(breakpoint_.condition), "message": message}
    return saved.SavedBreakpoint(**{**vars(breakpoint_), **texts, "scope": scope})


def _text(text: str) -> str:
    """Return text that JSON can hold: half a pair of code points, as a broken paste leaves it, becomes a mark."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _tensor(values: Numbers) -> Tensor:
    import torch  # noqa: PLC0415 - takes seconds

    native = values.astype(values.dtype.newbyteorder("="), copy=False)
    return torch.from_numpy(np.require(native, requirements=["C", "W"]))


def _whole(numbers: list[int]) -> Tensor:
    return _tensor(np.array(numbers, dtype=np.int64))


def _token_tensors(tokens: tuple[str, ...]) -> Mapping[str, Tensor]:
    from gatescope.formats.trace_segment import of_bytes  # noqa: PLC0415 - imports torch

    texts = [token.encode(errors="surrogatepass") for token in tokens]
    return {"tokens": of_bytes(b"".join(texts)), "token_ends": _whole([*accumulate(map(len, texts))])}
