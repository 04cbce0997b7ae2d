"""The whole run at a glance: saturation of the gates, the memory over time with its half-lives, text by one unit."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from gatescope_app.look.theme import Theme
from gatescope_app.panels.memory.over_time_page import OverTimePage
from gatescope_app.panels.memory.run_page import RunPage
from gatescope_app.panels.memory.saturation_page import SaturationPage
from gatescope_app.panels.memory.text_page import TokenTextPage
from gatescope_app.state.session_state import State
from gatescope_app.widgets.box_layouts import fill_column, fill_row
from gatescope_app.widgets.context_menu import ContextMenu
from gatescope_app.widgets.picture_files import ask_save_picture
from gatescope_app.widgets.view import PanelParts, View

_PAGES: tuple[type[RunPage], ...] = (SaturationPage, OverTimePage, TokenTextPage)
_BY = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class PageTabs(QTabBar):
    """Tabs that Up and Down go through; Left and Right step through time wherever the focus is."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the page before or after."""
        by = _BY.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.setCurrentIndex(min(max(self.currentIndex() + by, 0), self.count() - 1))


class MemoryView(View):
    """Pages of which each is made when it is first shown, and follows the session while it is in front."""

    def __init__(self, parts: PanelParts) -> None:
        super().__init__(parts)
        self.tabs, self.stack, self.controls = PageTabs(), QStackedWidget(), QStackedWidget()
        self.pages: list[RunPage | None] = [None] * len(_PAGES)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for _ in _PAGES:
            self.tabs.addTab("")
            self.stack.addWidget(QWidget())
            self.controls.addWidget(QWidget())
        self.tabs.currentChanged.connect(self._turn_to)
        self._lay_out()
        self.entry = self.tabs
        self.retranslate()

    def _lay_out(self) -> None:
        top = fill_row(None, self.tabs, (self.controls, 1), spacing=12)
        fill_column(self, top, (self.stack, 1), margins=(4, 4, 4, 4), spacing=4)

    def minimumSizeHint(self) -> QSize:
        """Take less width than the pages would like: texts are cut with an ellipsis then."""
        return QSize(240, super().minimumSizeHint().height())

    def fill_menu(self, menu: ContextMenu) -> None:
        """Offer what can be done with the selected unit, and a picture of the page."""
        self.offer_quantity(menu, self.session.state.quantity, self.session.state.unit)
        menu.addSeparator()
        menu.offer(self.tr("Save picture…"), lambda: ask_save_picture(self, "memory"))

    def retranslate(self) -> None:
        texts = (
            (self.tr("Saturation"), self.tr("How often each gate is open or closed (Up and Down turn the pages)")),
            (self.tr("Over time"), self.tr("Heat maps of the memory, and half-lives (Up and Down turn the pages)")),
            (self.tr("Text"), self.tr("The sequence coloured by one unit (Up and Down turn the pages)")),
        )
        for index, (text, tip) in enumerate(texts):
            self.tabs.setTabText(index, text)
            self.tabs.setTabToolTip(index, tip)
        self.tabs.setAccessibleName(self.tr("Pages of the memory"))
        for page in self._made():
            page.retranslate()

    def set_theme(self, theme: Theme) -> None:
        for page in self._made():
            page.set_theme(theme)
        super().set_theme(theme)

    def forget(self) -> None:
        for page in self._made():
            page.forget()

    def apply(self, old: State | None, new: State) -> None:
        """Let the page in front follow."""
        if old is None:
            self.forget()
        self.page.catch_up(new)

    @property
    def page(self) -> RunPage:
        """The page in front."""
        index = self.tabs.currentIndex()
        return self.pages[index] or self._make(index)

    def _made(self) -> list[RunPage]:
        return [page for page in self.pages if page is not None]

    def _make(self, index: int) -> RunPage:
        page = self.pages[index] = _PAGES[index](self.session, self.theme)
        page.set_theme(self.theme)
        for stack, widget in ((self.stack, page), (self.controls, page.controls)):
            placeholder = stack.widget(index)
            stack.insertWidget(index, widget)
            if placeholder is not None:
                stack.removeWidget(placeholder)
                placeholder.deleteLater()
            stack.setCurrentIndex(self.tabs.currentIndex())
        return page

    def _turn_to(self, index: int) -> None:
        """Bring a page to the front; the others let go of the run."""
        front = self.page
        self.stack.setCurrentIndex(index)
        self.controls.setCurrentIndex(index)
        for page in self._made():
            if page is not front:
                page.forget()
        if self._shown is not None:
            front.catch_up(self._shown)
