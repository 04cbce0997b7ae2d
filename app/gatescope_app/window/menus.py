"""The menu bar."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu

from gatescope.messages.translation_marks import QT_TRANSLATE_NOOP
from gatescope_app.look.appearance import Appearance
from gatescope_app.look.language import LANGUAGES, without_accelerator
from gatescope_app.look.tooltips import set_action_tooltip
from gatescope_app.state.recent_files import RecentFiles
from gatescope_app.state.session import Session
from gatescope_app.window.action_table import ACTIONS
from gatescope_app.window.choice_menu import ChoiceMenu
from gatescope_app.window.device_menu import DeviceMenu
from gatescope_app.window.examples_menu import ExamplesMenu
from gatescope_app.window.layouts import Layouts
from gatescope_app.window.panels import Panels
from gatescope_app.window.recent_menu import RecentMenu
from gatescope_app.window.user_requests import UserRequests

TITLES = {
    "file": QT_TRANSLATE_NOOP("Menus", "&File"), "edit": QT_TRANSLATE_NOOP("Menus", "&Edit"),
    "step": QT_TRANSLATE_NOOP("Menus", "&Step"), "breakpoints": QT_TRANSLATE_NOOP("Menus", "B&reakpoints"),
    "view": QT_TRANSLATE_NOOP("Menus", "&View"), "device": QT_TRANSLATE_NOOP("Menus", "&Device"),
    "language": QT_TRANSLATE_NOOP("Menus", "L&anguage"), "help": QT_TRANSLATE_NOOP("Menus", "&Help"),
}  # fmt: skip
"""The menus of the bar, from left to right."""

# With Ctrl and Alt held nothing else is used, so that the letter can be the choice's own.
_THEMES = {
    "system": (QT_TRANSLATE_NOOP("Menus", "As the &system"), "Ctrl+Alt+S"),
    "light": (QT_TRANSLATE_NOOP("Menus", "&Light"), "Ctrl+Alt+L"),
    "dark": (QT_TRANSLATE_NOOP("Menus", "&Dark"), "Ctrl+Alt+D"),
}
_LAYOUTS = {
    "teach": (QT_TRANSLATE_NOOP("Menus", "&Teach"), "F6"),
    "debug": (QT_TRANSLATE_NOOP("Menus", "&Debug"), "F7"),
    "compare": (QT_TRANSLATE_NOOP("Menus", "&Compare"), "F8"),
}
# A language is called by its own name in every language.
_LANGUAGES = {"en": (LANGUAGES["en"], "Ctrl+Alt+E"), "zh_CN": (LANGUAGES["zh_CN"], "Ctrl+Alt+C")}


class Menus(QObject):
    """Makes the menus of the table of actions and of what can be chosen, and keeps their texts and ticks."""

    def __init__(
        self, window: QMainWindow, actions: dict[str, QAction], panels: Panels, layouts: Layouts,
        appearance: Appearance, session: Session, requests: UserRequests, recent: RecentFiles,
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._panels, self._layouts, self._appearance = panels, layouts, appearance
        self.themes = ChoiceMenu(
            window, QT_TRANSLATE_NOOP("Menus", "&Theme"), QT_TRANSLATE_NOOP("Menus", "Theme: {name}"), _THEMES,
            appearance.choose_theme,
        )  # fmt: skip
        self.layouts = ChoiceMenu(
            window, QT_TRANSLATE_NOOP("Menus", "Lay&out"), QT_TRANSLATE_NOOP("Menus", "Layout: {name}"), _LAYOUTS,
            layouts.choose,
        )  # fmt: skip
        self.languages = ChoiceMenu(
            window, TITLES["language"], QT_TRANSLATE_NOOP("Menus", "Language: {name}"), _LANGUAGES,
            appearance.choose_language,
        )  # fmt: skip
        self.device, self.panel_menu = DeviceMenu(window, session), QMenu(window)
        self.panel_menu.setToolTipsVisible(True)
        self.panel_menu.addActions(list(panels.actions.values()))
        own: dict[str, QMenu] = {"device": self.device, "language": self.languages}
        self.menus = {name: own.get(name) or QMenu(window) for name in TITLES}
        for menu in self.menus.values():
            window.menuBar().addMenu(menu)
        for menu in (self.layouts, self.panel_menu, self.themes):
            self.menus["view"].addMenu(menu)
        self.recent = RecentMenu(window, recent, requests.open)
        self.examples = ExamplesMenu(window, requests.example)
        self._add(actions)
        layouts.chosen.connect(self.layouts.tick)
        appearance.theme_changed.connect(lambda _theme: self.tick())

    def _add(self, actions: dict[str, QAction]) -> None:
        """Put each action where its row says, with a line between groups."""
        for place, rows in groupby(ACTIONS, key=lambda row: row.menu):
            menu, group = place.split()
            if group != "1":
                self.menus[menu].addSeparator()
            self.menus[menu].addActions([actions[row.name] for row in rows])
            if place == "file 1":
                for submenu in (self.recent, self.examples):
                    self.menus[menu].addMenu(submenu)

    def tick(self) -> None:
        """Tick what is in force."""
        self.themes.tick(self._appearance.choice)
        self.languages.tick(self._appearance.language)
        self.layouts.tick(self._layouts.name)

    def retranslate(self) -> None:
        for name, menu in self.menus.items():
            menu.setTitle(QCoreApplication.translate("Menus", TITLES[name]))
        self.panel_menu.setTitle(self.tr("&Panels"))
        for menu in (self.themes, self.layouts, self.languages, self.device, self.recent, self.examples):
            menu.retranslate()
        for action in self._panels.actions.values():
            tip = self.tr("Show or hide the panel {name}").format(name=without_accelerator(action.text()))
            set_action_tooltip(action, tip)
        self.tick()
