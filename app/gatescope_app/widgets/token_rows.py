"""What each token of a sequence stands for."""

from __future__ import annotations

import numpy as np

from gatescope_app.state.runs import Setup


def token_rows(setup: Setup, batch: int) -> dict[str, tuple[float, ...]]:
    """Return the numbers that a step may be fed for each token, of one batch element.

    One-hot where the sequence has a vocabulary; else those of the first step with that token, before any edits.
    """
    sequence = setup.unedited.sequence
    if sequence.vocabulary:
        one_hot = np.eye(sequence.width).tolist()
        return {token: tuple(row) for token, row in zip(sequence.vocabulary, one_hot, strict=True)}
    rows: dict[str, tuple[float, ...]] = {}
    for token, row in zip(sequence.tokens or (), setup.unedited.inputs(batch), strict=False):
        if token not in rows and np.isfinite(row).all():  # NaN stands behind the end of a shorter element
            rows[token] = tuple(row.tolist())
    return rows
