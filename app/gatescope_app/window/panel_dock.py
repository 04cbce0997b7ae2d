"""The dock of a panel, with a button in its title bar that leads to the panel's page of the help."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QDockWidget,
    QMainWindow,
    QStyleOptionDockWidget,
    QToolButton,
)

_GAP = 2  # pixels between the buttons of the title bar


class PanelDock(QDockWidget):
    """Qt's dock with one more button, to the left of those that it has.

    Signals
    -------
    help_asked()
        The button was pressed.
    """

    help_asked = Signal()

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.help = QToolButton(self, autoRaise=True)
        self.help.setText("?")
        self.help.setFocusPolicy(self._neighbour.focusPolicy())  # the keys have an action of their own
        self.help.clicked.connect(self.help_asked)
        self._neighbour.installEventFilter(self)
        self.topLevelChanged.connect(lambda _: self._place_button())

    def retranslate(self, title: str) -> None:
        """Take the title in another language."""
        self.setWindowTitle(title)
        self.help.setToolTip(self.tr("What this panel shows, how it is computed, and what to try (Ctrl+F1)"))
        self.help.setAccessibleName(self.tr("Help on {panel}").format(panel=title))

    @property
    def _neighbour(self) -> QAbstractButton:
        """The button that Qt puts to the left of its others."""
        button = self.findChild(QAbstractButton, "qt_dockwidget_floatbutton")
        assert isinstance(button, QAbstractButton)
        return button

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay beside the neighbour."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide):
            self._place_button()
        return super().eventFilter(watched, event)

    def _place_button(self) -> None:
        beside = self._neighbour.geometry()
        self.help.setGeometry(beside.translated(-beside.width() - _GAP, 0))
        self.help.setVisible(not self._neighbour.isHidden())  # a floating one may have the system's title bar instead
        self.help.raise_()

    def initStyleOption(self, option: QStyleOptionDockWidget) -> None:
        """Keep the title clear of the button."""
        super().initStyleOption(option)
        room = self.help.x() - self.fontMetrics().averageCharWidth() - _GAP
        option.title = self.fontMetrics().elidedText(option.title, Qt.TextElideMode.ElideRight, max(room, 0))
