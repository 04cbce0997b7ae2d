"""Qt's actions, made of the rows of their table: texts, tooltips, icons, and when each can be chosen."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QIcon, QKeySequence, QPixmap
from PySide6.QtWidgets import QMainWindow

from gatescope.messages.message import Message
from gatescope_app.look.language import format_message, format_named, without_accelerator
from gatescope_app.look.theme import Theme
from gatescope_app.look.tooltips import set_action_tooltip
from gatescope_app.state.session_state import State
from gatescope_app.window.action_table import ACTIONS, ActionParts

_ENABLED_BY = (
    "run",
    "kept",
    "revision",
    "breakpoints",
    "undo_stack",
)  # what of the session decides which actions can be chosen


class WindowActions(QObject):
    """All actions of a window by their names; what they act on comes later, with `bind`."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.by_name = {row.name: QAction(window) for row in ACTIONS}
        for row in ACTIONS:
            action = self.by_name[row.name]
            action.setObjectName(row.name)
            action.setCheckable(row.checkable)
            action.setShortcuts([QKeySequence(key) for key in row.keys])
            if row.icon:
                action.setIcon(_blank())  # keeps the place until `set_icons`
            window.addAction(action)

    def bind(self, parts: ActionParts) -> None:
        """Let each action do what its row says, and follow when it can be chosen."""
        self._parts = parts
        for row in ACTIONS:
            self.by_name[row.name].triggered.connect(lambda _checked, do=row.do: do(parts))
        parts.player.playing_changed.connect(self.by_name["play"].setChecked)
        parts.session.changed.connect(self._on_change)
        # An edit can be undone at once, while its run is under way.
        for worker in (parts.session.runner, parts.exporter.worker):
            worker.started.connect(self.enable)
            worker.ended.connect(self.enable)
        self.enable()

    def _on_change(self, old: State, new: State) -> None:
        if any(getattr(old, name) is not getattr(new, name) for name in _ENABLED_BY):
            self.enable()

    def enable(self) -> None:
        """Offer what can be done now; undo and redo say what they would change."""
        for row in ACTIONS:
            self.by_name[row.name].setEnabled(row.when(self._parts))
        stack = self._parts.session.undo_stack
        self._set_label("undo", stack.undo_label)
        self._set_label("redo", stack.redo_label)

    def _set_label(self, name: str, label: Message | None) -> None:
        text = next(_translate(row.text) for row in ACTIONS if row.name == name)
        self.by_name[name].setText(text if label is None else format_named(text, format_message(label)))

    def retranslate(self) -> None:
        """Set texts and tooltips, with the keys in them, in the current language."""
        for row in ACTIONS:
            action = self.by_name[row.name]
            action.setText(_translate(row.text))
            action.setIconText(without_accelerator(action.text()))  # on the toolbar, and in the list of keys
            set_action_tooltip(action, _translate(row.tip))
        self.enable()

    def set_icons(self, theme: Theme) -> None:
        """Give the actions icons in the theme's colours."""
        import qtawesome  # noqa: PLC0415 - its fonts are loaded once the window is up

        for row in ACTIONS:
            if row.icon:
                options = {"hflip": True} if row.name == "step_back" else {}
                icon = qtawesome.icon(row.icon, color=theme.text, color_disabled=theme.disabled, **options)
                self.by_name[row.name].setIcon(icon)


def _blank() -> QIcon:
    pixmap = QPixmap(24, 24)
    pixmap.fill(Qt.GlobalColor.transparent)
    return QIcon(pixmap)


def _translate(text: str) -> str:
    return QCoreApplication.translate("actions", text)
