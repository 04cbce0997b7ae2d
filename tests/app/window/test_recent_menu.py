"""File > Open recent: what was opened comes back by one click, and what is gone is grey."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog

from gatescope_app.window.main_window import MainWindow


def rows(window: MainWindow) -> list[QAction]:
    """Return the files of the menu, without what follows the line."""
    actions = window.menus.recent.actions()
    return actions[: next(number for number, action in enumerate(actions) if action.isSeparator())]


def open_menu(window: MainWindow, hands: Any) -> None:
    menu = window.menus.recent
    menu.popup(QPoint(10, 10))
    hands.qtbot.waitUntil(lambda: menu.isVisible() and not menu._worker.busy)
    menu.hide()


def test_what_was_opened_is_listed_with_its_kind_and_opens_again(
    window: MainWindow, hands: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    three_modules: Path, hello_recording: Path,
) -> None:  # fmt: skip
    def accept(dialog: Any) -> None:
        qtbot.waitUntil(lambda: not dialog.worker.busy)
        qtbot.waitUntil(dialog.ok.isEnabled)
        hands.press("Return" if hasattr(dialog, "model") else "Ctrl+Return", window=dialog)

    assert not window.menus.recent.menuAction().isEnabled()
    for path in (three_modules, hello_recording):
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, path=path: (str(path), ""))
        hands.in_dialog(lambda: hands.press("Ctrl+O"), accept)
        hands.wait_for_run(window)
    assert window.menus.recent.menuAction().isEnabled()
    assert [row.text() for row in rows(window)] == ["&1  hello.gates\trecording", "&2  three.pth\tcheckpoint"]
    assert rows(window)[1].toolTip() == str(three_modules)
    hands.in_dialog(lambda: hands.click_menu(window.menus.recent, rows(window)[1]), accept)
    hands.wait_for_run(window)
    assert "three.pth" in window.windowTitle()
    assert [row.text() for row in rows(window)] == ["&1  three.pth\tcheckpoint", "&2  hello.gates\trecording"]
    np.save(tmp_path / "mine.npy", np.ones((7, 4)))
    hands.in_dialog(lambda: window.requests.open(str(tmp_path / "mine.npy")), accept)
    hands.wait_for_run(window)
    assert rows(window)[0].text() == "&1  mine.npy\tsequence"


def test_what_is_gone_is_grey_and_says_so_and_the_list_can_be_cleared(
    window: MainWindow, hands: Any, tmp_path: Path
) -> None:
    (tmp_path / "there.csv").write_text("1\n2\n")
    window.files.recent.add(tmp_path / "there.csv")
    window.files.recent.add(tmp_path / "gone.pt")
    open_menu(window, hands)
    assert [(row.text(), row.isEnabled()) for row in rows(window)] == [
        ("&1  gone.pt\tno longer there", False), ("&2  there.csv\tsequence", True),
    ]  # fmt: skip
    (tmp_path / "gone.pt").touch()
    open_menu(window, hands)
    assert [row.isEnabled() for row in rows(window)] == [True, True]
    assert rows(window)[0].text() == "&1  gone.pt\tcheckpoint"
    window.menus.recent.actions()[-1].trigger()
    assert rows(window) == []
    assert not window.menus.recent.menuAction().isEnabled()


def test_names_of_files_are_shown_escaped_and_cut_in_their_middle(window: MainWindow, tmp_path: Path) -> None:
    window.files.recent.add(tmp_path / "R&D\x1b[31m\n.pt")
    window.files.recent.add(tmp_path / (250 * "x" + ".pt"))
    long, odd = rows(window)
    assert odd.text() == "&2  R&&D\\x1b[31m\\n.pt\tcheckpoint"
    assert "\n" not in odd.toolTip()
    assert "…" in long.text()
    assert len(long.text()) < 110
