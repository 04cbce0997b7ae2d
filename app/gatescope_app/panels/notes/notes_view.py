"""What an example is about and what to look for at which step, and a person's own notes."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QTextBrowser

from gatescope_app.look import language
from gatescope_app.panels.notes.note_fields import NoteFields
from gatescope_app.state.session_state import State
from gatescope_app.widgets.box_layouts import fill_column
from gatescope_app.widgets.view import PanelParts, View


class NotesView(View):
    """The example's few lines and the first lines of own notes; a click on one goes to its step. Below, own notes."""

    def __init__(self, parts: PanelParts) -> None:
        super().__init__(parts)
        self.text, self.fields = QTextBrowser(openLinks=False), NoteFields()
        self.text.anchorClicked.connect(self._on_link)
        self.fields.step_typed.connect(self._take_step)
        self.fields.whole_typed.connect(self._take_whole)
        fill_column(self, (self.text, 1), self.fields, margins=(4, 4, 4, 4))
        self.retranslate()
        self.entry = self.fields.step

    def retranslate(self) -> None:
        self.text.setAccessibleName(self.tr("What to look for"))
        self.fields.retranslate()

    def apply(self, old: State | None, new: State) -> None:
        """Show the example's lines and the notes, and mark those of the current step."""
        self.fields.show_notes(new.notes, new.cursor.t, new.setup.steps - 1)
        same = old is not None and old.setup is new.setup and old.notes is new.notes
        if old is None or not same or self._at(old) != self._at(new):
            place = self.text.verticalScrollBar().value()
            self.text.setHtml(self._html(new))
            self.text.verticalScrollBar().setValue(place)
            self.text.scrollToAnchor("now")

    def _at(self, state: State) -> list[int]:
        """Return which lines speak of the current step."""
        return [index for index, (t, _) in enumerate(_lines(state)) if t == state.cursor.t and state.run is not None]

    def _html(self, state: State) -> str:
        example, now = state.setup.example, self._at(state)
        if example is None:
            parts = [escape(self.tr("Your own network and sequence. Step with F10 and watch the plots."))]
        else:
            parts = [f"<b>{escape(example.title[language.current()])}</b>", escape(example.summary[language.current()])]
        for index, (t, line) in enumerate(_lines(state)):
            text = escape(line)
            if index in now:
                text = f"<a name='now'></a><b>➤ {text}</b>"
            if t is not None:
                text = f"<a href='#{t}' style='color:{self.theme.accent}; text-decoration:none'>{text}</a>"
            parts.append(text)
        return "".join(f"<p>{part}</p>" for part in parts)

    def _on_link(self, url: QUrl) -> None:
        self.session.run_to(int(url.fragment()))

    # what is typed

    def _take_step(self, text: str) -> None:
        t, notes = self.session.state.cursor.t, self.session.state.notes
        self.session.set_notes(notes.with_step(t, text), ("note", t))

    def _take_whole(self, text: str) -> None:
        self.session.set_notes(replace(self.session.state.notes, whole=text), ("note", None))


def _lines(state: State) -> list[tuple[int | None, str]]:
    """Return the example's lines, then the first line of each own note, with the steps that they speak of."""
    example = state.setup.example
    looks = example.look if example is not None else ()
    own = ((t, f"t = {t}: {text.strip().partition(chr(10))[0]}") for t, text in state.notes.steps.items())
    return [*((look.t, look.text[language.current()]) for look in looks), *own]
