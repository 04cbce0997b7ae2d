"""The tabs of panels that lie behind each other: close together, and never with a title cut short."""

from __future__ import annotations

from PySide6.QtCore import QChildEvent, QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QProxyStyle, QStyle, QStyleOption, QTabBar, QWidget

_ROOM = 14  # pixels beside a title; the usual 24 leave no room for seven titles in a window of 1024


class _CloseTabs(QProxyStyle):
    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        if metric == QStyle.PixelMetric.PM_TabBarTabHSpace:
            return _ROOM
        return super().pixelMetric(metric, option, widget)


class DockTabs(QObject):
    """Changes each tab bar as soon as the window has made it; what has no room is scrolled to."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._style = _CloseTabs(QApplication.style().name())
        self._style.setParent(self)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QChildEvent) and event.type() == QEvent.Type.ChildPolished:
            bar = event.child()
            if isinstance(bar, QTabBar):
                bar.setElideMode(Qt.TextElideMode.ElideNone)
                bar.setStyle(self._style)
        return super().eventFilter(watched, event)
