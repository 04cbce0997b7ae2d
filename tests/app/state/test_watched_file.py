"""A file that another program changes or removes is noticed; what this program writes is not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from gatescope_app.state.watched_file import WatchedFile, stamp_of


@pytest.fixture
def parent() -> QObject:
    return QObject()


@pytest.fixture
def told(parent: QObject) -> Iterator[tuple[WatchedFile, list[str]]]:
    """Return a watched file, and what it told."""
    watched, events = WatchedFile(parent), list[str]()
    watched.changed.connect(lambda: events.append("changed"))
    watched.removed.connect(lambda: events.append("removed"))
    yield watched, events
    watched.watch(None)


def replace_file(path: Path, text: str) -> None:
    other = path.with_name("other")
    other.write_text(text)
    os.replace(other, path)


def test_a_change_is_told_once_and_again_after_another(
    told: tuple[WatchedFile, list[str]], tmp_path: Path, qtbot: QtBot
) -> None:
    watched, events = told
    path = tmp_path / "a.gatescope"
    path.write_text("one")
    watched.watch(path, stamp_of(path))
    assert not watched.is_changed
    path.write_text("one and more")
    assert watched.is_changed  # at once, for who asks
    qtbot.waitUntil(lambda: events == ["changed"])
    replace_file(path, "two")  # as programs save
    qtbot.waitUntil(lambda: events == ["changed", "changed"])
    path.write_text("three, in the same file")
    qtbot.waitUntil(lambda: events == ["changed", "changed", "changed"])


def test_a_file_that_goes_and_comes_is_told(told: tuple[WatchedFile, list[str]], tmp_path: Path, qtbot: QtBot) -> None:
    watched, events = told
    path = tmp_path / "a.gatescope"
    path.write_text("one")
    watched.watch(path, stamp_of(path))
    path.unlink()
    qtbot.waitUntil(lambda: events == ["removed"])
    assert not watched.is_changed  # nothing would be lost by writing it again
    path.write_text("another")
    qtbot.waitUntil(lambda: events == ["removed", "changed"])
    assert watched.is_changed


def test_what_is_written_here_is_no_change(told: tuple[WatchedFile, list[str]], tmp_path: Path, qtbot: QtBot) -> None:
    watched, events = told
    path, other = tmp_path / "a.gatescope", tmp_path / "b.gatescope"
    path.write_text("one")
    watched.watch(path, stamp_of(path))
    replace_file(path, "written here")
    watched.watch(path, stamp_of(path))
    other.write_text("beside it")
    other.unlink()
    replace_file(path, "by somebody else")
    qtbot.waitUntil(lambda: events == ["changed"])
    watched.watch(None)
    replace_file(path, "no longer watched")
    qtbot.wait(1)
    assert events == ["changed"]
    assert not watched.is_changed
