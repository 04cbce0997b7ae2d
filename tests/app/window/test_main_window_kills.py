"""Whenever the process is killed: what was saved is there, and so is all but the last two seconds of the rest."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from gatescope_app.state.recovery import find_recoverable
from gatescope_app.state.session_file import read_session

sys.path.append(str(Path(__file__).parent))  # where the processes find it, too
from killed_window import BEAT, SAVED, sum_up, use_until_killed

AT_ONCE = 3  # processes
AT_MOST = 2.0  # seconds until a write begins


class Line(NamedTuple):
    """One line of a journal."""

    what: str
    time: float
    number: int
    value: float


def killed(folder: Path, seed: int, in_window: bool) -> list[Line]:
    """Kill a process after a random while of use; return its journal."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["killed_window"])
    name = QCoreApplication.applicationName()
    process = context.Process(target=use_until_killed, args=(folder, seed, name, in_window))
    process.start()
    journal = folder / "journal"
    while not journal.exists() or b'["begin"' not in journal.read_bytes():
        process.join(0.02)
        assert process.is_alive(), "it ended by itself"
    process.join(random.Random(seed).uniform(0, 4))
    assert process.is_alive(), "it ended by itself"
    process.kill()
    process.join()
    lines = journal.read_bytes().splitlines(keepends=True)
    return [Line(*json.loads(line)) for line in lines if line.endswith(b"\n")]


def check_saved(folder: Path, lines: list[Line]) -> None:
    """Demand that the session's file is what was saved last, or what was being saved."""
    saves = [line for line in lines if line.what in ("saving", "saved")]
    assert not [line for line in lines if line.what.startswith("refused")]
    done = max((index for index, line in enumerate(saves) if line.what == "saved"), default=None)
    if done is None and not (folder / SAVED).exists():
        return
    possible = saves[max(0, (done or 0) - 1) :]
    assert sum_up(read_session(folder / SAVED)) in {line.value for line in possible if line.what == "saving"}


def check_recovered(lines: list[Line]) -> float:
    """Demand that all is there that was said to be kept; return how many seconds are lost."""
    kept = max((line.number for line in lines if line.what == "keeps"), default=0)
    found = find_recoverable()
    changes = [line for line in lines if line.what == "changes" and line.number > 0]
    recovered = 0
    if found:
        (one,) = found
        recovered = one.changes
        assert sum_up(one.read()) == [line.value for line in changes if line.number <= recovered][-1]
        one.discard()
    assert recovered >= kept
    lost = next((line.time for line in changes if line.number > recovered), None)
    return 0.0 if lost is None else max(line.time for line in lines) - lost


def check_in_time(lines: list[Line]) -> None:
    """Demand that a write begins in time after each change, or after the write that was under way.

    By the process's own clock, and by how late its event loop was: a machine may have other work to do.
    """
    end = max((index for index, line in enumerate(lines) if line.what == "lives"), default=0)
    late = lines[end].value + BEAT
    due: float | None = None  # by when the next write begins
    written = 0.0  # when the last write ended
    for line in lines[:end]:
        if due is not None:
            assert line.time <= due + late, line
        if line.what == "changes" and line.number and due is None:
            due = max(line.time, written) + AT_MOST
        elif line.what == "begins":
            due = None
        elif line.what == "keeps":
            written = line.time


def kill(count: int, windows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Kill so many processes, the first of them with a window; return what came of it."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))  # for what is preloaded
    folders = [tmp_path / str(seed) for seed in range(count)]
    for folder in folders:
        folder.mkdir()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        journals = list(pool.map(killed, folders, range(count), [number < windows for number in range(count)]))
    lost, changes, kept = [], 0, 0
    for folder, lines in zip(folders, journals, strict=True):
        monkeypatch.setenv("XDG_DATA_HOME", str(folder))
        check_saved(folder, lines)
        check_in_time(lines)
        lost.append(check_recovered(lines))
        changes += sum(line.what == "changes" for line in lines)
        kept += sum(line.what == "keeps" for line in lines)
    assert changes > 10 * count
    return {"kills": count, "changes": changes, "writes": kept, "most seconds lost": max(lost)}


def test_ten_kills_lose_nothing_that_was_kept(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    print(kill(10, 1, tmp_path, monkeypatch))


@pytest.mark.soak
def test_two_hundred_kills_of_a_window_lose_nothing_that_was_kept(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    print(kill(200, 200, tmp_path, monkeypatch))
