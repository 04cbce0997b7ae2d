"""How the window looks, as a session keeps it, and a small picture to know the session by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QBuffer, QObject, QSize, Qt
from PySide6.QtWidgets import QWidget

from gatescope_app.state.arrangement import format_arrangement, read_arrangement
from gatescope_app.window.layouts import Layouts

_PICTURE = QSize(480, 300)


class SessionLooks(QObject):
    """Describes the window, and gives it the looks of another session."""

    def __init__(self, window: QWidget, layouts: Layouts) -> None:
        super().__init__(window)
        self._window, self._layouts = window, layouts

    def describe(self) -> Mapping[str, Any]:
        """Return plain values, as JSON has them."""
        return {"arrangement": format_arrangement(self._layouts.describe())}

    def show(self, looks: Mapping[str, Any]) -> None:
        """Arrange the panels; what a session does not say stays as it is."""
        arrangement = read_arrangement(looks.get("arrangement"))
        if arrangement is not None:
            self._layouts.apply(arrangement)

    def picture(self) -> bytes | None:
        """Return a PNG of the window; None where it is not to be seen."""
        if not self._window.isVisible() or self._window.isMinimized():
            return None
        whole, buffer = self._window.grab(), QBuffer()
        small = whole.scaled(_PICTURE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        return bytes(buffer.data().data()) if small.save(buffer, "PNG") else None
