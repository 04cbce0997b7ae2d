"""Conditions over long traces against the same numpy expressions; stepping with many breakpoints."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import psutil
import torch
from bench_step import floor_of, step_of, window_on
from figures import Figure, percentile, seconds
from PySide6.QtWidgets import QApplication

import gatescope as gs
from gatescope.debugging.breakpoints import Breakpoint
from gatescope.debugging.expressions.compiled import compile_condition
from gatescope.debugging.hits import RunArrays
from gatescope.formats.sequences import Sequence
from gatescope_app.state.runs import Setup
from gatescope_app.window.main_window import MainWindow

_LONG = 1_000_000
_MOVES = 60
_ALL_MOVES = ("F10", "F11", "F11", "F5", "Shift+F11", "Shift+F10", "Ctrl+F11", "Shift+F5")
_ROUNDS = 1250  # of all moves: 10,000

Arrays = dict[str, Any]
CONDITIONS: dict[str, Callable[[Arrays], Any]] = {
    "f[3] < 0.1": lambda a: a["f"][..., 3] < 0.1,
    "any(c > 2)": lambda a: (a["c"] > 2).any(axis=-1),
    'mean(o) > 0.9 and token == "l"': lambda a: (a["o"].mean(axis=-1) > 0.9) & (a["token"] == "l")[:, None],
    "saturated(f, 0.95) > 0.8": lambda a: ((a["f"] > 0.95) | (a["f"] < 0.05)).mean(axis=-1) > 0.8,
}


def bench_debugger() -> Iterator[Figure]:
    """Measure conditions, then steps."""
    yield from _conditions()
    yield from _steps()


def _conditions() -> Iterator[Figure]:
    trace = gs.trace(gs.build(gs.ModuleSpec(1, 8), 0), torch.zeros(_LONG, 1), tokens="hello" * (_LONG // 5))
    run = RunArrays(trace)
    steps = run.of(0, "forward")
    arrays = {name: trace.cell().quantity(name).numpy() for name in ("f", "c", "o")}
    arrays["token"] = np.array(trace.tokens)
    for text, plain in CONDITIONS.items():
        condition = compile_condition(text, run.names)
        assert np.array_equal(condition.evaluate(steps), plain(arrays))
        ours, numpy = (min(seconds(work) for _ in range(5)) for work in (
            lambda condition=condition: condition.evaluate(steps), lambda plain=plain: plain(arrays),
        ))  # fmt: skip
        detail = f"{1e3 * ours:.1f} ms over {1e3 * numpy:.1f} ms"
        yield Figure(f"condition {text} over {_LONG:,} steps, over numpy", ours / numpy, 2.0, detail)


def _steps() -> Iterator[Figure]:
    values = np.random.default_rng(0).standard_normal((100_000, 8))
    with window_on(Setup(gs.ModuleSpec(8, 256), Sequence(values))) as window:
        window.debugger.set_all(tuple(Breakpoint(f"f[{unit}] < 0.3") for unit in range(100)))
        while window.debugger.finder.busy:
            QApplication.processEvents()
        for key, name in (("F10", "forth"), ("Shift+F10", "back")):
            window.session.run_to(50_000)
            pairs = [(floor_of(window), step_of(window, key)) for _ in range(_MOVES)]
            floor, step = (percentile(list(times), 0.95) for times in zip(*pairs, strict=True))
            detail = f"95 %: {1e3 * step:.1f} ms over {1e3 * floor:.1f} ms"
            yield Figure(f"step {name}, 100 breakpoints, H=256 T=100,000, over the plots", step / floor, 1.5, detail)
        _walk(window, 50)
        before = _memory()
        _walk(window, _ROUNDS)
        gained = _memory() - before
        yield Figure("memory that 10,000 moves add there, over 10 MB", gained / 10, 1.0, f"{gained:.1f} MB")


def _walk(window: MainWindow, rounds: int) -> None:
    for _ in range(rounds):
        for key in _ALL_MOVES:
            step_of(window, key)


def _memory() -> float:
    gc.collect()
    return psutil.Process().memory_info().rss / 1e6
