"""Do the tests of the truth find faults? `make mutants` plants some, one at a time, and runs the tests beside each.

Each mutant runs in a process of its own, forked from one that has torch imported already. A seeded sample of all
mutants is taken in turn until the time is up; what no test finds is printed, unless `equivalent.toml` says why no test
can find it.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType

from mutations import Mutant, find_mutants

ROOT = Path(__file__).parents[2]
ENGINE, TESTS = ROOT / "core/gatescope", ROOT / "tests/core"

STEPS = "cells/test_lstm*.py cells/test_gru*.py cells/test_rnn*.py"
REPORTS = "verification/test_[fr]*t_*.py verification/test_verify.py verification/test_verify_[bg]*.py"
READ_BY = "verification/test_comparison*.py verification/test_error_curves*.py verification/test_arbiter*.py"
ROUNDING = f"cells/test_rounding*.py cells/test_torch_cell*.py {STEPS}"
CELL = f"{ROUNDING} cells/test_probe*.py traces/test_layers*.py verification/test_verify_gates.py"

# The tests of each file, those that most likely find a fault in it first. Not all that run its lines: what a file's own
# tests do not find is not tested, and what survives should not take a minute.
TESTED_BY = {
    "cells/arithmetic.py": "cells/test_arithmetic*.py cells/test_rounding*.py modules/test_arithmetic_probe*.py",
    "cells/gru.py": f"cells/test_gru*.py cells/test_quantities*.py {CELL}",
    "cells/likely_sums.py": "cells/test_likely_sums*.py verification/test_sharp*.py",
    "cells/lstm.py": f"cells/test_lstm*.py cells/test_quantities*.py {CELL}",
    "cells/overflow.py": "cells/test_overflow*.py verification/test_verify_overflow.py",
    "cells/probe.py": "cells/test_probe*.py verification/test_verify_gates.py verification/test_reference.py",
    "cells/rnn.py": f"cells/test_rnn*.py cells/test_quantities*.py {CELL}",
    "cells/rounding.py": ROUNDING,
    "cells/torch_cell.py": f"cells/test_torch_cell*.py {STEPS} traces/test_layers*.py traces/test_tracer_holds.py",
    "cells/weights.py": f"cells/test_weights*.py {STEPS} cells/test_rounding*.py cells/test_probe*.py",
    "modules/arithmetic_probe.py": "modules/test_arithmetic_probe*.py",
    "traces/layers.py": "traces/test_layers*.py traces/test_tracer_holds.py",
    "verification/comparison.py": "verification/test_comparison*.py",
    "verification/drift.py": "verification/test_drift*.py",
    "verification/expected_cell.py": f"verification/test_expected_cell*.py verification/test_sharp*.py {REPORTS}",
    "verification/first_nonfinite.py": "verification/test_first_nonfinite*.py verification/test_report*.py",
    "verification/module_call.py": "verification/test_module_call*.py",
    "verification/module_return.py": "verification/test_module_return*.py verification/test_module_call*.py",
    "verification/record_check.py": "verification/test_record_check*.py verification/test_verify_holds.py",
    "verification/report.py": f"{REPORTS} {READ_BY} verification/test_sharp*.py",
    "verification/sharp.py": "verification/test_sharp*.py cells/test_likely_sums*.py",
    "verification/verify.py": f"{REPORTS} verification/test_verify_[os]*.py verification/test_verify_holds.py",
}


Key = tuple[str, str, str, str]


def main() -> int:
    """Plant faults and print which were found; return 1 where one was not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", default=[*TESTED_BY], help="such as cells/lstm.py; all without")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    import_what_tests_import()
    started = time.monotonic()
    mutants = [mutant for name in options.files for mutant in find_mutants(ENGINE / name)]
    random.Random(options.seed).shuffle(mutants)
    every = list(dict.fromkeys(path for name in options.files for path in tests_of(ENGINE / name)))
    _, found = next(in_processes([partial(run_tests, every, None)], jobs=1, limit=600))
    if found:
        print("the tests fail as it is; run make test")
        return 1
    limit = 10 + 3 * (time.monotonic() - started)  # a mutant may wait for ever
    until = started + 60 * options.minutes
    work = (partial(run_tests, tests_of(mutant.path), mutant) for mutant in mutants if time.monotonic() < until)
    known, verdicts = equivalent(), []
    for number, killed in in_processes(work, options.jobs, limit):
        verdicts.append((mutants[number], killed))
        if not killed and key_of(mutants[number]) not in known:
            print(mutants[number], flush=True)
    for gone in known - {key_of(mutant) for mutant in mutants}:
        if gone[0] in options.files:
            print("no longer there, though equivalent.toml has it:", *gone)
    return print_table(verdicts, len(mutants))


def import_what_tests_import() -> None:
    """Import all that takes long, so that a forked process has it; but no module in which a fault is planted."""
    import hypothesis.extra.numpy  # noqa: F401
    import polars  # noqa: F401
    import pytest  # noqa: F401
    import torch.nn.utils.rnn  # noqa: F401

    import gatescope.formats.trace_file
    import gatescope.verification.arbiter  # noqa: F401

    for name in [name for name in sys.modules if name.partition(".")[0] == "gatescope"]:
        del sys.modules[name]


def tests_of(path: Path) -> list[str]:
    """Return the files of tests of a file of the engine."""
    patterns = TESTED_BY[path.relative_to(ENGINE).as_posix()].split()
    return list(dict.fromkeys(str(test) for pattern in patterns for test in sorted(TESTS.glob(pattern))))


def run_tests(tests: list[str], mutant: Mutant | None) -> int:
    """Return 0 where all tests pass with a mutant in the place of its file."""
    import pytest

    if mutant is not None:
        sys.meta_path.insert(0, _InPlaceOf(mutant))
    warning = "ignore::pytest.PytestAssertRewriteWarning"  # that hypothesis was imported before
    without = [option for plugin in ("cacheprovider", "xdist", "pytest-qt") for option in ("-p", f"no:{plugin}")]
    return int(pytest.main(["-q", "-x", "--tb=no", "-W", warning, *without, "--rootdir", str(ROOT), *tests]))


class _InPlaceOf(Loader):
    """Loads a mutant where its module is imported."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant
        parts = mutant.path.relative_to(ENGINE.parent).with_suffix("").parts
        self._name = ".".join(parts)

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        return spec_from_loader(name, self, origin=str(self._mutant.path)) if name == self._name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._mutant.source, self._mutant.path, "exec"), module.__dict__)


def in_processes(work: Iterable[Callable[[], int]], jobs: int, limit: float) -> Iterator[tuple[int, bool]]:
    """Yield the number of each piece of work, and whether it did not end well: within `limit` seconds, with 0."""
    waiting, running = enumerate(work), dict[int, tuple[int, float]]()
    try:
        while True:
            while len(running) < jobs and (piece := next(waiting, None)) is not None:
                running[_fork(piece[1])] = piece[0], time.monotonic()
            if not running:
                return
            time.sleep(0.01)
            for pid, (number, started) in list(running.items()):
                if time.monotonic() - started > limit:
                    _end(pid)
                ended, status = os.waitpid(pid, os.WNOHANG)
                if ended:
                    del running[pid]
                    yield number, status != 0
    finally:  # stopped by hand, too
        for pid in running:
            _end(pid)


def _end(pid: int) -> None:
    with suppress(ProcessLookupError):  # not yet a group of its own, see `_fork`
        os.killpg(pid, signal.SIGKILL)


def _fork(work: Callable[[], int]) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        os.setsid()  # with what it starts in turn, it is ended as one
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        status = work()
    finally:
        os._exit(status)


def equivalent() -> frozenset[Key]:
    """Return what `equivalent.toml` justifies."""
    entries = tomllib.loads((Path(__file__).parent / "equivalent.toml").read_text(encoding="utf-8"))["mutant"]
    return frozenset((entry["file"], entry["function"], entry["old"], new) for entry in entries for new in entry["new"])


def key_of(mutant: Mutant) -> Key:
    """Return what a mutant is in `equivalent.toml`; not its line, which changes with every line above it."""
    return mutant.path.relative_to(ENGINE).as_posix(), mutant.function, mutant.old, mutant.new


def print_table(verdicts: list[tuple[Mutant, bool]], total: int) -> int:
    """Print how many mutants of each file were killed; return 1 where one survived that is not justified."""
    known, counts = equivalent(), dict[str, Counter[str]]()
    for mutant, killed in verdicts:
        result = "killed" if killed else "equivalent" if key_of(mutant) in known else "survived"
        counts.setdefault(key_of(mutant)[0], Counter())[result] += 1
    counts = dict(sorted(counts.items())) | {"all": sum(counts.values(), Counter())}
    print(f"\n{'':30} killed  survived  equivalent   killed of the rest")
    for name, of in counts.items():
        part = of["killed"] / max(1, of["killed"] + of["survived"])
        print(f"{name:30} {of['killed']:6} {of['survived']:9} {of['equivalent']:11} {part:20.1%}")
    print(f"{len(verdicts)} of {total} mutants were tried")
    return int(counts["all"]["survived"] > 0)


if __name__ == "__main__":
    sys.exit(main())
