"""What the parts of a session that was read must be, and what they must fit. Needs no Qt and no torch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gatescope.analysis.class_names import Targets
from gatescope.analysis.heads import Head
from gatescope.edits.edits import checked_holds
from gatescope.formats.sequences import Sequence
from gatescope.messages.message import GatescopeError, Message
from gatescope.modules.spec import ITEM_BYTES
from gatescope_app.state.document import Document
from gatescope_app.state.runs import Setup
from gatescope_app.state.sources import Edited, FromSeed, FromSession, Source

if TYPE_CHECKING:
    from torch import Tensor


class PartError(Exception):
    """A part of a session is not as it was written."""

    def __init__(self, problem: Message) -> None:
        super().__init__(problem)
        self.problem = problem


def require(name: str, fits: bool) -> None:
    """Refuse a part that does not fit the rest."""
    if not fits:
        raise PartError(Message("session_part", {"name": name}))


@contextmanager
def refusing(name: str) -> Iterator[None]:
    """Say of what the engine refuses which part it is."""
    try:
        yield
    except GatescopeError as error:
        raise PartError(Message("session_refused", {"name": name, "reason": error.message})) from None


def check_sequence(sequence: Sequence) -> None:
    """Refuse what `Sequence` and the readers of sequences never make."""
    values, tokens, vocabulary = sequence.values, sequence.tokens, sequence.vocabulary
    require("values", values.ndim in (2, 3) and values.size > 0 and values.dtype.kind == "f")
    # With a batch, either of two dimensions may be the steps; `check_setup` knows which.
    require("tokens", tokens is None or len(tokens) in values.shape[:-1])
    require("vocabulary", vocabulary is None or len(vocabulary) == sequence.width)


def check_setup(setup: Setup) -> None:
    """Refuse a network, a sequence and states that do not fit each other."""
    with refusing("sequence"):
        setup.sequence.require_width(setup.spec)
    require("tokens", setup.sequence.tokens is None or len(setup.sequence.tokens) == setup.steps)
    _check_lengths(setup)
    batch = setup.batch_size if setup.batched else None
    for name, state in setup.states.items():
        fits = name in setup.spec.states and state.shape == setup.spec.state_shape(name, batch)
        require(name, fits and state.dtype.kind == "f")
    with refusing("holds"):
        checked_holds(setup.holds, setup.shape)
    _check_source(setup.source, setup)


def _check_lengths(setup: Setup) -> None:
    lengths = setup.lengths
    if lengths is not None:
        fits = setup.batched and not setup.spec.is_cell and len(lengths) == setup.batch_size
        require("lengths", fits and min(lengths) >= 1 and max(lengths) == setup.steps)


def _check_source(source: Source, setup: Setup) -> None:
    if isinstance(source, Edited):
        _check_source(source.source, setup)
        for edit in source.edits:
            with refusing("weights"):
                edit.check(setup.shape)
    elif isinstance(source, FromSeed):
        _check_weights(source.drawn or {}, setup)
    elif isinstance(source, FromSession):
        _check_weights(source.kept, setup)
        _check_head(source.head, setup)
    elif source.recorded is not None:
        trace = source.recorded
        fits = (len(trace), trace.batch_size, trace.batched) == (setup.steps, setup.batch_size, setup.batched)
        require("recording", fits and trace.spec.parameters() == setup.spec.parameters())
        require("recording", (trace.spec.kind, trace.spec.dtype) == (setup.spec.kind, setup.spec.dtype))


def _check_weights(weights: Mapping[str, Tensor], setup: Setup) -> None:
    shapes = {name: tuple(weight.shape) for name, weight in weights.items()}
    require("weights", shapes == setup.spec.parameters())
    require("weights", all(str(one.dtype).removeprefix("torch.") in ITEM_BYTES for one in weights.values()))


def _check_head(head: Head | None, setup: Setup) -> None:
    if head is not None:
        width = setup.spec.output_size * len(setup.spec.directions)
        require("head", head.features == width and head.classes >= 1)


def check_document(document: Document) -> None:
    """Refuse labels and targets that do not fit the head and the sequence."""
    setup, classes = document.setup, document.class_names.count
    labels = document.labels
    require("labels", labels is None or (setup.head is not None and len(labels) == classes))
    for batch, targets in document.targets.items():
        require("targets", setup.head is not None and 0 <= batch < setup.batch_size)
        _check_targets(targets, classes, setup.steps)


def _check_targets(targets: Targets, classes: int, steps: int) -> None:
    require("targets", len(targets) == steps)
    require("targets", all(target is None or 0 <= target < classes for target in targets))


def check_edits(document: Document) -> None:
    """Refuse edits, of any branch, that do not fit the network and the sequence."""
    history, shape = document.revision.history, document.setup.shape
    for edit in {id(edit): edit for name in history.branches for edit in history.edits_of(name)}.values():
        with refusing("edits"):
            edit.check(shape)
