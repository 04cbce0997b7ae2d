"""The menu of a panel's title and of its tab."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMenu, QTabBar, QWidget

from gatescope_app.window.main_window import MainWindow


def ask(widget: QWidget, at: QPoint) -> QMenu:
    QApplication.sendEvent(widget, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, widget.mapToGlobal(at)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose(menu: QMenu, text: str) -> None:
    action = next(one for one in menu.actions() if one.text().replace("&", "").startswith(text))
    menu.close()
    action.trigger()


def title_of(dock: QDockWidget) -> QPoint:
    return QPoint(20, 8)


def tab_of(window: MainWindow, name: str) -> tuple[QTabBar, QPoint]:
    title = window.docks[name].windowTitle()
    for bar in window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
        for tab in range(bar.count()):
            if bar.isVisible() and bar.tabText(tab) == title:
                return bar, bar.tabRect(tab).center()
    raise AssertionError(name)


def test_a_panel_is_hidden_from_its_tab_or_its_title(window: MainWindow, hands: Any) -> None:
    choose(ask(*tab_of(window, "watches")), "Hide this panel")
    assert window.docks["watches"].isHidden()
    assert not window.docks["breakpoints"].isHidden()
    dock = window.docks["sequence"]
    choose(ask(dock, title_of(dock)), "Hide this panel")
    assert dock.isHidden()
    assert not window.panels.actions["sequence"].isChecked()


def test_a_panel_floats_and_comes_back(window: MainWindow, hands: Any) -> None:
    dock = window.docks["watches"]
    choose(ask(*tab_of(window, "watches")), "Make it a window of its own")
    assert dock.isFloating()
    window.session.step()
    assert window.views["watches"]._shown is window.session.state
    choose(ask(dock, title_of(dock)), "Put it back into the window")
    assert not dock.isFloating()


def test_other_panels_are_shown_from_there(window: MainWindow) -> None:
    window.docks["log"].close()
    menu = ask(window.docks["sequence"], title_of(window.docks["sequence"]))
    inner = next(one.menu() for one in menu.actions() if one.menu() is not None)
    assert isinstance(inner, QMenu)
    assert inner.actions() == list(window.panels.actions.values())
    menu.close()
    window.panels.actions["log"].trigger()
    assert not window.docks["log"].isHidden()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_tabs_are_told_apart_in_every_language(window: MainWindow, language: str) -> None:
    window.appearance.choose_language(language)
    QApplication.processEvents()
    for name in ("notes", "where", "log", "memory"):
        menu = ask(*tab_of(window, name))
        menu.actions()[0].trigger()
        menu.close()
        assert window.docks[name].isHidden(), name
