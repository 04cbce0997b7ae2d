"""Dialogs for files begin where the last of their kind was, and complete the names of those to be written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from gatescope_app.widgets.file_dialogs import ask_open_path, ask_save_path, last_folder

FILTERS = ("CSV, a row for each unit (*.csv)", "Picture (*.png *.jpg)")


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Return a function that lets the system's dialogs answer, one after the other; it returns where they began."""

    def prepare(*paths: Path | str, kind: int = 0) -> list[str]:
        begun: list[str] = []
        left = list(paths)

        def ask(_parent: QWidget, _title: str, begin: str, filters: str) -> tuple[str, str]:
            begun.append(begin)
            return str(left.pop(0)), filters.split(";;")[kind] if kind >= 0 else ""

        monkeypatch.setattr(QFileDialog, "getOpenFileName", ask)
        monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
        return begun

    return prepare


def test_each_kind_begins_in_the_folder_that_was_last_used_for_it(
    parent: QWidget, answers: Any, tmp_path: Path
) -> None:
    (tmp_path / "one").mkdir()
    begun = answers(tmp_path / "one" / "a.csv", "", "")
    assert ask_open_path(parent, "sequence", "Open", "*.csv") == str(tmp_path / "one" / "a.csv")
    assert ask_open_path(parent, "sequence", "Open", "*.csv") == ""
    ask_open_path(parent, "checkpoint", "Open", "*.pt")
    assert begun[1] == str(tmp_path / "one")
    assert begun[0] == begun[2] != str(tmp_path / "one")


def test_at_first_and_where_the_folder_is_gone_it_is_the_documents_or_home_and_not_the_working_folder(
    parent: QWidget, answers: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _which: str(tmp_path / "Documents"))
    assert last_folder("trace") == tmp_path / "home"  # a fresh system has no folder for documents
    (tmp_path / "Documents").mkdir()
    assert last_folder("trace") == tmp_path / "Documents"
    (tmp_path / "gone").mkdir()
    answers(tmp_path / "gone" / "a.csv")
    ask_save_path(parent, "trace", "Save", "a.csv", FILTERS)
    assert last_folder("trace") == tmp_path / "gone"
    (tmp_path / "gone").rmdir()
    assert last_folder("trace") == tmp_path / "Documents"


@pytest.mark.parametrize(
    ("typed", "kind", "written"),
    [
        ("mine", 0, "mine.csv"), ("mine", 1, "mine.png"), ("mine", -1, "mine.csv"), ("mine.JPG", 0, "mine.JPG"),
        ("v1.2", 0, "v1.2.csv"), (".hidden", 0, ".hidden.csv"),
    ],
)  # fmt: skip
def test_a_name_without_an_ending_gets_that_of_its_filter(
    parent: QWidget, answers: Any, tmp_path: Path, typed: str, kind: int, written: str
) -> None:
    answers(tmp_path / typed, kind=kind)
    path, number = ask_save_path(parent, "export", "Export", "trace.csv", FILTERS)
    assert (path, number) == (tmp_path / written, max(kind, 0))


def test_a_file_of_the_completed_name_is_replaced_only_when_asked(
    parent: QWidget, answers: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.csv").write_text("older")
    asked: list[str] = []
    wanted = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]

    def question(_parent: QWidget, _title: str, text: str, *_buttons: Any) -> QMessageBox.StandardButton:
        asked.append(text)
        return wanted[len(asked) - 1]

    monkeypatch.setattr(QMessageBox, "question", question)
    begun = answers(tmp_path / "mine", tmp_path / "other")
    assert ask_save_path(parent, "export", "Export", "trace.csv", FILTERS)[0] == tmp_path / "other.csv"
    assert asked == [f"{tmp_path / 'mine.csv'} is there already. Replace it?"]
    assert begun[1] == str(tmp_path / "mine.csv")  # asked again, with what was typed
    answers(tmp_path / "mine")
    assert ask_save_path(parent, "export", "Export", "trace.csv", FILTERS)[0] == tmp_path / "mine.csv"
    answers(tmp_path / "mine.csv")  # of a whole name the system asked itself
    ask_save_path(parent, "export", "Export", "trace.csv", FILTERS)
    assert len(asked) == 2


def test_leaving_the_dialog_is_no_path(parent: QWidget, answers: Any) -> None:
    answers("")
    assert ask_save_path(parent, "export", "Export", "trace.csv", FILTERS) == (None, 0)
