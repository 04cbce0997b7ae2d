"""The menu bar."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from gatescope.messages.message import Message
from gatescope_app.look.language import LANGUAGES, format_message, without_accelerator
from gatescope_app.look.theme import CHOICES
from gatescope_app.state.runs import ARITHMETICS, Arithmetic
from gatescope_app.window.actions import set_tip
from gatescope_app.window.layouts import LAYOUTS

_MENUS = {
    "file": ("new_network", "sequence", "open", "", "save_trace", "export", "", "quit"),
    "edit": ("undo", "redo", "", "what_if", "reset", "branch", "compare_original"),
    "step": (
        "first", "step_back", "step", "last", "", "step_into", "step_back_into", "step_out", "",
        "continue", "reverse_continue", "play", "faster", "slower", "", "go_to", "",
        "compare", "keep", "compare_kept", "forget",
    ),
    "breakpoints": ("toggle_breakpoint", "new_breakpoint", "remove_breakpoints", "", "new_watch"),
    "view": (
        "lines", "heat", "auto", "", "next_quantity", "previous_quantity", "next_unit", "previous_unit", "",
        "all_units", "one_unit", "show_all", "", "larger", "smaller", "reset_layout", "close_message",
    ),
    "device": (),
    "language": (),
    "help": ("keys", "about"),
}  # fmt: skip

# With these two keys held nothing else is used, so that the letter can be the choice's own.
_THEME_KEYS = {"system": "Ctrl+Alt+S", "light": "Ctrl+Alt+L", "dark": "Ctrl+Alt+D"}
_ARITHMETIC_KEYS = {"ieee": "Ctrl+Alt+I", "tf32": "Ctrl+Alt+T"}
_LAYOUT_KEYS = {"teach": "F6", "debug": "F7", "compare": "F8"}
_LANGUAGE_KEYS = {"en": "Ctrl+Alt+E", "zh_CN": "Ctrl+Alt+C"}


class Menus(QObject):
    """Makes the menus and keeps their texts and ticks."""

    def __init__(self, window: QMainWindow, actions: dict[str, QAction], panels: dict[str, QAction]) -> None:
        super().__init__(window)
        self.menus: dict[str, QMenu] = {}
        for name, entries in _MENUS.items():
            self.menus[name] = window.menuBar().addMenu("")
            for entry in entries:
                self.menus[name].addAction(actions[entry]) if entry else self.menus[name].addSeparator()
        self.themes = _choices(self, CHOICES, _THEME_KEYS)
        self.theme_menu, self.panel_menu, self.arithmetic_menu = QMenu(window), QMenu(window), QMenu(window)
        self.layouts, self.layout_menu = _choices(self, tuple(LAYOUTS), _LAYOUT_KEYS), QMenu(window)
        self.layout_menu.addActions(list(self.layouts.values()))
        self.arithmetics = _choices(self, ARITHMETICS, _ARITHMETIC_KEYS)
        self.arithmetic_menu.addActions(list(self.arithmetics.values()))
        self.theme_menu.addActions(list(self.themes.values()))
        self.panels = list(panels.values())
        self.panel_menu.addActions(self.panels)
        self.menus["view"].insertMenu(actions["lines"], self.layout_menu)
        self.menus["view"].insertMenu(actions["lines"], self.panel_menu)
        self.menus["view"].insertMenu(actions["lines"], self.theme_menu)
        self.languages = _choices(self, tuple(LANGUAGES), _LANGUAGE_KEYS)
        for name, action in self.languages.items():
            action.setText(LANGUAGES[name])  # a language is called by its own name in every language
        self.menus["language"].addActions(list(self.languages.values()))
        self.devices: dict[str, QAction] = {}
        self._absence: Message | None = None

    def retranslate(self) -> None:
        """Set all texts again."""
        texts = {
            "file": self.tr("&File"), "edit": self.tr("&Edit"), "step": self.tr("&Step"),
            "breakpoints": self.tr("B&reakpoints"), "view": self.tr("&View"),
            "device": self.tr("&Device"), "language": self.tr("L&anguage"), "help": self.tr("&Help"),
        }  # fmt: skip
        for name, text in texts.items():
            self.menus[name].setTitle(text)
        self.theme_menu.setTitle(self.tr("&Theme"))
        self.panel_menu.setTitle(self.tr("&Panels"))
        self.layout_menu.setTitle(self.tr("Lay&out"))
        self.arithmetic_menu.setTitle(self.tr("&Arithmetic"))
        themes = {"system": self.tr("As the &system"), "light": self.tr("&Light"), "dark": self.tr("&Dark")}
        for name, action in self.themes.items():
            action.setText(themes[name])
        layouts = {"teach": self.tr("&Teach"), "debug": self.tr("&Debug"), "compare": self.tr("&Compare")}
        for name, action in self.layouts.items():
            action.setText(layouts[name])
        submenus = (self.layout_menu, self.theme_menu, self.panel_menu, self.arithmetic_menu)
        for menu in (self.menus["device"], self.menus["language"], *submenus):
            menu.setToolTipsVisible(True)
        self._set_tips()
        self._set_device_texts()

    def choices(self) -> list[QAction]:
        """Return the layouts, themes, languages, arithmetics and panels, which all have keys."""
        return [
            *self.layouts.values(),
            *self.themes.values(),
            *self.languages.values(),
            *self.arithmetics.values(),
            *self.panels,
        ]

    def _set_tips(self) -> None:
        tips = {
            self.tr("Layout: {name}"): self.layouts.values(),
            self.tr("Theme: {name}"): self.themes.values(),
            self.tr("Language: {name}"): self.languages.values(),
            self.tr("Show or hide the panel {name}"): self.panels,
        }
        for tip, actions in tips.items():
            for action in actions:
                action.setIconText(tip.format(name=without_accelerator(action.text())))  # in the list of keys
                set_tip(action, action.iconText())

    def set_devices(self, cuda: list[str], absence: Message | None, choose: Callable[[str], None]) -> None:
        """List the CPU and the CUDA devices; where there is none, a grey entry says why."""
        self._absence = absence
        self.menus["device"].clear()
        self.devices = _choices(self, ("cpu", *(cuda or ["cuda"])))
        for name, action in self.devices.items():
            action.triggered.connect(lambda _checked, name=name: choose(name))
        self.menus["device"].addActions(list(self.devices.values()))
        self.menus["device"].addSeparator()
        self.menus["device"].addMenu(self.arithmetic_menu)
        self._set_device_texts()

    def _set_device_texts(self) -> None:
        for name, action in self.devices.items():
            absent = name != "cpu" and self._absence is not None
            action.setEnabled(not absent)
            reason = format_message(self._absence) if absent and self._absence is not None else ""
            action.setText(f"{name.upper()}  –  {reason}" if absent else name.upper())
            action.setToolTip(reason or self.tr("Run on {device}").format(device=name.upper()))

    def tick(self, theme: str, language: str, device: str, layout: str) -> None:
        """Tick what is in force."""
        if device == "cuda":  # torch's name for the first of them
            device = next((name for name in self.devices if name.startswith("cuda")), device)
        chosen = ((self.themes, theme), (self.languages, language), (self.devices, device), (self.layouts, layout))
        for group, name in chosen:
            if name in group:
                group[name].setChecked(True)

    def set_arithmetic(self, device: str, dtype: str, in_force: Arithmetic) -> None:
        """Tick the arithmetic in force, and offer the other where it can be chosen; a grey entry says why not."""
        names = {"ieee": self.tr("&IEEE float32"), "tf32": self.tr("&TF32")}
        reason = ""
        if not device.startswith("cuda"):
            reason = self.tr("only on CUDA")
        elif dtype != "float32":
            reason = self.tr("only for float32")
        for name, action in self.arithmetics.items():
            action.setEnabled(not reason)
            absent = reason and name != in_force
            action.setText(f"{names[name]}  –  {reason}" if absent else names[name])
            action.setIconText(self.tr("Arithmetic: {name}").format(name=without_accelerator(names[name])))
            set_tip(action, reason or action.iconText())
        self.arithmetics[in_force].setChecked(True)


def _choices(parent: QObject, names: tuple[str, ...], keys: dict[str, str] | None = None) -> dict[str, QAction]:
    """Return actions of which one is ticked."""
    group = QActionGroup(parent)
    actions = {name: QAction(group) for name in names}
    for action in actions.values():
        action.setCheckable(True)
    for name, key in (keys or {}).items():
        actions[name].setShortcut(QKeySequence(key))
    return actions
