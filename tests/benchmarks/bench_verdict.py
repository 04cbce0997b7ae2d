"""What the verdict finds, and what it says of right code: two tables. Run alone, it takes how many networks to try."""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from math import isnan
from pathlib import Path
from typing import NamedTuple

sys.path.append(str(Path(__file__).parents[1] / "shared"))  # of tests and benchmarks

import torch
from programs import Program, network, traced
from random_networks import random_processor, random_run
from wrong_programs import FAULTS

import gatescope as gs
from gatescope.traces.trace import Trace
from gatescope.verification.report import Report

RANDOM_NETWORKS = 4_000
DTYPES = (torch.float32, torch.float64, torch.bfloat16, torch.float16)
SIZES = (8, 32, 128, 512, 1024)
CELLS = ("LSTM", "GRU", "RNN")
RIGHT = ("matches", "cannot_compare", "nothing_to_compare")  # what may be said of right code, with NaN in it or without


def print_verdict_tables(networks: int = RANDOM_NETWORKS) -> None:
    """Print both."""
    print_false_alarms(networks)
    print_faults_missed()


# ---- right code ----


class Judged(NamedTuple):
    """What is said of the right run of a random network."""

    seed: int
    dtype: torch.dtype
    code: str
    share: float  # of the worst case


def print_false_alarms(networks: int) -> None:
    """Print what is said of right code, over random networks of all kinds."""
    judged = list(_judged(networks))
    print(f"\nVerdicts on right code, {networks} random networks")
    columns = sorted({one.code for one in judged})
    print(f"{'':16}" + "".join(f"{code.replace('_', ' '):>26}" for code in columns) + f"{'largest share of bound':>26}")
    for dtype in DTYPES:
        ours = [one for one in judged if one.dtype == dtype]
        counts = Counter(one.code for one in ours)
        largest = max(ours, key=lambda one: one.share)
        share = f"{largest.share:.2f} (seed {largest.seed})"
        print(f"{_name(dtype):16}" + "".join(f"{counts[code]:26}" for code in columns) + f"{share:>26}")
    for one in judged:
        if one.code not in RIGHT:
            print(f"  {one.code}: random_run({one.seed}), {_name(one.dtype)}")


def _judged(networks: int) -> Iterator[Judged]:
    for seed in range(networks):
        with random_processor(seed), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of torch: that oneDNN has no projections
            report = gs.verify(gs.trace(*random_run(seed)), gates=seed % 2 == 0)
        share = report.worst.ratio
        yield Judged(seed, report.trace.x.dtype, report.verdict.code, 0.0 if isnan(share) else share)


# ---- wrong programs ----


class Missed(NamedTuple):
    """The names of the wrong programs that are taken for right ones."""

    by_worst_case: list[str]
    by_verdict: list[str]
    without_trace: set[str]  # those whose record has the bits of the right program's


def print_faults_missed() -> None:
    """Print how many wrong programs are missed, by type, cell and size, and which at the largest size."""
    print("\nWrong programs missed, of 36: by the worst case alone > by the verdict; in brackets those of them with")
    print("the bits of the right program, where the fault is smaller than the type can tell")
    print(f"{'':16}" + "".join(f"{f'H={hidden}':>16}" for hidden in SIZES))
    names = {}
    for dtype in DTYPES:
        for kind in CELLS:
            print(f"{_name(dtype):9}{kind:7}", end="")
            for hidden in SIZES:
                missed = names[dtype, kind] = faults_missed(kind, hidden, dtype)
                same = f" ({len(missed.without_trace)})" if missed.without_trace else ""
                print(f"{f'{len(missed.by_worst_case)} > {len(missed.by_verdict)}{same}':>16}", end="", flush=True)
            print()
    print(f"\nMissed at H={SIZES[-1]} though they leave a trace")
    for (dtype, kind), missed in names.items():
        left = [name for name in missed.by_verdict if name not in missed.without_trace]
        print(f"{_name(dtype):9}{kind:7}{'; '.join(left) or 'none'}")


def faults_missed(kind: str, hidden: int, dtype: torch.dtype) -> Missed:
    """Try all wrong programs of a cell on one network."""
    trace = network(kind, hidden, dtype)
    right = traced(trace, Program())
    records = {fault.name: traced(trace, fault.program) for fault in FAULTS[kind]}
    reports = {name: gs.verify(record, gates=True) for name, record in records.items()}
    by_verdict = [name for name, report in reports.items() if report.matches]
    return Missed(
        [name for name, report in reports.items() if not _found_by_worst_case(report)],
        by_verdict,
        {name for name in by_verdict if _same_bits(records[name], right)},
    )


def _found_by_worst_case(report: Report) -> bool:
    return report.first_difference is not None


def _same_bits(one: Trace, other: Trace) -> bool:
    return all(torch.equal(values, other.cell().quantity(name)) for name, values in one.cell().values.items())


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


if __name__ == "__main__":
    print_verdict_tables(*(int(argument) for argument in sys.argv[1:]))
