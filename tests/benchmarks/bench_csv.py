"""Writing a trace as CSV over polars writing the same frame."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import polars as pl
import torch
from figures import Figure, seconds
from torch import nn

import gatescope as gs
from gatescope.formats.table_columns import Layout, frames
from gatescope.verification.report import Report

ROUNDS = 15


def bench_csv() -> Iterator[Figure]:
    """Measure both layouts on a million values of each quantity."""
    report = gs.verify(gs.trace(nn.LSTM(8, 64), torch.randn(16_000, 1, 8)))
    for layout in get_args(Layout):
        with tempfile.TemporaryDirectory() as folder:
            yield _measure(report, layout, Path(folder) / "trace.csv")


def _measure(report: Report, layout: Layout, path: Path) -> Figure:
    frame = pl.concat(list(frames(report.trace, layout, report)), rechunk=True)
    ours, polars = [], []
    for _ in range(ROUNDS):  # alternating, so that both meet the same machine
        ours.append(seconds(lambda: report.trace.to_csv(path, layout, report=report)))
        polars.append(seconds(lambda: frame.write_csv(path)))
    name = f"CSV, {layout}, {frame.height} rows of {frame.width}, over polars writing the frame"
    return Figure(name, min(ours) / min(polars), 1.3, f"{min(ours):.2f} s over {min(polars):.2f} s")
