"""What an example is about, and what to look for at which step."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QTextBrowser

from gatescope_app.look import language
from gatescope_app.state.session import State
from gatescope_app.widgets.box_layouts import fill_column
from gatescope_app.widgets.view import PanelParts, View


class NotesView(View):
    """The example's few lines; a click on one goes to its step."""

    def __init__(self, parts: PanelParts) -> None:
        super().__init__(parts)
        self.text = QTextBrowser(openLinks=False)
        self.text.anchorClicked.connect(self._on_link)
        fill_column(self, self.text, margins=(4, 4, 4, 4))
        self.retranslate()

    def retranslate(self) -> None:
        self.text.setAccessibleName(self.tr("What to look for"))

    def apply(self, old: State | None, new: State) -> None:
        """Show the example's lines, and mark those of the current step."""
        if old is None or old.setup is not new.setup or self._at(old) != self._at(new):
            place = self.text.verticalScrollBar().value()
            self.text.setHtml(self._html(new))
            self.text.verticalScrollBar().setValue(place)
            self.text.scrollToAnchor("now")

    def _at(self, state: State) -> list[int]:
        """Return which lines speak of the current step."""
        example = state.setup.example
        lines = example.look if example is not None else ()
        return [index for index, look in enumerate(lines) if look.t == state.cursor.t and state.run is not None]

    def _html(self, state: State) -> str:
        example = state.setup.example
        if example is None:
            own = self.tr("Your own network and sequence. Step with F10 and watch the plots.")
            return f"<p>{escape(own)}</p>"
        parts = [f"<p><b>{escape(example.title[language.current()])}</b></p>"]
        parts.append(f"<p>{escape(example.summary[language.current()])}</p>")
        now = self._at(state)
        for index, look in enumerate(example.look):
            text = escape(look.text[language.current()])
            if index in now:
                text = f"<a name='now'></a><b>➤ {text}</b>"
            if look.t is not None:
                colour = self.theme.accent
                text = f"<a href='#{look.t}' style='color:{colour}; text-decoration:none'>{text}</a>"
            parts.append(f"<p>{text}</p>")
        return "".join(parts)

    def _on_link(self, url: QUrl) -> None:
        self.session.run_to(int(url.fragment()))
