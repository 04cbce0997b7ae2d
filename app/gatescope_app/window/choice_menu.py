"""A menu of which one entry is in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from gatescope_app.look.language import without_accelerator
from gatescope_app.look.tooltips import set_action_tooltip


class ChoiceMenu(QMenu):
    """Ticks the choice in force, and hands the name of another to `choose`.

    `choices` has text and key of each; in `tip` the text stands for `{name}`. Texts are marked in the context `Menus`.
    """

    def __init__(
        self, parent: QWidget, title: str, tip: str, choices: Mapping[str, tuple[str, str]],
        choose: Callable[[Any], object],
    ) -> None:  # fmt: skip
        super().__init__(parent, toolTipsVisible=True)
        self._title, self._tip, self._choices = title, tip, choices
        group = QActionGroup(self)
        self.by_name = {name: QAction(group) for name in choices}
        for name, action in self.by_name.items():
            action.setCheckable(True)
            action.setShortcut(QKeySequence(choices[name][1]))
            action.triggered.connect(lambda _checked, name=name: choose(name))
            self.addAction(action)

    def tick(self, name: str) -> None:
        """Tick what is in force."""
        self.by_name[name].setChecked(True)

    def retranslate(self) -> None:
        self.setTitle(QCoreApplication.translate("Menus", self._title))
        for name, action in self.by_name.items():
            action.setText(self.text_of(name))
            tip = QCoreApplication.translate("Menus", self._tip)
            action.setIconText(tip.format(name=without_accelerator(action.text())))  # in the list of keys
            set_action_tooltip(action, action.iconText())

    def text_of(self, name: str) -> str:
        """Return what an entry is called in the current language."""
        return QCoreApplication.translate("Menus", self._choices[name][0])
