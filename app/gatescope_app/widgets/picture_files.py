"""Pictures of what a panel shows, as files."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QCoreApplication, QIODevice
from PySide6.QtWidgets import QWidget

from gatescope.formats.files import whole_files
from gatescope_app.widgets.file_dialogs import ask_save_path


def ask_save_picture(widget: QWidget, name: str) -> None:
    """Ask where to save what a widget shows, and write it, whole or not at all.

    Parameters
    ----------
    widget : QWidget
        It is saved as it is seen.
    name : str
        What is proposed, without an ending.

    Raises
    ------
    GatescopeError
        Where the file cannot be written.
    """
    picture = widget.grab()  # now: the dialog may move what is shown
    title = QCoreApplication.translate("picture_files", "Save picture")
    filters = [QCoreApplication.translate("picture_files", "PNG picture (*.png)")]
    path, _ = ask_save_path(widget, "pictures", title, f"{name}.png", filters)
    if path is None:
        return
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    with whole_files(path) as (file,):
        file.write(buffer.data().data())
