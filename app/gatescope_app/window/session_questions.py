"""What is asked about the file of a session."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from gatescope_app.look.file_names import format_path


class SessionQuestions(QObject):
    """Asks in boxes over a window; Escape is Cancel in all of them."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    def about_changes(self, name: str) -> QMessageBox.StandardButton:
        """Ask what is to become of changes before they are left: Save, Discard or Cancel."""
        text = self.tr("Save the changes to “{name}”?").format(name=name)
        box = self._box(QMessageBox.Icon.Question, text, self.tr("Without it they are lost."))
        buttons = {button: box.addButton(button) for button in (_Button.Save, _Button.Discard, _Button.Cancel)}
        return _chosen(box, buttons)

    def about_other_version(self, path: Path) -> QMessageBox.StandardButton:
        """Ask whether to replace what another program wrote: Ok, Save (elsewhere) or Cancel."""
        text = self.tr("{path} was changed by another program since it was opened or saved here.")
        more = self.tr("Replacing it loses what was changed there.")
        box = self._box(QMessageBox.Icon.Warning, text.format(path=format_path(path)), more)
        buttons = {
            _Button.Save: box.addButton(self.tr("Save &as…"), _Role.AcceptRole),
            _Button.Ok: box.addButton(self.tr("&Replace it"), _Role.DestructiveRole),
            _Button.Cancel: box.addButton(_Button.Cancel),
        }
        return _chosen(box, buttons)

    def wants_copy(self, path: Path) -> bool:
        """Say that a file is open in another window; return whether a copy is to be opened."""
        more = self.tr("A copy has no name until you save it. The file stays with the other window.")
        box = self._box(QMessageBox.Icon.Information, self._describe_open_elsewhere(path), more)
        return self._wants(box, self.tr("Open a &copy"))

    def refuse_name(self, path: Path) -> None:
        """Say that another window has the file under whose name something was to be saved."""
        more = self.tr("Choose another name, or close it there first.")
        box = self._box(QMessageBox.Icon.Information, self._describe_open_elsewhere(path), more)
        _chosen(box, {_Button.Ok: box.addButton(_Button.Ok)})

    def wants_recording(self, problem: str) -> bool:
        """Say which recording is needed; return whether it is to be looked for."""
        more = self.tr("The session keeps a reference to the recording, not a copy of it.")
        return self._wants(self._box(QMessageBox.Icon.Question, problem, more), self.tr("&Find the recording…"))

    def _describe_open_elsewhere(self, path: Path) -> str:
        return self.tr("{path} is open in another window.").format(path=format_path(path))

    def _box(self, icon: QMessageBox.Icon, text: str, more: str) -> QMessageBox:
        box = QMessageBox(icon, "Gatescope", text, parent=self._window)
        box.setTextFormat(Qt.TextFormat.PlainText)  # there may be a `<` in the name of a file
        box.setInformativeText(more)
        return box

    def _wants(self, box: QMessageBox, what: str) -> bool:
        """Return whether that is chosen, and not Cancel."""
        buttons = {_Button.Ok: box.addButton(what, _Role.AcceptRole), _Button.Cancel: box.addButton(_Button.Cancel)}
        return _chosen(box, buttons) == _Button.Ok


_Button, _Role = QMessageBox.StandardButton, QMessageBox.ButtonRole


def _chosen(box: QMessageBox, buttons: Mapping[QMessageBox.StandardButton, QPushButton]) -> QMessageBox.StandardButton:
    """Ask; return which button was pressed, of which the first is Return's and Cancel is Escape's."""
    box.setDefaultButton(next(iter(buttons.values())))
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()  # or the window would keep every box it ever asked with
    return next((which for which, button in buttons.items() if button is clicked), _Button.Cancel)
