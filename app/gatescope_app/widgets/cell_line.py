"""A checked line over a cell of a table, with a note directly below it for what is wrong."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QHideEvent, QPalette
from PySide6.QtWidgets import QFrame, QWidget

from gatescope_app.look.theme import Theme
from gatescope_app.widgets.checked_line import Check, CheckedLine, describe_error
from gatescope_app.widgets.problem_label import ProblemLabel


class CellLine(CheckedLine):
    """A line with a thin frame; the usual one would leave no room for the text.

    Parameters
    ----------
    parent : QWidget
        The viewport; the note lies in it as well, since a cell is narrow.
    check : callable
        Given what is typed over the cell's own text; raises GatescopeError where it is wrong.
    theme : Theme
        The colours.
    """

    def __init__(self, parent: QWidget, check: Check, theme: Theme) -> None:
        super().__init__(lambda text: check(text) if self.isModified() else None, parent)
        self._viewport, self._theme = parent, theme
        self.note = _note(self, parent, theme)
        self.destroyed.connect(self.note.deleteLater)
        self._frame("palette(link)")
        self.error_shown.connect(self._show_note)

    def place_note(self) -> None:
        """Put the note below the line; above it, where there is no room below."""
        viewport, line = self._viewport.rect(), self.geometry()
        wanted = self.note.fontMetrics().horizontalAdvance(self.note.text()) + 16
        width = min(viewport.width(), max(line.width(), wanted))
        height = self.note.heightForWidth(width)
        fits = line.bottom() + height <= viewport.bottom() or line.top() < height
        left = max(0, min(line.left(), viewport.width() - width))
        self.note.setGeometry(QRect(left, line.bottom() + 1 if fits else line.top() - height, width, height))

    def hideEvent(self, event: QHideEvent) -> None:
        """Have the note go with its line."""
        self.note.hide()
        super().hideEvent(event)

    def _show_note(self, shown: bool) -> None:
        text = describe_error(self.error) if shown and self.error is not None else ""
        self._frame(self._theme.differs if text else "palette(link)")
        self.setAccessibleDescription(text)
        if not text:
            self.note.clear()
            return
        self.note.show_problem(text)
        self.place_note()
        self.note.raise_()

    def _frame(self, colour: str) -> None:
        self.setStyleSheet(f"border: 1px solid {colour}; padding: 0 2px; background: palette(base)")


def _note(line: CellLine, parent: QWidget, theme: Theme) -> ProblemLabel:
    note = ProblemLabel(theme)
    note.setParent(parent)
    note.setMargin(3)
    note.setFrameShape(QFrame.Shape.Box)
    note.setAutoFillBackground(True)
    note.setBackgroundRole(QPalette.ColorRole.Window)
    note.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # a click on it is none elsewhere
    note.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    note.setFocusProxy(line)
    return note
