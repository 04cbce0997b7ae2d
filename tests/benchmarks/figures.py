"""What a measurement gives, and how times are taken."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A ratio, what it should not exceed, and the times behind it."""

    name: str
    ratio: float
    aim: float
    detail: str


def seconds(work: Callable[[], object]) -> float:
    """Time one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def percentile(times: list[float], share: float) -> float:
    """Return the time that `share` of the calls stay within."""
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]
