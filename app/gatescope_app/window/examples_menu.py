"""The examples that the program brings, each opened by one click."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from gatescope_app.look import language
from gatescope_app.look.tooltips import set_action_tooltip
from gatescope_resources.examples import Example, example_names, load_example


class ExamplesMenu(QMenu):
    """A line for each example: its title, the network, and what it shows as the tooltip."""

    def __init__(self, parent: QWidget, open_example: Callable[[str], object]) -> None:
        super().__init__(parent, toolTipsVisible=True)
        self._examples: dict[str, tuple[Example, QAction]] = {}
        for name in example_names():
            action = self.addAction("")
            action.triggered.connect(lambda _checked, name=name: open_example(name))
            self._examples[name] = load_example(name), action

    def retranslate(self) -> None:
        self.setTitle(self.tr("&Examples"))
        for number, (example, action) in enumerate(self._examples.values(), start=1):
            title = example.title[language.current()]
            action.setText(f"&{number}  {title.replace('&', '&&')}\t{example.module}")
            action.setIconText(title)
            set_action_tooltip(action, example.summary[language.current()])
