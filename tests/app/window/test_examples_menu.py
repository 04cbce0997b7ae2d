"""File > Examples: each example by one click, in the language in force."""

from __future__ import annotations

from typing import Any

from gatescope_app.window.main_window import MainWindow
from gatescope_resources.examples import example_names, load_example


def test_every_example_has_a_line_and_opens_at_once(window: MainWindow, hands: Any) -> None:
    menu = window.menus.examples
    assert [action.iconText() for action in menu.actions()] == [load_example(n).title["en"] for n in example_names()]
    for name, action in zip(example_names(), menu.actions(), strict=True):
        example = load_example(name)
        assert action.text().endswith(f"\t{example.module}")
        assert action.toolTip() == example.summary["en"]
        hands.click_menu(menu, action)
        hands.wait_for_run(window)
        shown = window.session.state.setup.example
        assert shown is not None
        assert shown.name == name
        assert window.windowTitle().startswith(example.title["en"])


def test_the_lines_follow_the_language(window: MainWindow, hands: Any) -> None:
    window.appearance.choose_language("zh_CN")
    title = load_example("latch").title["zh_CN"]
    hands.qtbot.waitUntil(lambda: window.menus.examples.actions()[0].iconText() == title)
    assert window.menus.examples.actions()[0].toolTip() == load_example("latch").summary["zh_CN"]
