"""Make a session of its description, believing nothing that stands there. Needs no Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from gatescope.analysis.class_names import Targets
from gatescope.analysis.heads import Head, LinearHead, UnitsHead
from gatescope.cells.kinds import own_kinds
from gatescope.debugging.breakpoints import Breakpoint, Scope
from gatescope.edits.edits import Edit, Hold, InputEdit, StateEdit, TokenEdit, WeightEdit
from gatescope.edits.history import History
from gatescope.edits.undo_stack import DEPTH, UndoEntry, UndoStack
from gatescope.formats.sequences import Sequence
from gatescope.messages.catalogue import MESSAGES
from gatescope.messages.message import GatescopeError, Message, Progress
from gatescope.modules.spec import KINDS, ModuleSpec
from gatescope_app.state import session_description as saved
from gatescope_app.state.document import Document, Notes
from gatescope_app.state.recording_reference import find_recording
from gatescope_app.state.revisions import Revision
from gatescope_app.state.runs import Setup, recorded_setup
from gatescope_app.state.session_checks import (
    PartError,
    check_document,
    check_edits,
    check_sequence,
    check_setup,
    refusing,
    require,
)
from gatescope_app.state.session_tables import EMPTY
from gatescope_app.state.sources import Edited, FromRecording, FromSeed, FromSession, Source
from gatescope_resources.examples import Example, UnknownExampleError, load_example

if TYPE_CHECKING:  # takes seconds to import; a window is there before it
    from torch import Tensor

T = TypeVar("T")
_MOST_LINKS = 2_000_000  # of all chains that are taken apart: far more than anyone makes, few enough for the memory
_DEEPEST = 20  # messages in messages
_LONGEST_KEY = 18  # digits
_LARGEST = 2**63
_LAST_CODE_POINT = 0x10FFFF
_MISSING = ("recording_missing", "recording_changed", "session_cell")


class SessionBuilder:
    """Makes documents of tables.

    Parameters
    ----------
    tables : SavedTables
        As they stand in the file.
    tensors : dict
        By their digests.
    path : Path
        Of the file, which messages name.
    chosen : dict
        Where recordings are now, by the path that the file knows.
    progress : callable, optional
        Told how much of a recording is read, where there is one.

    Attributes
    ----------
    remarks : list of Message
        What is not as it was.
    """

    def __init__(
        self,
        tables: saved.SavedTables,
        tensors: Mapping[str, Tensor],
        path: Path,
        chosen: Mapping[str, str],
        progress: Progress | None,
    ) -> None:
        self.remarks: list[Message] = []
        self._tables, self._tensors, self._path = tables, tensors, path
        self._chosen, self._progress = chosen, progress
        self._made: dict[tuple[Any, ...], Any] = {}
        self._links_left = _MOST_LINKS

    def document(self) -> Document:
        """Return what was on show.

        Raises
        ------
        PartError
            Where something does not fit the rest.
        GatescopeError
            Where a recording, a cell or memory is missing.
        """
        document = self._document(self._tables.document)
        check_edits(document)
        return document

    def undo_stack(self) -> UndoStack[Document]:
        """Return what can be undone and redone; raise as `document` does.

        What shows something that is missing is left out, with what lies beyond it, and remarked on.
        """
        return UndoStack(self._changes(self._tables.past), self._changes(self._tables.future))

    def _changes(self, rows: list[saved.SavedChange]) -> tuple[UndoEntry[Document], ...]:
        require("undo", len(rows) <= DEPTH)
        changes: list[UndoEntry[Document]] = []
        for row in reversed(rows):  # the next one to be undone is the last
            try:
                changes.append(UndoEntry(self._message(row.label), self._document(row.document)))
            except GatescopeError as error:
                if error.code not in _MISSING:
                    raise
                left = len(rows) - len(changes)
                self.remarks.append(Message("session_undo_cut", {"count": left, "reason": error.message}))
                break
        return tuple(reversed(changes))

    def _row(self, kind: str, number: int, make: Callable[[Any], T]) -> T:
        """Return what a row of a table describes; the same thing each time."""
        if (kind, number) not in self._made:
            rows = getattr(self._tables, kind)
            require(kind, 0 <= number < len(rows))
            self._made[kind, number] = make(rows[number])
        made: T = self._made[kind, number]
        return made

    def _chain(self, kind: str, last: int, make: Callable[[int], T]) -> tuple[T, ...]:
        """Return the things of a list."""
        if (kind, last) not in self._made:
            self._made[kind, last] = tuple(make(number) for number in reversed(self._numbers_of(kind, last)))
        made: tuple[T, ...] = self._made[kind, last]
        return made

    def _numbers_of(self, kind: str, last: int) -> list[int]:
        links, numbers = getattr(self._tables, kind), []
        while last != EMPTY:
            require(kind, 0 <= last < len(links) and links[last][0] < last and self._links_left > 0)
            last, number = links[last]
            numbers.append(number)
            self._links_left -= 1
        return numbers

    # what a person made

    def _document(self, number: int) -> Document:
        return self._row("documents", number, self._make_document)

    def _make_document(self, row: saved.SavedDocument) -> Document:
        labels = None if row.labels is None else self._row("labels", row.labels, tuple)
        document = Document(
            Revision(self._setup(row.setup), self._row("histories", row.history, self._make_history), row.against),
            self._chain("breakpoint_chains", row.breakpoints, self._breakpoint),
            tuple(row.watches),
            labels,
            {_key("targets", batch): self._targets(digest) for batch, digest in row.targets.items()},
            self._row("notes", row.notes, _make_notes),
        )
        check_document(document)
        return document

    def _targets(self, digest: str) -> Targets:
        numbers = self._array("targets", digest, 1, "i").tolist()
        return self._row_of(("targets", digest), lambda: tuple(None if one == -1 else one for one in numbers))

    def _row_of(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        if key not in self._made:
            self._made[key] = make()
        made: T = self._made[key]
        return made

    def _breakpoint(self, number: int) -> Breakpoint:
        return self._row("breakpoints", number, _make_breakpoint)

    def _message(self, row: saved.SavedMessage) -> Message:
        message = _make_message(row, _DEEPEST)
        try:
            str(message)
        except (KeyError, IndexError, ValueError, TypeError, AttributeError):  # fields that the template lacks
            raise PartError(Message("session_part", {"name": "label"})) from None
        return message

    # networks and sequences

    def _setup(self, number: int) -> Setup:
        return self._row("setups", number, self._make_setup)

    def _make_setup(self, row: saved.SavedSetup) -> Setup:
        spec, arithmetic = self._spec(row.spec), row.arithmetic
        if spec.device != row.spec.device:
            arithmetic = None  # of the device that is not there
        setup = Setup(
            spec,
            self._row("sequences", row.sequence, self._make_sequence),
            self._source(row.source),
            {name: self._numbers("states", digest) for name, digest in row.states.items()},
            None if row.lengths is None else tuple(row.lengths),
            None if row.example is None else self._row_of(("example", row.example), lambda: self._example(row)),
            arithmetic,
            self._holds(row.holds),
        )
        check_setup(setup)
        return setup

    def _spec(self, row: saved.SavedSpec) -> ModuleSpec:
        if row.kind not in (*KINDS, *own_kinds()):
            raise GatescopeError("session_cell", path=self._path, kind=row.kind)
        with refusing("network"):
            return ModuleSpec(**{**msgspec.structs.asdict(row), "device": self._device(row.device)})

    def _device(self, name: str) -> str:
        """Return the device, or the CPU where it is not there."""
        if not name.startswith("cuda"):
            return name
        from gatescope.cells.arithmetic import require_device  # noqa: PLC0415 - imports torch

        with refusing("device"):
            ModuleSpec(1, 1, device=name)
        try:
            require_device(name)
        except GatescopeError as error:
            self._remark(Message("session_device", {"device": name, "reason": error.message}))
            return "cpu"
        return name

    def _example(self, row: saved.SavedSetup) -> Example | None:
        assert row.example is not None
        try:
            return load_example(row.example)
        except UnknownExampleError:
            self._remark(Message("session_example", {"name": row.example}))
            return None

    def _remark(self, message: Message) -> None:
        if message not in self.remarks:
            self.remarks.append(message)

    def _make_sequence(self, row: saved.SavedSequence) -> Sequence:
        if row.recording is not None:
            source = self._recorded(row.recording)
            assert source.sequence is not None
            return source.sequence
        require("values", row.values is not None)
        vocabulary = None
        if row.vocabulary is not None:
            require("vocabulary", all(0 <= one <= _LAST_CODE_POINT for one in row.vocabulary))
            vocabulary = "".join(map(chr, row.vocabulary))
        sequence = Sequence(self._numbers("values", row.values or ""), self._tokens(row), vocabulary)
        check_sequence(sequence)
        return sequence

    def _tokens(self, row: saved.SavedSequence) -> tuple[str, ...] | None:
        if row.tokens is None or row.token_ends is None:
            require("tokens", row.tokens is row.token_ends)
            return None
        text = self._array("tokens", row.tokens, 1, "u").tobytes()
        ends = [0, *self._array("tokens", row.token_ends, 1, "i").tolist()]
        require("tokens", ends[-1] == len(text) and all(one <= other for one, other in pairwise(ends)))
        try:
            return tuple(text[one:other].decode(errors="surrogatepass") for one, other in pairwise(ends))
        except UnicodeDecodeError:
            raise PartError(Message("session_part", {"name": "tokens"})) from None

    def _source(self, number: int) -> Source:
        return self._row("sources", number, lambda row: self._make_source(row, number))

    def _make_source(self, row: saved.SavedSource, number: int) -> Source:
        match row:
            case saved.SavedSeed():
                require("seed", 0 <= row.seed < _LARGEST)
                return FromSeed(row.seed, self._weights(row.weights))
            case saved.SavedWeights():
                weights, head = self._weights(row.weights), self._head(row.head)
                return FromSession(weights, row.name, row.place, head, row.tells_batch_first)
            case saved.SavedRecorded():
                return self._recorded(row.recording)
            case saved.SavedEdited():
                require("source", row.source < number)
                edits = [edit for edit in map(self._edit, row.edits) if isinstance(edit, WeightEdit)]
                require("source", len(edits) == len(row.edits))
                return Edited(self._source(row.source), tuple(edits))

    def _recorded(self, number: int) -> FromRecording:
        return self._row("recordings", number, self._make_recorded)

    def _make_recorded(self, row: saved.SavedRecording) -> FromRecording:
        trace, place = find_recording(row, self._path.parent, self._chosen, self._progress)
        source = recorded_setup(trace, place).source
        assert isinstance(source, FromRecording)
        return source

    def _weights(self, digests: saved.Tensors) -> dict[str, Tensor]:
        return {name: self._tensor("weights", digest) for name, digest in digests.items()}

    def _head(self, row: saved.SavedUnitsHead | saved.SavedLinearHead | None) -> Head | None:
        if row is None or isinstance(row, saved.SavedUnitsHead):
            return None if row is None else UnitsHead(row.classes)
        weight = self._tensor("head", row.weight)
        bias = None if row.bias is None else self._tensor("head", row.bias)
        floats = all(one.is_floating_point() for one in (weight, bias) if one is not None)
        require("head", floats and weight.dim() == 2 and (bias is None or tuple(bias.shape) == (len(weight),)))
        return LinearHead(row.name, weight, bias)

    # edits

    def _make_history(self, row: saved.SavedHistory) -> History:
        require("branches", bool(row.branches))
        branches = [(one.name, self._chain("edit_chains", one.edits, self._edit)) for one in row.branches]
        with refusing("branches"):
            return History.of(branches, row.current)

    def _holds(self, numbers: list[int]) -> tuple[Hold, ...]:
        holds = [edit for edit in map(self._edit, numbers) if isinstance(edit, Hold)]
        require("holds", len(holds) == len(numbers))
        return tuple(holds)

    def _edit(self, number: int) -> Edit:
        return self._row("edits", number, self._make_edit)

    def _make_edit(self, row: saved.SavedEdit) -> Edit:
        fields = msgspec.structs.asdict(row)
        with refusing("edits"):
            match row:
                case saved.SavedInputEdit():
                    return InputEdit(**fields)
                case saved.SavedTokenEdit():
                    numbers = tuple(self._array("edits", row.row, 1, "f").tolist())
                    return TokenEdit(**{**fields, "row": numbers})
                case saved.SavedStateEdit():
                    return StateEdit(**fields)
                case saved.SavedWeightEdit():
                    return WeightEdit(**{**fields, "index": tuple(row.index)})
                case saved.SavedHold():
                    return Hold(**fields)

    # numbers

    def _tensor(self, name: str, digest: str) -> Tensor:
        require(name, digest in self._tensors)
        return self._tensors[digest]

    def _numbers(self, name: str, digest: str) -> NDArray[np.floating[Any]]:
        """Return an array that is the same one each time."""
        return self._row_of(("numbers", digest), lambda: self._array(name, digest, None, "f"))

    def _array(self, name: str, digest: str, dimensions: int | None, kind: str) -> NDArray[Any]:
        tensor = self._tensor(name, digest)
        require(name, str(tensor.dtype) != "torch.bfloat16")  # which numpy lacks
        array: NDArray[Any] = tensor.numpy()
        require(name, array.dtype.kind == kind and dimensions in (None, array.ndim))
        return array


def _key(name: str, text: str) -> int:
    """Return the number that JSON, whose keys are texts, keeps as text."""
    require(name, text.isascii() and text.isdecimal() and len(text) <= _LONGEST_KEY)
    return int(text)


def _make_notes(row: saved.SavedNotes) -> Notes:
    return Notes(row.whole, {_key("notes", t): text for t, text in row.steps.items()})


def _make_breakpoint(row: saved.SavedBreakpoint) -> Breakpoint:
    require("breakpoints", all(count is None or 1 <= count < _LARGEST for count in (row.nth, row.every)))
    require("breakpoints", row.nth is None or row.every is None)
    parts = msgspec.structs.asdict(row.scope)
    places = (*(row.scope.layers or ()), *(row.scope.batch or ()), 0 if row.t is None else row.t)
    require("breakpoints", all(0 <= place < _LARGEST for place in places))
    scope = Scope(**{name: None if part is None else frozenset(part) for name, part in parts.items()})
    return Breakpoint(**{**msgspec.structs.asdict(row), "scope": scope})


def _make_message(row: saved.SavedMessage, deepest: int) -> Message:
    require("label", row.code in MESSAGES and deepest > 0)
    return Message(row.code, {name: _parameter(value, deepest) for name, value in row.params.items()})


def _parameter(value: Any, deepest: int) -> Any:
    if isinstance(value, saved.SavedMessage):
        return _make_message(value, deepest - 1)
    if isinstance(value, saved.SavedFloat):
        try:
            return float.fromhex(value.text)
        except (ValueError, OverflowError):
            raise PartError(Message("session_part", {"name": "label"})) from None
    return tuple(value) if isinstance(value, list) else value
