"""Edits by hand of what a network is fed and starts from. Needs no Qt and no torch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from gatescope.edits.edits import Edit, InputEdit, StateEdit, TokenEdit
from gatescope.formats.sequences import Numbers, Sequence
from gatescope.modules.spec import ModuleSpec


def edited_sequence(sequence: Sequence, spec: ModuleSpec, edits: Iterable[Edit]) -> Sequence:
    """Return a sequence with the edits of its numbers and tokens; the same one where there are none."""
    own = [edit for edit in edits if isinstance(edit, InputEdit | TokenEdit)]
    if not own:
        return sequence
    values, tokens = _copy(sequence.values), None if sequence.tokens is None else list(sequence.tokens)
    steps = values[:, None] if values.ndim == 2 else values.swapaxes(0, 1) if spec.batch_first else values  # (T, B, K)
    for edit in own:
        if isinstance(edit, InputEdit):
            steps[edit.t, edit.batch, edit.column] = edit.value
        elif tokens is not None:
            steps[edit.t, edit.batch] = edit.row
            tokens[edit.t] = edit.token
    return replace(sequence, values=values, tokens=None if tokens is None else tuple(tokens))


def edited_states(
    states: Mapping[str, Numbers], spec: ModuleSpec, batch: int | None, edits: Iterable[Edit]
) -> Mapping[str, Numbers]:
    """Return states with their edits, shaped as the module takes them; zeros are made where there is none yet."""
    own = [edit for edit in edits if isinstance(edit, StateEdit)]
    shapes = {edit.state: spec.state_shape(edit.state, batch) for edit in own}
    new = {name: _copy(states[name]) if name in states else np.zeros(shape) for name, shape in shapes.items()}
    for edit in own:
        cells = new[edit.state].reshape(-1, batch or 1, shapes[edit.state][-1])  # (L*D, B, units)
        cells[spec.cells().index((edit.layer, edit.direction)), edit.batch, edit.unit] = edit.value
    return dict(states) | new


def _copy(values: Numbers) -> Numbers:
    return np.array(values, dtype=np.promote_types(values.dtype, np.float32), order="C")
