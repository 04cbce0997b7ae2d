"""The toolbar: moves, speed, the time slider, the device, and the verdict."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from gatescope_app.look.theme import Theme
from gatescope_app.state.player import SPEEDS, Player
from gatescope_app.state.session import Session
from gatescope_app.state.session_state import State
from gatescope_app.widgets.value_label import ValueLabel
from gatescope_app.window.step_slider import StepSlider
from gatescope_app.window.verdict_badge import VerdictBadge

_GAP = 8  # pixels


class Toolbar(QToolBar):
    """Follows the session's step and verdict."""

    def __init__(
        self, session: Session, player: Player, theme: Theme, actions: dict[str, QAction], device_menu: QMenu
    ) -> None:
        super().__init__()
        self.setObjectName("toolbar")
        self.setMovable(False)
        self._session, self._theme = session, theme
        self.place = ValueLabel("t = 0000 / 0000", Qt.AlignmentFlag.AlignHCenter)
        self._text_buttons: list[QToolButton] = []  # buttons with words beside their icons, where there is room
        self.slider, self.speed = StepSlider(), QComboBox()
        self.device, self.badge = QToolButton(), VerdictBadge()
        self.device.setMenu(device_menu)
        self.device.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.badge.clicked.connect(actions["compare"].trigger)
        self.slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.slider.setMinimumWidth(80)
        self.slider.setPageStep(10)
        self.slider.valueChanged.connect(session.run_to)
        self.speed.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.speed.addItems([str(speed) for speed in SPEEDS])
        self.speed.setCurrentIndex(1)
        self.speed.currentIndexChanged.connect(lambda index: player.set_speed(SPEEDS[index]))
        self._fill(actions)
        session.changed.connect(self.apply)
        actions["toolbar"].setChecked(True)
        self.visibilityChanged.connect(lambda _: actions["toolbar"].setChecked(not self.isHidden()))

    def _fill(self, actions: dict[str, QAction]) -> None:
        for name in ("new_network", "sequence"):
            self.addAction(actions[name])
            button = self.widgetForAction(actions[name])
            if isinstance(button, QToolButton):
                self._text_buttons.append(button)
        self.addWidget(self.device)
        self.addSeparator()
        for name in ("first", "step_back", "step", "step_into", "step_out", "continue", "play", "last"):
            self.addAction(actions[name])
        self.addWidget(self.speed)
        self.addSeparator()
        self.addWidget(self.place)
        self.addWidget(self.slider)
        gap = QWidget()
        gap.setFixedWidth(_GAP)
        self.addWidget(gap)
        self.addWidget(self.badge)

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Toolbar"))
        for index, speed in enumerate(SPEEDS):
            self.speed.setItemText(index, self.tr("{speed} / s").format(speed=speed))
        self.speed.setToolTip(self.tr("Steps a second while playing (Ctrl+Up, Ctrl+Down)"))
        self.speed.setAccessibleName(self.tr("Speed"))
        self.slider.setToolTip(self.tr("Drag to any step"))
        self.slider.setAccessibleName(self.tr("Step"))
        self.device.setToolTip(self.tr("Where the network runs (Alt+D)"))
        self._show_verdict(self._session.state)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.badge.setFont(QApplication.font())  # under a style sheet it would keep the size that it started with
        self.retranslate()  # with as many words as have room now
        self.apply(None, self._session.state)

    def event(self, event: QEvent) -> bool:
        """Give up words where there is no room for everything."""
        handled = super().event(event)
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._fit()
        return handled

    def _fit(self) -> None:
        """Keep the verdict in sight: a toolbar that is too narrow would hide its end."""
        self.speed.setMinimumWidth(self.speed.sizeHint().width())  # of the type in force by now
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        if self._least_width() > self.width():
            style = Qt.ToolButtonStyle.ToolButtonIconOnly
        for button in self._text_buttons:
            if button.toolButtonStyle() != style:
                button.setToolButtonStyle(style)

    def _least_width(self) -> int:
        """Return how narrow the toolbar can be with all words, those of the verdict first."""
        widgets = [self.widgetForAction(action) for action in self.actions()]
        others = [widget for widget in widgets if widget not in (*self._text_buttons, self.badge)]
        widths = [max(widget.minimumSizeHint().width(), widget.minimumWidth(), _GAP) for widget in others]
        widths.append(self.badge.sizeHint().width())
        words = [self.fontMetrics().horizontalAdvance(button.text()) for button in self._text_buttons]
        return sum(widths) + sum(words) + len(words) * (self.iconSize().width() + 3 * _GAP) + len(widgets) * 2

    def change_speed(self, by: int) -> None:
        """Go to a neighbouring speed."""
        self.speed.setCurrentIndex(min(max(self.speed.currentIndex() + by, 0), len(SPEEDS) - 1))

    def apply(self, old: State | None, new: State) -> None:
        """Show the step, and for another run its length, device and verdict."""
        if old is None or old.run is not new.run or old.setup is not new.setup:
            with QSignalBlocker(self.slider):
                self.slider.setRange(0, new.setup.steps - 1)
            self.slider.setEnabled(new.run is not None)
            tf32 = new.run is not None and new.run.arithmetic == "tf32"
            self.device.setText(new.setup.spec.device.upper() + (" · TF32" if tf32 else ""))
            self._show_verdict(new)
        if old is None or old.hits is not new.hits:
            self.slider.set_ticks(_breakpoint_steps(new), self._theme.breakpoint)
        with QSignalBlocker(self.slider):
            self.slider.setValue(new.cursor.t)
        self.place.setText(f"t = {new.cursor.t} / {new.setup.steps - 1}")

    def _show_verdict(self, state: State) -> None:
        verdict = None if state.run is None else state.run.report.verdict
        self.badge.show_verdict(verdict, self._theme, state.history.edits)


def _breakpoint_steps(state: State) -> NDArray[np.int64]:
    """Return the steps at which a breakpoint is hit in any cell."""
    if state.hits is None:
        return np.empty(0, dtype=np.int64)
    return np.unique(np.concatenate([state.hits.steps(*cell) for cell in state.setup.spec.cells()]))
