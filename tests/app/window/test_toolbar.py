"""The toolbar can be hidden, and cannot be lost."""

from __future__ import annotations

from typing import Any

from gatescope_app.window.main_window import MainWindow


def test_it_is_hidden_and_shown_from_the_menu_and_by_its_key(window: MainWindow, hands: Any) -> None:
    action = window.actions_by_name["toolbar"]
    assert action in window.menus.menus["view"].actions()
    assert action.isChecked()
    for _ in range(2):
        hands.press("Ctrl+Alt+B")
        assert window.toolbar.isHidden()
        assert not action.isChecked()
        action.trigger()
        assert not window.toolbar.isHidden()
        assert action.isChecked()


def test_reset_layout_brings_it_back_and_another_layout_has_its_own(window: MainWindow, hands: Any) -> None:
    hands.press("Ctrl+Alt+B", "F6")
    assert window.toolbar.isVisible()
    hands.press("F7")
    assert window.toolbar.isHidden()
    hands.press("Ctrl+Shift+0")
    assert window.toolbar.isVisible()
    assert window.actions_by_name["toolbar"].isChecked()


def test_a_right_click_on_it_offers_what_the_menu_view_does(window: MainWindow) -> None:
    menu = window.createPopupMenu()
    assert menu.actions()[0] is window.actions_by_name["toolbar"]
    assert set(window.panels.actions.values()) <= set(menu.actions())
    menu.deleteLater()
