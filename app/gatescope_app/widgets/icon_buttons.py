"""The row of small buttons at the head of a panel."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from gatescope_app.look.theme import Theme
from gatescope_app.widgets.box_layouts import fill_row


class IconButtons(dict[str, QToolButton]):
    """Flat buttons by name; their icons follow the theme.

    Parameters
    ----------
    icons : mapping
        The icon of each.
    """

    def __init__(self, icons: Mapping[str, str]) -> None:
        super().__init__({name: QToolButton() for name in icons})
        self._icons = icons
        for button in self.values():
            button.setAutoRaise(True)

    def beside(self, summary: QWidget) -> QHBoxLayout:
        """Return a row with a summary, which takes the room there is, and all buttons."""
        return fill_row(None, (summary, 1), *self.values(), spacing=2)

    def set_texts(self, texts: Mapping[str, str | tuple[str, str]]) -> None:
        """Set the name of each button, for those who do not see its icon, and its tooltip; one text is both."""
        for name, text in texts.items():
            title, tooltip = (text, text) if isinstance(text, str) else text
            self[name].setAccessibleName(title)
            self[name].setToolTip(tooltip)

    def set_enabled(self, **enabled: bool) -> None:
        """Let these buttons be pressed, or not."""
        for name, is_enabled in enabled.items():
            self[name].setEnabled(is_enabled)

    def set_theme(self, theme: Theme) -> None:
        import qtawesome  # noqa: PLC0415 - its fonts are loaded once the window is up

        for name, icon in self._icons.items():
            self[name].setIcon(qtawesome.icon(icon, color=theme.text, color_disabled=theme.disabled))
