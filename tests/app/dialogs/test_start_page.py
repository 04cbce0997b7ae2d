"""The start page: four ways in, by mouse and by keyboard, and out of it to the window as it is."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QScrollArea

import gatescope as gs
from gatescope_app.dialogs.start_page import RECORDING, StartPage
from gatescope_app.window.main_window import MainWindow
from gatescope_resources.examples import example_names, load_example


def shown(window: MainWindow) -> list[StartPage]:
    return [page for page in window.findChildren(StartPage) if page.isVisible()]


@pytest.fixture
def open_page(window: MainWindow, hands: Any) -> Callable[[], StartPage]:
    """Return a function that opens the start page over the window on `hello`."""

    def opens() -> StartPage:
        hands.bring_up(window)
        hands.press("Ctrl+Shift+H")
        (page,) = shown(window)
        hands.qtbot.waitUntil(page.isActiveWindow)
        return page

    return opens


@pytest.fixture
def page(open_page: Callable[[], StartPage]) -> StartPage:
    return open_page()


def wait_for_example(window: MainWindow, hands: Any, name: str) -> None:
    hands.qtbot.waitUntil(lambda: window.session.state.setup.example == load_example(name))
    hands.wait_for_run(window)


def test_every_example_is_a_card_that_return_opens(window: MainWindow, page: StartPage, hands: Any) -> None:
    assert list(page.examples) == list(example_names())
    assert [card.text() for card in page.examples.values()] == [load_example(n).title["en"] for n in example_names()]
    assert page.examples["latch"].hasFocus()
    hands.press("Down", window=page)
    assert page.examples["brackets"].hasFocus()
    hands.press("Return", window=page)
    wait_for_example(window, hands, "brackets")
    assert not shown(window)
    hands.bring_up(window)
    hands.press("F10")
    assert window.session.state.cursor.t == 1
    hands.press("Ctrl+Z")  # and nothing is lost
    wait_for_example(window, hands, "hello")


def test_a_card_is_pressed_by_the_mouse_and_by_space_too(window: MainWindow, open_page: Any, hands: Any) -> None:
    hands.click(open_page().examples["latch"])
    wait_for_example(window, hands, "latch")
    again = open_page()
    again.examples["sine"].setFocus()
    hands.press("Space", window=again)
    wait_for_example(window, hands, "sine")


def test_escape_leaves_to_the_window_as_it_is(window: MainWindow, page: StartPage, hands: Any) -> None:
    before = window.session.state
    hands.press("Esc", window=page)
    hands.expect_unchanged(window, before)
    hands.bring_up(window)
    hands.press("F10")
    assert window.session.state.cursor.t == 1


def test_the_other_cards_ask_for_a_network_and_for_a_file(
    window: MainWindow, open_page: Any, hands: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *arguments: (asked.append(arguments[1]) or "", ""))
    monkeypatch.setattr(window.requests, "network", lambda: asked.append("network"))
    for button in ("network", "model", "open_button"):
        page = open_page()
        hands.click(getattr(page, button))
    assert asked == ["network", "Open", "Open"]


def test_the_lines_to_paste_record_a_training_that_the_window_opens(page: StartPage, hands: Any) -> None:
    hands.click(page.copy_button)
    assert QGuiApplication.clipboard().text() == RECORDING
    assert page.copy_button.text() == "&Copied"
    assert page.code.toPlainText() == RECORDING.rstrip()
    ast.parse(RECORDING)

    def train(model: torch.nn.Module) -> None:
        model(torch.ones(3, 2))

    exec(RECORDING, {"model": torch.nn.GRU(2, 3), "train": train})
    assert [len(trace) for trace in gs.load("run.gates")["GRU"]] == [3]


def test_it_fits_a_small_screen_and_scrolls_where_type_is_large(window: MainWindow, open_page: Any) -> None:
    window.resize(1024, 700)
    for size, scrolls in ((0, False), (9, True)):
        window.appearance.set_larger(size)
        page = open_page()
        QApplication.processEvents()
        area: Any = page.findChild(QScrollArea, options=Qt.FindChildOption.FindDirectChildrenOnly)
        assert page.width() <= window.width()
        assert page.height() <= window.height()
        assert area.horizontalScrollBar().maximum() == 0
        assert (area.verticalScrollBar().maximum() > 0) == scrolls
        page.reject()


def test_it_comes_once_by_itself(window: MainWindow) -> None:
    window.requests.start_page_at_first()
    (page,) = shown(window)
    page.reject()
    window.requests.start_page_at_first()
    assert not shown(window)
