"""What all tests share."""

from __future__ import annotations

import os
import random
import sys
import zlib
from collections.abc import Generator
from pathlib import Path
from typing import Any

# Before any import of Qt: without a screen and without this, Qt ends the process.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Before any import of torch, and for the programs that tests start: with a worker on each core, further threads of
# torch only wait for one another, which took half of the time of all tests.
os.environ.setdefault("OMP_NUM_THREADS", "1")

sys.path.append(str(Path(__file__).parent / "shared"))  # of tests and benchmarks

import hypothesis
import numpy as np
import pytest
import torch

# A slow machine is no failure, so nothing here is timed; and every run of the tests tries the same examples. A test
# that needs more, or fewer, says how many times `settings.default.max_examples`: then it has more in `make soak` too.
hypothesis.settings.register_profile("gatescope", deadline=None, max_examples=40, derandomize=True)
# Where the same tests run several times over: `test_other_cpus.py`.
hypothesis.settings.register_profile("few", deadline=None, max_examples=10, derandomize=True)
# `make soak`: other examples each time, and many. Where one fails, the line to put above the test repeats it.
hypothesis.settings.register_profile("soak", deadline=None, max_examples=1000, print_blob=True)
hypothesis.settings.load_profile("gatescope")


class _TorchRandom:
    """torch's random numbers, for hypothesis to seed before each example as it seeds those of Python and numpy."""

    seed = staticmethod(torch.manual_seed)
    getstate = staticmethod(torch.get_rng_state)
    setstate = staticmethod(torch.set_rng_state)


_TORCH_RANDOM = _TorchRandom()  # hypothesis itself keeps no reference
hypothesis.register_random(_TORCH_RANDOM)  # type: ignore[arg-type]  # takes what has these three methods


def _seed_all(name: str) -> None:
    seed = zlib.crc32(name.encode())
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - what a test draws without a generator of its own
    torch.manual_seed(seed)


@pytest.fixture(autouse=True)
def _seeded(request: pytest.FixtureRequest) -> None:
    """Draw the same numbers in a test wherever and after whatever other tests it runs."""
    _seed_all(request.node.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
    """Do so for a fixture that several tests share, whichever of them comes first."""
    if fixturedef.scope == "function":
        return (yield)
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()  # noqa: NPY002 - as above
    _seed_all(f"{fixturedef.baseid}::{fixturedef.argname}")
    try:
        return (yield)
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])  # noqa: NPY002 - as above
        torch.set_rng_state(states[2])
