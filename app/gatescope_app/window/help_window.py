"""The help: pages on what each panel shows, and a glossary, with links between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QSignalBlocker, QUrl
from PySide6.QtGui import QAction, QTextBlock, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QPushButton,
    QSplitter,
    QTextBrowser,
)

from gatescope.messages.translation_marks import QT_TRANSLATE_NOOP
from gatescope_app.look import language
from gatescope_app.look.language import without_accelerator
from gatescope_app.look.tooltips import format_keys
from gatescope_app.widgets.box_layouts import fill_column
from gatescope_app.window.panel_table import CENTRE, PANELS
from gatescope_resources.help import GLOSSARY, help_page

_SCHEME = "help"
_MARGIN = 14  # pixels around the text
_ITS_NAME = re.compile(r"\{(key|action|panel):(\w+)\}")
_CENTRE_TITLE = QT_TRANSLATE_NOOP("HelpWindow", "Plots")  # the plots have no dock that would name them

PAGES = (CENTRE.name, *(panel.name for panel in PANELS), GLOSSARY)
"""The pages in the order of the contents."""


def show_help(window: QMainWindow, page: str) -> None:
    """Show a page of the help; one window shows all of them, and stays open beside the work."""
    help_window = window.findChild(HelpWindow) or HelpWindow(window)
    help_window.show_page(page)
    help_window.show()
    help_window.raise_()
    help_window.activateWindow()


class HelpWindow(QDialog):
    """The contents, and the page that was chosen there or by a link.

    Parameters
    ----------
    window : QMainWindow
        Whose actions and panels the pages speak of.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.contents, self.browser = QListWidget(), PageBrowser(window)
        self.back, self.forward = QPushButton(), QPushButton()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        for button, available, go in (
            (self.back, self.browser.backwardAvailable, self.browser.backward),
            (self.forward, self.browser.forwardAvailable, self.browser.forward),
        ):
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
            button.setEnabled(False)
            button.setAutoDefault(False)
            available.connect(button.setEnabled)
            button.clicked.connect(go)
        buttons.rejected.connect(self.reject)
        self.contents.setSpacing(2)
        self.contents.currentRowChanged.connect(lambda row: self.show_page(PAGES[row]))
        self.browser.sourceChanged.connect(self._on_page)
        splitter = QSplitter()
        splitter.addWidget(self.contents)
        splitter.addWidget(self.browser)
        splitter.setStretchFactor(1, 1)
        fill_column(self, (splitter, 1), buttons)
        self.resize(860, 620)
        splitter.setSizes([200, 660])
        self.retranslate()

    def show_page(self, name: str) -> None:
        """Show a page from its beginning."""
        self.browser.setSource(page_url(name))

    def _on_page(self, url: QUrl) -> None:
        name = _name_of(url)
        with QSignalBlocker(self.contents):
            self.contents.setCurrentRow(PAGES.index(name))
        self.setWindowTitle(self.tr("Help: {page}").format(page=self.contents.currentItem().text()))

    def retranslate(self) -> None:
        """Set all texts again, and show the page in the language in force."""
        self.back.setText(self.tr("&Back"))
        self.back.setToolTip(self.tr("The page before (Alt+Left)"))
        self.forward.setText(self.tr("&Forward"))
        self.forward.setToolTip(self.tr("The page that was gone back from (Alt+Right)"))
        self.contents.setAccessibleName(self.tr("Pages of the help"))
        self.browser.setAccessibleName(self.tr("Page"))
        with QSignalBlocker(self.contents):
            self.contents.clear()
            for name in PAGES:
                self.contents.addItem(QListWidgetItem(self.browser.title_of(name)))
        if self.browser.source().isValid():
            self.browser.reload()
            self._on_page(self.browser.source())

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of language; links have a colour of the palette in force when they were read."""
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange):
            self.retranslate()
        super().changeEvent(event)


class PageBrowser(QTextBrowser):
    """Shows pages by their address, `help:/memory.md`, with the window's own names and keys in them."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__()
        self._window = window
        self.document().setDocumentMargin(_MARGIN)
        self.sourceChanged.connect(self._go_to_word)

    def title_of(self, name: str) -> str:
        """Return the heading of a page."""
        return self._text_of(name).partition("\n")[0].lstrip("# ")

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Return a page's Markdown."""
        url = QUrl(name)
        return self._text_of(_name_of(url)) if url.scheme() == _SCHEME else super().loadResource(kind, url)

    def _text_of(self, name: str) -> str:
        return _ITS_NAME.sub(lambda found: self._name(found[1], found[2]), help_page(name, language.current()))

    def _name(self, kind: str, name: str) -> str:
        """Return what the window calls an action or a panel, or an action's first keys."""
        if kind == "panel":
            return panel_title(name)
        action = self._window.findChild(QAction, name)
        assert action is not None, f"the help speaks of an action {name}, which is not there"
        return format_keys(action, first=True) if kind == "key" else without_accelerator(action.text())

    def _go_to_word(self, url: QUrl) -> None:
        """Go on to where a link leads within its page: Qt gives the headings of Markdown no names to lead to."""
        for block in _headings(self.document()):
            words = QTextCursor(block)
            words.select(QTextCursor.SelectionType.BlockUnderCursor)
            anchor = QTextCharFormat()
            anchor.setAnchor(True)
            anchor.setAnchorNames([anchor_of(block.text())])
            words.mergeCharFormat(anchor)
        if url.hasFragment():
            self.scrollToAnchor(url.fragment())


def page_url(name: str) -> QUrl:
    """Return the address of a page."""
    return QUrl(f"{_SCHEME}:/{name}.md")


def panel_title(name: str) -> str:
    """Return the title of a panel in the language in force."""
    if name == CENTRE.name:
        return QCoreApplication.translate("HelpWindow", _CENTRE_TITLE)
    return QCoreApplication.translate("MainWindow", next(panel.title for panel in PANELS if panel.name == name))


def anchor_of(heading: str) -> str:
    """Return what links call a heading: its English words, which stand in brackets behind those of another language."""
    english = re.search(r"（(.+)）", heading)
    return re.sub(r"[^a-z0-9]+", "-", (english[1] if english else heading).lower()).strip("-")


def _name_of(url: QUrl) -> str:
    return url.fileName().removesuffix(".md")


def _headings(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        if block.blockFormat().headingLevel() > 0:
            yield block
        block = block.next()
