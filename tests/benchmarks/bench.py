"""Speed as ratios measured in one run, and what the verdict finds; `make bench` prints them.

Absolute times are of this machine only.
"""

from __future__ import annotations

import os
import platform

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")  # the platform remarks on every window's size hints

from bench_csv import bench_csv
from bench_debugger import bench_debugger
from bench_engine import bench_engine
from bench_record import bench_record
from bench_start import bench_start
from bench_step import bench_step
from bench_trace_file import bench_trace_file
from bench_verdict import print_verdict_tables
from bench_views import bench_views
from figures import Figure


def main() -> None:
    """Measure everything and print one table of speed, and those of the verdict."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{'measure':80} {'ratio':>7}  {'aim':>7}")
    for measure in (
        bench_engine,
        bench_record,
        bench_trace_file,
        bench_debugger,
        bench_step,
        bench_views,
        bench_csv,
        bench_start,
    ):
        for figure in measure():
            print(line(figure), flush=True)
    print_verdict_tables()


def line(figure: Figure) -> str:
    """Write one row of the table."""
    met = "" if figure.ratio <= figure.aim else "  above its aim"
    return f"{figure.name:80} {figure.ratio:7.2f}  {figure.aim:7.2f}  {figure.detail}{met}"


if __name__ == "__main__":
    main()
