"""Where a person writes notes: one of the step that is looked at, and one of the whole session."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Signal
from PySide6.QtWidgets import QPlainTextEdit, QStyleOptionTab, QTabBar, QTabWidget

from gatescope_app.state.document import Notes

_LINES = 3  # that are seen at once, where there is little room


class NoteField(QPlainTextEdit):
    """A text that is taken over as it is typed.

    Signals
    -------
    typed(str)
        The whole text as it is now.
    """

    typed = Signal(str)

    def __init__(self) -> None:
        super().__init__(tabChangesFocus=True)
        self.textChanged.connect(lambda: self.typed.emit(self.toPlainText()))

    def show_note(self, text: str) -> None:
        """Show another note; of the same one, the place in it stays."""
        if text != self.toPlainText():
            with QSignalBlocker(self):
                self.setPlainText(text)

    def sizeHint(self) -> QSize:
        """Ask for a few lines."""
        return QSize(super().sizeHint().width(), self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Need as many lines as can be read at once."""
        margins = 2 * (self.frameWidth() + int(self.document().documentMargin()))
        return QSize(1, _LINES * self.fontMetrics().lineSpacing() + margins)


class NoteTabs(QTabBar):
    """The titles of the notes; the first is the step, and a step asks for no new layout of the window.

    Qt does ask for one whenever a title changes, which takes longer than painting it: so the room is that of the
    last step, and the current one is written into it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setAutoFillBackground(True)  # or panel and dock are painted again below it
        self._step = ""

    def show_step(self, t: int, last: int) -> None:
        """Name step `t` of a run, in a place that has room for its last one."""
        self._step = f"t = {t}"
        if self.tabText(0) != (widest := f"t = {last}"):
            self.setTabText(0, widest)
        self.setAccessibleTabName(0, self._step)
        self.update(self.tabRect(0))

    def initStyleOption(self, option: QStyleOptionTab, index: int) -> None:
        """Write the current step."""
        super().initStyleOption(option, index)
        if index == 0:
            option.text = self._step


class NoteFields(QTabWidget):
    """The two notes, behind each other.

    Signals
    -------
    step_typed(str), whole_typed(str)
        The note of the step, or of the session, as it is now.
    """

    step_typed = Signal(str)
    whole_typed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.titles = NoteTabs()
        self.setTabBar(self.titles)
        self.setDocumentMode(True)
        self.step, self.whole = NoteField(), NoteField()
        self.step.typed.connect(self.step_typed)
        self.whole.typed.connect(self.whole_typed)
        for field in (self.step, self.whole):
            self.addTab(field, "")

    def retranslate(self) -> None:
        self.setTabText(1, self.tr("Session"))
        self.step.setPlaceholderText(self.tr("Your note on this step"))
        self.whole.setPlaceholderText(self.tr("Your notes on the whole session"))
        for field in (self.step, self.whole):
            field.setAccessibleName(field.placeholderText())
            field.setToolTip(self.tr("Kept with the session"))

    def show_notes(self, notes: Notes, t: int, last: int) -> None:
        """Show the notes as they are while step `t` of a run is looked at."""
        self.titles.show_step(t, last)
        self.step.show_note(notes.at(t))
        self.whole.show_note(notes.whole)
