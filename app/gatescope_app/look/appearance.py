"""Theme, language and size of type: chosen in the menu, applied to the whole program, remembered."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from gatescope_app.look import language, theme
from gatescope_app.state.settings import settings

SMALLEST, LARGEST = 8, 26  # points


class Appearance(QObject):
    """Owns how the program looks.

    Signals
    -------
    theme_changed(Theme)
        Other colours, or another size of type, are in force.
    """

    theme_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        stored = settings()
        choice = str(stored.value("theme", "system"))
        self.choice: theme.Choice = next((known for known in theme.CHOICES if known == choice), "system")
        name = str(stored.value("language", language.system_language()))
        self.language = name if name in language.LANGUAGES else "en"
        self._usual_size = QApplication.font().pointSize()
        self._size = _whole_number(stored.value("type_size"), self._usual_size)
        self._larger = 0  # for the layout in force
        self.theme = theme.resolve(self.choice)
        QGuiApplication.styleHints().colorSchemeChanged.connect(lambda _: self._apply_theme())

    def apply(self) -> None:
        """Put everything into force."""
        language.use(self.language)
        self._apply_size()
        self._apply_theme()

    def choose_theme(self, choice: theme.Choice) -> None:
        """Choose `system`, `light` or `dark`."""
        self.choice = choice
        settings().setValue("theme", choice)
        self._apply_theme()

    def choose_language(self, name: str) -> None:
        """Choose one of `language.LANGUAGES`."""
        self.language = name
        settings().setValue("language", name)
        language.use(name)

    def change_size(self, points: int) -> None:
        """Make all type larger, or smaller."""
        self._size = min(max(self._size + points, SMALLEST), LARGEST)
        settings().setValue("type_size", self._size)
        self._apply_size()
        self.theme_changed.emit(self.theme)

    def set_larger(self, points: int) -> None:
        """Add so much to the size that was chosen, as long as a layout for a class is in force."""
        if points != self._larger:
            self._larger = points
            self._apply_size()
            self.theme_changed.emit(self.theme)

    def _apply_size(self) -> None:
        font = QApplication.font()
        font.setPointSize(min(max(self._size + self._larger, SMALLEST), LARGEST))
        QApplication.setFont(font)

    def _apply_theme(self) -> None:
        self.theme = theme.resolve(self.choice)
        theme.apply(self.theme)
        self.theme_changed.emit(self.theme)


def _whole_number(value: object, otherwise: int) -> int:
    try:
        return int(str(value))
    except ValueError:
        return otherwise
