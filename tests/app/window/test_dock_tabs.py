"""Every title of a tab can be read, also in a small window."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QTabBar

from gatescope_app.window.main_window import MainWindow


def bars(window: MainWindow) -> list[QTabBar]:
    """Return the tab bars of panels that lie behind each other."""
    found = window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return [bar for bar in found if bar.isVisible()]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_all_titles_have_room_on_a_small_screen(window: MainWindow, language: str) -> None:
    window.appearance.choose_language(language)
    window.resize(1024, 728)
    QApplication.processEvents()
    assert window.width() == 1024
    assert sum(bar.count() for bar in bars(window)) == 13
    for bar in bars(window):
        for index in range(bar.count()):
            place, text = bar.tabRect(index), bar.tabText(index)
            assert text in [dock.windowTitle() for dock in window.docks.values()]
            assert bar.rect().contains(place), text
            assert place.width() > bar.fontMetrics().horizontalAdvance(text)


def test_what_has_no_room_is_scrolled_to_and_not_cut(window: MainWindow, hands: Any) -> None:
    for _ in range(6):
        hands.press("Ctrl++")
    window.resize(window.minimumSizeHint())
    QApplication.processEvents()
    assert any(bar.tabRect(bar.count() - 1).right() > bar.width() for bar in bars(window))
    for bar in bars(window):
        assert bar.elideMode() == Qt.TextElideMode.ElideNone
        assert bar.usesScrollButtons()
        for index in range(bar.count()):
            assert bar.tabRect(index).width() > bar.fontMetrics().horizontalAdvance(bar.tabText(index))
