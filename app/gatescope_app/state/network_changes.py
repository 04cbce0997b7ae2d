"""Another network for the same sequences: what stays of a setup, its weights and its edits. Needs no Qt."""

from __future__ import annotations

from dataclasses import replace

from gatescope.edits.checks import Shape
from gatescope.edits.edits import Edit, InputEdit, TokenEdit
from gatescope.edits.history import History
from gatescope.messages.message import GatescopeError
from gatescope.modules.spec import ModuleSpec
from gatescope_app.state.batch_layouts import laid_out
from gatescope_app.state.revisions import Revision
from gatescope_app.state.runs import Setup, impulse
from gatescope_app.state.sources import Source

# What the parameters' names and shapes follow from; all other arguments leave the weights what they are.
_SHAPING = ("kind", "input_size", "hidden_size", "num_layers", "bias", "bidirectional", "proj_size")


def fits_weights(old: ModuleSpec, new: ModuleSpec) -> bool:
    """Whether the weights of one network are those of the other, but for their dtype and device."""
    return all(getattr(old, name) == getattr(new, name) for name in _SHAPING)


def takes_sequence(setup: Setup, spec: ModuleSpec) -> bool:
    """Whether a network can be fed the setup's sequences; a cell takes none that differ in length."""
    return setup.sequence.width == spec.input_size and (setup.lengths is None or not spec.is_cell)


def with_network(setup: Setup, spec: ModuleSpec, source: Source) -> Setup:
    """Return the setup with another network, without edits.

    The same sequences stay where the network can take them, in the layout in which it takes a batch; else an impulse
    takes their place. The initial states stay where their shapes do.
    """
    setup = setup.unedited
    if takes_sequence(setup, spec):
        new = Setup(spec, laid_out(setup.sequence, setup.spec, spec), source, lengths=setup.lengths)
    else:
        new = Setup(spec, impulse(spec.input_size), source)
    batch = new.batch_size if new.batched else None
    states = {
        name: state
        for name, state in setup.states.items()
        if name in spec.states and state.shape == spec.state_shape(name, batch)
    }
    return replace(new, states=states)


def with_arguments(setup: Setup, spec: ModuleSpec) -> Setup:
    """Return the setup with arguments of the network that leave its weights, without edits; itself where none differs.

    An example's notes go only with another nonlinearity.
    """
    old = setup.unedited
    if spec == old.spec:
        return old
    same_values, same_place = spec.nonlinearity == old.spec.nonlinearity, spec.device == old.spec.device
    return replace(
        with_network(old, spec, old.source.rerun()),
        example=old.example if same_values else None,
        arithmetic=old.arithmetic if same_place and spec.dtype == old.spec.dtype else None,
        holds=old.holds,
    )


def with_fitting_edits(revision: Revision, setup: Setup) -> Revision:
    """Return those edits of all branches that fit another network, on its setup."""
    history, same = revision.history, takes_sequence(revision.setup, setup.spec)
    branches = [(name, _fitting(history.edits_of(name), setup, same_sequences=same)) for name in history.branches]
    return replace(revision, setup=setup, history=History.of(branches, history.current))


def left_out(former: Revision, now: Revision) -> tuple[Edit, ...]:
    """Return the edits, of all branches, that are no longer there; each once."""
    edits, kept = former.history.edits_of, now.history.edits_of
    gone = (edit for name in former.history.branches for edit in edits(name) if edit not in kept(name))
    return tuple(dict.fromkeys(gone))


def _fitting(edits: tuple[Edit, ...], setup: Setup, *, same_sequences: bool) -> tuple[Edit, ...]:
    shape = setup.shape
    mine = (edit for edit in edits if same_sequences or not isinstance(edit, InputEdit | TokenEdit))
    return tuple(edit for edit in mine if _fits(edit, shape))


def _fits(edit: Edit, shape: Shape) -> bool:
    try:
        edit.check(shape)
    except GatescopeError:
        return False
    return True
