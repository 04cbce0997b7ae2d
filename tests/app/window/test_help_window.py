"""The help: a page for each panel in every language, links that lead somewhere, and the keys of the window."""

from __future__ import annotations

import re
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gatescope_app.look import language
from gatescope_app.window.action_table import ACTIONS
from gatescope_app.window.help_window import PAGES, HelpWindow, PageBrowser, anchor_of, show_help
from gatescope_app.window.main_window import MainWindow
from gatescope_app.window.panel_table import CENTRE, PANELS
from gatescope_resources.help import GLOSSARY, help_page, help_page_names

LANGUAGES = ("en", "zh_CN")
KEYS = {row.name: row.keys for row in ACTIONS}


def anchors(text: str) -> set[str]:
    return {anchor_of(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


def dead_links(pages: dict[str, str]) -> list[str]:
    """Return the links that lead to no page, or to no heading of one."""
    dead = []
    for name, text in pages.items():
        for link in re.findall(r"\]\(([^)]*)\)", text):
            page, _, anchor = link.partition("#")
            target = pages.get(page.removesuffix(".md") if page else name)
            if target is None or (anchor and anchor not in anchors(target)):
                dead.append(f"{name}: {link}")
    return dead


def written_keys(text: str) -> set[str]:
    """Return the keys of the window that a page spells instead of naming their action."""
    keys = {key for row in ACTIONS for key in row.keys} | {f"Ctrl+Alt+{panel.key}" for panel in PANELS}
    return {key for key in keys if re.search(rf"(?<![\w+]){re.escape(key)}(?![\w+])", re.sub(r"\{.*?\}", "", text))}


@pytest.mark.parametrize("speech", LANGUAGES)
def test_every_panel_has_a_page_and_every_page_a_panel(speech: str) -> None:
    panels = {CENTRE.name, *(panel.name for panel in PANELS)}
    assert help_page_names(speech) == panels | {GLOSSARY} == set(PAGES)


@pytest.mark.parametrize("speech", LANGUAGES)
def test_every_link_leads_to_a_page_or_a_word(speech: str) -> None:
    pages = {name: help_page(name, speech) for name in PAGES}
    assert sum("](" in text for text in pages.values()) == len(PAGES)
    assert dead_links(pages) == []
    assert dead_links({**pages, "log": "[a](gone.md) [b](glossary.md#gone) [c](#gone)"}) == [
        "log: gone.md", "log: glossary.md#gone", "log: #gone",
    ]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_pages_name_actions_and_panels_that_there_are_and_spell_no_key(name: str) -> None:
    for speech in LANGUAGES:
        text = help_page(name, speech)
        for kind, what in re.findall(r"\{(\w+):(\w+)\}", text):
            assert kind in ("key", "action", "panel")
            assert what in (PAGES if kind == "panel" else KEYS), what
            assert kind != "key" or KEYS[what], what
        assert written_keys(text) == set()


def test_a_key_that_is_spelt_is_found() -> None:
    assert written_keys("Press **F10**, or Ctrl+F9.") == {"F10", "Ctrl+F9"}
    assert written_keys("Press **{key:step}** or Ctrl+Space; Ctrl+F97.") == set()


# in the window


def shown(window: MainWindow) -> HelpWindow:
    found = window.findChild(HelpWindow)
    assert isinstance(found, HelpWindow)
    assert found.isVisible()
    return found


def headings_in_view(browser: PageBrowser) -> set[str]:
    """Return what links call the headings that can be seen."""
    first, last = (browser.cursorForPosition(place).blockNumber() for place in _corners(browser))
    blocks = (browser.document().findBlockByNumber(number) for number in range(first, last + 1))
    return {anchor_of(block.text()) for block in blocks if block.blockFormat().headingLevel()}


def _corners(browser: PageBrowser) -> tuple[QPoint, QPoint]:
    area = browser.viewport().rect()
    return area.topLeft(), area.bottomRight()


def test_pages_have_the_keys_and_titles_of_the_window(window: MainWindow) -> None:
    show_help(window, "breakpoints")
    help_window = shown(window)
    text = help_window.browser.toPlainText()
    assert text.startswith("Breakpoints\n")
    native = QKeySequence(KEYS["continue"][0]).toString(QKeySequence.SequenceFormat.NativeText)
    assert f"Press {native} for the next hit" in text
    for name in PAGES:
        help_window.show_page(name)
        assert not re.search(r"\{(key|action|panel):", help_window.browser.toPlainText()), name
        assert help_window.contents.currentRow() == PAGES.index(name)
        assert help_window.contents.currentItem().text() in help_window.windowTitle()


def test_the_button_in_a_title_bar_opens_the_page_of_its_panel(window: MainWindow, hands: Any) -> None:
    for name in ("memory", "inspector"):
        window.docks[name].raise_()
        QApplication.processEvents()
        hands.click(window.docks[name].help)
        assert shown(window).browser.source() == QUrl(f"help:/{name}.md")
        assert len(window.findChildren(HelpWindow)) == 1
        hands.bring_up(window)


def test_ctrl_f1_opens_the_page_of_the_panel_with_the_focus(window: MainWindow, hands: Any) -> None:
    for panel, page in (("watches", "watches"), (None, CENTRE.name)):
        hands.bring_up(window)
        if panel is None:
            window.gates.units.setFocus()
        else:
            window.panels.show(panel)
        hands.press("Ctrl+F1")
        assert shown(window).browser.source() == QUrl(f"help:/{page}.md")


def test_a_link_leads_to_its_word_and_back(window: MainWindow, hands: Any) -> None:
    show_help(window, "memory")
    help_window = shown(window)
    hands.bring_up(help_window)
    browser = help_window.browser
    browser.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(browser, Qt.Key.Key_Tab)
    QTest.keyClick(browser, Qt.Key.Key_Return)  # the first link of the page
    assert browser.source() == QUrl("help:/glossary.md#saturation")
    assert "saturation" in headings_in_view(browser)
    assert "batch-element" not in headings_in_view(browser)
    assert help_window.contents.currentRow() == PAGES.index(GLOSSARY)
    hands.click(help_window.back)
    assert browser.source() == QUrl("help:/memory.md")


def test_the_page_on_show_follows_the_language(window: MainWindow) -> None:
    show_help(window, "memory")
    help_window = shown(window)
    for speech in ("zh_CN", "en"):
        language.use(speech)
        QApplication.processEvents()  # Qt tells the widgets by a posted event
        text = help_window.browser.toPlainText()
        assert bool(re.search(r"[\u4e00-\u9fff]", text)) == (speech == "zh_CN")
        assert help_window.contents.currentRow() == PAGES.index("memory")
        assert help_window.contents.currentItem().text() == ("记忆" if speech == "zh_CN" else "Memory")


def test_every_word_of_the_glossary_can_be_reached_in_chinese(window: MainWindow) -> None:
    language.use("zh_CN")
    show_help(window, GLOSSARY)
    browser = shown(window).browser
    for word in ("forget-gate", "verdict", "batch-element", "saturation"):
        browser.setSource(QUrl(f"help:/glossary.md#{word}"))
        assert word in headings_in_view(browser), word
