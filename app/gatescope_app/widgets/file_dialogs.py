"""Where to open a file and where to save one: each kind begins in the folder that was last used for it."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gatescope_app.look.file_names import format_path
from gatescope_app.state.settings import settings


def ask_open_path(parent: QWidget, kind: str, title: str, filters: str) -> str:
    """Ask for a file that is there; empty where nothing was chosen.

    Parameters
    ----------
    parent : QWidget
        What the dialog belongs to.
    kind : str
        Under which the folder is remembered: files of one kind lie together.
    title, filters : str
        Of the dialog, as QFileDialog takes them.
    """
    path, _ = QFileDialog.getOpenFileName(parent, title, str(last_folder(kind)), filters)
    if path:
        remember_folder(kind, path)
    return path


def ask_save_path(parent: QWidget, kind: str, title: str, name: str, filters: Sequence[str]) -> tuple[Path | None, int]:
    """Ask where to save; a name without an ending gets that of the filter.

    Parameters
    ----------
    parent, kind, title
        As for `ask_open_path`.
    name : str
        What is proposed: a name, or a whole path.
    filters : sequence of str
        Such as `CSV (*.csv)`.

    Returns
    -------
    path : Path or None
        None where nothing was chosen.
    filter : int
        Which of the filters was chosen; the first where the system does not tell.
    """
    proposed = str(last_folder(kind) / name)  # a whole path stays what it is
    while True:
        typed, chosen = QFileDialog.getSaveFileName(parent, title, proposed, ";;".join(filters))
        if not typed:
            return None, 0
        number = filters.index(chosen) if chosen in filters else 0
        path = _with_ending(Path(typed), filters, number)
        if path == Path(typed) or not os.path.exists(path) or _may_replace(parent, title, path):
            remember_folder(kind, str(path))
            return path, number
        proposed = str(path)


def last_folder(kind: str) -> Path:
    """Return the folder that was last used for files of a kind; the person's documents where there is none."""
    stored = settings().value(_key(kind))
    if isinstance(stored, str) and os.path.isdir(stored):
        return Path(stored)
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(documents) if os.path.isdir(documents) else Path.home()


def remember_folder(kind: str, path: str) -> None:
    """Begin there the next time that a file of this kind is asked for."""
    settings().setValue(_key(kind), str(Path(path).absolute().parent))


def _key(kind: str) -> str:
    return f"folder_{kind}"


def _with_ending(path: Path, filters: Sequence[str], chosen: int) -> Path:
    """Return the path with the filter's ending, where it has none of those that the filters name and is no folder."""
    endings = [ending for one in filters for ending in _endings_of(one)]
    if path.suffix.lower() in endings or os.path.isdir(path):
        return path
    return path.with_name(path.name + _endings_of(filters[chosen])[0])


def _endings_of(one: str) -> list[str]:
    """Return the endings that a filter such as `CSV (*.csv *.tsv)` names."""
    return re.findall(r"\*(\.\w+)", one)


def _may_replace(parent: QWidget, title: str, path: Path) -> bool:
    """Ask as the system does: it asked for the name without the ending, if at all."""
    question = QCoreApplication.translate("file_dialogs", "{path} is there already. Replace it?")
    buttons = QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No
    answer = QMessageBox.question(
        parent, title, question.format(path=format_path(path)), buttons, QMessageBox.StandardButton.No
    )
    return answer == QMessageBox.StandardButton.Yes
