"""Which parts of `output` and `h_n` are the same numbers, and whether they are in a trace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatescope.modules.spec import Direction, ModuleSpec

if TYPE_CHECKING:  # imports torch
    from gatescope.traces.trace import Trace


@dataclass(frozen=True)
class Identity:
    """What `output` and `h_n` share: h of the last layer, where one of its directions ends.

    Parameters
    ----------
    direction : {"forward", "reverse"}
        Of the last layer.
    t : int
        The step at which it ends.
    output, state : str
        The two as they are indexed in Python; a packed output as `pad_packed_sequence` returns it.
    batch : int or None
        The only batch element of which that is so; None where it is so of all.
    """

    direction: Direction
    t: int
    output: str
    state: str
    batch: int | None = None


@dataclass(frozen=True)
class CallArguments:
    """What a module is called with, as far as its output depends on it.

    Parameters
    ----------
    spec : ModuleSpec
        The module's arguments.
    steps : int
        T.
    batched : bool
        Whether the input has a batch dimension.
    lengths : tuple of int, optional
        How many steps each batch element of a packed input has.
    """

    spec: ModuleSpec
    steps: int
    batched: bool
    lengths: tuple[int, ...] | None = None


def identities(call: CallArguments, batch: int) -> tuple[Identity, ...]:
    """Return one for each direction, the reverse one first; none of nn.LSTMCell and the like, which have no output.

    Parameters
    ----------
    call : Call
        Of which module, with which input.
    batch : int
        The batch element that is spoken of where elements end at different steps.
    """
    if call.spec.is_cell:
        return ()
    return tuple(_identity(call, batch, direction) for direction in reversed(call.spec.directions))


def _identity(call: CallArguments, batch: int, direction: Direction) -> Identity:
    spec = call.spec
    own_end = call.lengths is not None and direction == "forward"  # elements of other lengths end elsewhere
    t = 0 if direction == "reverse" else call.steps - 1
    if call.lengths is not None and own_end:
        t = call.lengths[batch] - 1
    step = str(t) if own_end or direction == "reverse" else "-1"
    index = spec.directions.index(direction) - len(spec.directions)
    return Identity(
        direction,
        t,
        f"output[{', '.join(_output_index(call, step, str(batch) if own_end else ':', _columns(spec, direction)))}]",
        f"h_n[{index}, {batch}]" if own_end else f"h_n[{index}]",
        batch if own_end else None,
    )


def _columns(spec: ModuleSpec, direction: Direction) -> str | None:
    """Return the columns of `output` that a direction fills; None for all."""
    if not spec.bidirectional:
        return None
    return f"{spec.output_size}:" if direction == "reverse" else f":{spec.output_size}"


def _output_index(call: CallArguments, step: str, element: str, columns: str | None) -> list[str]:
    """Return the parts of an index into `output`, without a trailing colon that says nothing."""
    if not call.batched:
        index = [step]
    elif call.spec.batch_first:
        index = [element, step]
    else:
        index = [step, element]
    if columns is not None:
        return [*index, columns]
    return index[:-1] if index[-1] == ":" else index


def is_so(identity: Identity, trace: Trace) -> bool:
    """Compare the two bit for bit, NaN with NaN as well."""
    from gatescope.traces.trace import as_numpy  # noqa: PLC0415 - imports torch

    spec = trace.spec
    number = spec.cells().index((spec.num_layers - 1, identity.direction))
    output = as_numpy(trace.cell(spec.num_layers - 1, identity.direction).quantity("h")[identity.t])  # (B, P)
    state = as_numpy(trace.h_n[number])  # (B, P), or (P,) for unbatched input
    if identity.batch is not None:
        output, state = output[identity.batch], state[identity.batch]
    return bool(output.tobytes() == state.tobytes())
