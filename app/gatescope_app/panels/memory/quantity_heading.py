"""The symbol of a quantity above what shows it."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from gatescope_app.look.theme import Theme
from gatescope_app.state.session_state import State


class QuantityHeading(QLabel):
    """A quantity's symbol in its colour: underlined where selected, on a ground where pointed at in any view."""

    def __init__(self, name: str, symbol: str) -> None:
        super().__init__()
        self._name, self._symbol = name, symbol

    def follow(self, state: State, theme: Theme) -> None:
        """Show whether it is selected, and whether it is pointed at."""
        ground = f"background-color:{theme.raised};" if state.pointed == self._name else ""
        line = "text-decoration:underline;" if state.quantity == self._name else ""
        style = f"color:{theme.quantities[self._name]};{ground}{line}"
        text = f"<b style='{style}'>{self._symbol}<sub>t</sub></b>"
        if text != self.text():
            self.setText(text)
