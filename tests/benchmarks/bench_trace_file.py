"""The trace file: opening 2 GB, and writing over a plain write of the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import torch
from figures import Figure, seconds
from torch import nn

import gatescope as gs
from gatescope.formats.trace_file import TraceWriter
from gatescope.traces.trace import Trace

SIZE = 2_000_000_000
ROUNDS = 5

# In a process of its own, whose memory nothing else has touched; torch and the module are there already.
OPEN = """
import sys, time, psutil
from gatescope.formats.trace_file import read_traces
process = psutil.Process()
before, start = process.memory_info().rss, time.perf_counter()
traces = read_traces(sys.argv[1]).traces
print(time.perf_counter() - start, process.memory_info().rss - before, len(traces))
"""


def bench_trace_file() -> Iterator[Figure]:
    """Measure a file of traces of 100 MB each."""
    trace = gs.trace(nn.LSTM(64, 256), torch.randn(4000, 4, 64))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace.gates"
        trace.save(path)
        count = SIZE // path.stat().st_size + 1
        yield _writing(trace, path)
        _record(trace, path, count)
        yield from _opening(path)


def _writing(trace: Trace, path: Path) -> Figure:
    raw = path.read_bytes()
    ours, plain = [], []
    for _ in range(ROUNDS):  # alternating, so that both meet the same disk
        ours.append(seconds(lambda: _record(trace, path, 4)))
        plain.append(seconds(lambda: _write(raw, path, 4)))
    rate = 4 * len(raw) / min(ours) / 1e9
    detail = f"{min(ours):.2f} s over {min(plain):.2f} s, {rate:.1f} GB/s, both brought to the disk"
    return Figure("Recording traces, over a plain write of as many bytes", min(ours) / min(plain), 1.2, detail)


def _opening(path: Path) -> Iterator[Figure]:
    measured = [_opened(path) for _ in range(ROUNDS)]
    took, added = (min(values) for values in zip(*measured, strict=True))
    size = f"{path.stat().st_size / 1e9:.1f} GB"
    yield Figure(f"Opening a trace file of {size}, over 1 s", took, 1.0, f"{1000 * took:.1f} ms")
    yield Figure("Memory added by opening it, over 200 MB", added / 200e6, 1.0, f"{added / 1e6:.1f} MB")


def _opened(path: Path) -> tuple[float, float]:
    done = subprocess.run([sys.executable, "-c", OPEN, str(path)], capture_output=True, text=True, check=True)
    took, added, _ = map(float, done.stdout.split())
    return took, added


def _record(trace: Trace, path: Path, count: int) -> None:
    path.unlink()
    with TraceWriter(path) as writer:
        for _ in range(count):
            writer.append("lstm", trace)


def _write(raw: bytes, path: Path, count: int) -> None:
    path.unlink()
    with path.open("wb", buffering=0) as file:
        for _ in range(count):
            file.write(raw)
        os.fsync(file.fileno())
