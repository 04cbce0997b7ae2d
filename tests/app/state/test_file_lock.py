"""A file that is open in one window is known to the others, until that window or its process ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths

from gatescope_app.state import file_lock
from gatescope_app.state.file_lock import lock_file

_OTHER = """
import sys
from pathlib import Path
from gatescope_app.state.file_lock import lock_file
lock = lock_file(Path(sys.argv[1]))
print("has it" if lock is not None else "refused", flush=True)
sys.stdin.read()
"""


def test_one_window_has_a_file_until_it_lets_go(tmp_path: Path) -> None:
    lock = lock_file(tmp_path / "a.gatescope")
    assert lock is not None
    assert lock_file(tmp_path / "a.gatescope") is None
    assert lock_file(tmp_path / "." / "x" / ".." / "a.gatescope") is None
    assert lock_file(tmp_path / "b.gatescope") is not None
    assert [path for path in tmp_path.glob("*") if path.suffix == ".lock"] == []  # nothing beside people's files
    lock.release()
    assert lock_file(tmp_path / "a.gatescope") is not None


def test_a_link_is_the_file_that_it_points_to(tmp_path: Path) -> None:
    (tmp_path / "a.gatescope").touch()
    (tmp_path / "link.gatescope").symlink_to(tmp_path / "a.gatescope")
    lock = lock_file(tmp_path / "a.gatescope")
    assert lock is not None
    assert lock_file(tmp_path / "link.gatescope") is None


def test_another_process_has_it_until_it_is_killed(tmp_path: Path) -> None:
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    path = tmp_path / "a.gatescope"
    code = f"from PySide6.QtCore import QStandardPaths as P; P.writableLocation = lambda _: {folder!r}\n{_OTHER}"
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ
    )
    assert other.stdout is not None
    assert other.stdin is not None
    assert other.stdout.readline() == b"has it\n"
    assert lock_file(path) is None
    other.kill()
    other.wait()
    other.stdout.close()
    other.stdin.close()
    assert lock_file(path) is not None


def test_where_locks_cannot_be_made_all_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(file_lock, "_lock_path", lambda _path: tmp_path / "file" / "in it" / "a.lock")
    lock = lock_file(tmp_path / "a.gatescope")
    assert lock is not None
    lock.release()
