"""Ctrl+C while Qt runs. Needs no Qt."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def on_interrupt(act: Callable[[], object]) -> Iterator[None]:
    """Let an interrupt call `act` within the block; a second one ends the process.

    A `KeyboardInterrupt` that is raised within what Qt calls is printed with its traceback, and Qt goes on.
    """

    def act_once(*_: object) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        act()

    before = signal.signal(signal.SIGINT, act_once)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)
