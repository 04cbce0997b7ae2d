"""The table of what the mutation run looks at, and its verdict on work that ends well, badly, or not at all."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

# Nothing that these processes do needs a thread of the one that they are forked from.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded, use of fork:DeprecationWarning")

HERE = Path(__file__).parent


@pytest.fixture
def mutants(monkeypatch: pytest.MonkeyPatch) -> Any:
    for name in ("mutations", "mutants"):
        spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)
    return module


def test_every_file_is_there_and_every_pattern_names_tests(mutants: Any) -> None:
    for name, patterns in mutants.TESTED_BY.items():
        assert (mutants.ENGINE / name).is_file()
        for pattern in patterns.split():
            assert list(mutants.TESTS.glob(pattern)), f"{name}: {pattern}"


def test_what_is_justified_is_of_a_file_that_is_looked_at_and_says_why(mutants: Any) -> None:
    entries = mutants.tomllib.loads((HERE / "equivalent.toml").read_text(encoding="utf-8"))["mutant"]
    assert all(entry["file"] in mutants.TESTED_BY for entry in entries)
    assert all(len(entry["why"].split()) > 3 for entry in entries)
    assert len(mutants.equivalent()) == sum(len(entry["new"]) for entry in entries)  # none twice


def test_work_that_fails_or_dies_has_not_ended_well(mutants: Any) -> None:
    work = [lambda: 0, lambda: 1, lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: 1 // 0, lambda: 0]
    results = dict(mutants.in_processes(work, jobs=3, limit=600.0))
    assert results == {0: False, 1: True, 2: True, 3: True, 4: False}


def test_work_that_hangs_is_ended(mutants: Any) -> None:
    assert dict(mutants.in_processes([lambda: time.sleep(600)], jobs=1, limit=0.1)) == {0: True}


def test_a_mutant_takes_the_place_of_its_file(mutants: Any, tmp_path: Path) -> None:
    test = tmp_path / "test_roundoff.py"
    test.write_text(
        "from gatescope.cells.arithmetic import FLOAT32_ROUNDOFF\n"
        "def test_it():\n"
        "    assert FLOAT32_ROUNDOFF == 2.0**-24\n"
    )
    path = mutants.ENGINE / "cells/arithmetic.py"
    (mutant,) = (one for one in mutants.find_mutants(path) if one.old.startswith("FLOAT32") and "-0" in one.new)

    def forget() -> None:
        for name in [name for name in sys.modules if name.partition(".")[0] == "gatescope"]:
            del sys.modules[name]

    def run(planted: Any) -> int:
        forget()
        return int(mutants.run_tests([str(test)], planted))

    assert dict(mutants.in_processes([lambda: run(None), lambda: run(mutant)], jobs=2, limit=120.0)) == {
        0: False,
        1: True,
    }
