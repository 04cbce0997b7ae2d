"""Which files were opened last is remembered between starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gatescope_app.state.recent_files import MOST, RecentFiles
from gatescope_app.state.settings import settings


def test_the_newest_comes_first_and_none_twice(tmp_path: Path) -> None:
    recent = RecentFiles()
    for name in ("a.pt", "b.csv", "a.pt"):
        recent.add(tmp_path / name)
    assert recent.paths == [str(tmp_path / "a.pt"), str(tmp_path / "b.csv")]
    assert RecentFiles().paths == recent.paths
    recent.add("c.npy")  # whatever the working folder is the next time
    assert recent.paths[0] == str(Path("c.npy").absolute())


def test_one_alone_comes_back_and_more_than_a_handful_are_forgotten(tmp_path: Path) -> None:
    recent = RecentFiles()
    recent.add(tmp_path / "only.pt")
    settings().sync()
    assert RecentFiles().paths == [str(tmp_path / "only.pt")]
    for number in range(MOST + 3):
        recent.add(tmp_path / f"{number}.pt")
    assert len(recent.paths) == MOST
    assert recent.paths[-1] == str(tmp_path / "3.pt")
    recent.clear()
    assert RecentFiles().paths == []


@pytest.mark.parametrize("stored", [5, b"\xff\x00", [1, None, ""], {"a": 1}, True])
def test_damaged_settings_are_no_files(stored: Any) -> None:
    settings().setValue("recent_files", stored)
    assert all(isinstance(path, str) for path in RecentFiles().paths)
    RecentFiles().add("a.pt")
    assert Path(RecentFiles().paths[0]).name == "a.pt"
