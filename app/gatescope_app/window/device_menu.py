"""The menu of where and how the network runs."""

from __future__ import annotations

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from gatescope.messages.message import Message
from gatescope.messages.translation_marks import QT_TRANSLATE_NOOP
from gatescope_app.look.language import format_message
from gatescope_app.look.tooltips import set_action_tooltip
from gatescope_app.state.devices import Devices
from gatescope_app.state.runs import Arithmetic
from gatescope_app.state.session import Session
from gatescope_app.state.session_state import State
from gatescope_app.window.choice_menu import ChoiceMenu

_ARITHMETICS = {
    "ieee": (QT_TRANSLATE_NOOP("Menus", "&IEEE float32"), "Ctrl+Alt+I"),
    "tf32": (QT_TRANSLATE_NOOP("Menus", "&TF32"), "Ctrl+Alt+T"),
}


class DeviceMenu(QMenu):
    """Lists the devices once they are known, and the arithmetics; ticks those of the current run."""

    def __init__(self, parent: QWidget, session: Session) -> None:
        super().__init__(parent)
        self._session = session
        self._absence: Message | None = None
        self.by_name: dict[str, QAction] = {}
        self.arithmetic = ChoiceMenu(
            parent, QT_TRANSLATE_NOOP("Menus", "&Arithmetic"), QT_TRANSLATE_NOOP("Menus", "Arithmetic: {name}"),
            _ARITHMETICS, session.start_in,
        )  # fmt: skip
        self.setToolTipsVisible(True)
        session.changed.connect(self._on_change)
        session.runner.ended.connect(self.tick)  # a device that was refused is not in force

    def show_devices(self, devices: Devices) -> None:
        """List the CPU and the CUDA devices; where there is none, a grey entry says why."""
        self._absence = devices.absence
        self.clear()
        group = QActionGroup(self)
        self.by_name = {name: QAction(group) for name in ("cpu", *(devices.cuda or ("cuda",)))}
        for name, action in self.by_name.items():
            action.setCheckable(True)
            action.triggered.connect(lambda _checked, name=name: self._session.start_on(name))
            self.addAction(action)
        self.addSeparator()
        self.addMenu(self.arithmetic)
        self.retranslate()

    def retranslate(self) -> None:
        for name, action in self.by_name.items():
            absent = name != "cpu" and self._absence is not None
            action.setEnabled(not absent)
            reason = format_message(self._absence) if absent and self._absence is not None else ""
            action.setText(f"{name.upper()}  –  {reason}" if absent else name.upper())
            action.setToolTip(reason or self.tr("Run on {device}").format(device=name.upper()))
        self.arithmetic.retranslate()
        self.tick()

    def _on_change(self, old: State, new: State) -> None:
        if old.run is not new.run:
            self.tick()

    def tick(self) -> None:
        """Tick what is in force."""
        state = self._session.state
        device = state.setup.spec.device
        if device == "cuda":  # torch's name for the first of them
            device = next((name for name in self.by_name if name.startswith("cuda")), device)
        if device in self.by_name:
            self.by_name[device].setChecked(True)
        self.set_arithmetic(device, state.setup.spec.dtype, "ieee" if state.run is None else state.run.arithmetic)

    def set_arithmetic(self, device: str, dtype: str, in_force: Arithmetic) -> None:
        """Tick the arithmetic in force, and offer the other where it can be chosen; a grey entry says why not."""
        reason = ""
        if not device.startswith("cuda"):
            reason = self.tr("only on CUDA")
        elif dtype != "float32":
            reason = self.tr("only for float32")
        for name, action in self.arithmetic.by_name.items():
            action.setEnabled(not reason)
            text = self.arithmetic.text_of(name)
            action.setText(f"{text}  –  {reason}" if reason and name != in_force else text)
            set_action_tooltip(action, reason or action.iconText())
        self.arithmetic.tick(in_force)
