"""Which axis of a batch is time: how an array is read, and how its sequences are laid out otherwise. Needs no Qt."""

from __future__ import annotations

from dataclasses import replace

from gatescope.formats.sequences import Numbers, Sequence
from gatescope.messages.message import GatescopeError, Message
from gatescope.modules.spec import ModuleSpec, arguments_of
from gatescope_app.state.runs import Setup


def has_batch_first(spec: ModuleSpec) -> bool:
    """Whether the module has the argument; a cell is fed step by step, (T, B, K)."""
    return "batch_first" in arguments_of(spec.kind)


def describe_reading(values: Numbers, *, batch_first: bool) -> Message:
    """Return what a batch is, read so: such as `10 sequences of 28 steps`."""
    first, second = values.shape[:2]
    batch, steps = (first, second) if batch_first else (second, first)
    if steps == 1:
        return Message("sequence_of_one_step") if batch == 1 else Message("sequences_of_one_step", {"batch": batch})
    if batch == 1:
        return Message("sequence_of_steps", {"steps": steps})
    return Message("sequences_of_steps", {"batch": batch, "steps": steps})


def reading_is_open(setup: Setup) -> bool:
    """Whether nobody said yet how a batch is to be read: the weights do not tell, and there was none so far."""
    return not (setup.source.tells_batch_first or setup.batched or setup.spec.batch_first)


def require_reading(setup: Setup, path: str) -> None:
    """Refuse a batch for the weights of a file that do not tell how it is to be read (`batch_first_needed`)."""
    if setup.batched and not setup.source.tells_batch_first:
        values = setup.sequence.values
        first, second = (describe_reading(values, batch_first=one) for one in (True, False))
        raise GatescopeError("batch_first_needed", path=path, shape=values.shape, first=first, second=second)


def read_as(setup: Setup, *, batch_first: bool) -> Setup:
    """Return the setup with the same array read the other way, where it is: other sequences then.

    The network's weights stay. A cell has no such argument: its array is turned round.
    """
    if not setup.batched or setup.spec.batch_first == batch_first:
        return setup
    if not has_batch_first(setup.spec):
        return replace(setup, sequence=_swapped(setup.sequence))
    return replace(setup, spec=replace(setup.spec, batch_first=batch_first), source=setup.source.rerun())


def laid_out(sequence: Sequence, old: ModuleSpec, new: ModuleSpec) -> Sequence:
    """Return the same sequences as another network takes them; the same object where that makes no difference."""
    if sequence.values.ndim != 3 or old.batch_first == new.batch_first:
        return sequence
    return _swapped(sequence)


def _swapped(sequence: Sequence) -> Sequence:
    return replace(sequence, values=sequence.values.swapaxes(0, 1))
