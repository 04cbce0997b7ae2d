"""Correct code is never flagged, whatever the network: random ones of every kind, many at the edges of their type."""

from __future__ import annotations

import pytest
from random_networks import random_processor, random_run

import gatescope as gs

ALARMS = ("differs", "deviates", "module_differs", "reference_unsure")


@pytest.mark.numeric
@pytest.mark.parametrize("first", range(0, 200, 25))
@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
def test_a_random_network_is_never_flagged(first: int) -> None:
    for seed in range(first, first + 25):
        module, x, hx = random_run(seed, widest=64)
        with random_processor(seed):
            verdict = gs.verify(gs.trace(module, x, hx, grad=seed % 4 == 0), gates=seed % 2 == 0).verdict
        assert verdict.code not in ALARMS, f"seed {seed}: {verdict}"


# Found by a search through many more seeds: gates that no number held, sums that overflow on their way.
ONCE_FLAGGED = (284, 301, 402, 753, 1182, 1349, 1504, 1624, 1682, 1982, 1987, 2448, 3047)


@pytest.mark.numeric
@pytest.mark.parametrize("seed", ONCE_FLAGGED)
@pytest.mark.parametrize("gates", [False, True])
def test_a_network_that_was_once_flagged_is_not(seed: int, gates: bool) -> None:
    module, x, hx = random_run(seed, widest=64)
    with random_processor(seed):
        verdict = gs.verify(gs.trace(module, x, hx), gates=gates).verdict
    assert verdict.code not in ALARMS, str(verdict)
