"""The window: its parts, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QMenu, QPlainTextEdit, QWidget

from gatescope.messages.message import Message
from gatescope_app.look.appearance import Appearance
from gatescope_app.look.theme import Theme
from gatescope_app.state.collection_timer import CollectionTimer
from gatescope_app.state.debugger import Debugger
from gatescope_app.state.devices import Devices, find_devices
from gatescope_app.state.editor import Editor
from gatescope_app.state.exporter import Exporter
from gatescope_app.state.player import Player
from gatescope_app.state.runs import Setup
from gatescope_app.state.session import Session
from gatescope_app.state.settings import settings
from gatescope_app.state.worker import Worker
from gatescope_app.widgets.view import PanelParts, Surroundings
from gatescope_app.window.action_table import ActionParts
from gatescope_app.window.actions import WindowActions
from gatescope_app.window.banner import Banner
from gatescope_app.window.dock_menu import DockMenu
from gatescope_app.window.dock_tabs import DockTabs
from gatescope_app.window.editing_focus import EditingFocus
from gatescope_app.window.file_drops import FileDrops
from gatescope_app.window.layouts import Layouts
from gatescope_app.window.menus import Menus
from gatescope_app.window.panels import Panels
from gatescope_app.window.session_files import SessionFiles
from gatescope_app.window.session_looks import SessionLooks
from gatescope_app.window.status_bar import StatusBar
from gatescope_app.window.toolbar import Toolbar
from gatescope_app.window.user_requests import UserRequests
from gatescope_app.window.window_title import WindowTitle

if TYPE_CHECKING:
    from gatescope_app.panels.gates.gates_view import GatesView

_FIRST_SHARE = 0.85  # of the screen, at the first start
_COMFORTABLE = QSize(1280, 800)  # smaller only where the screen is


class MainWindow(QMainWindow):
    """Makes the parts of the window, and tells them of languages and themes.

    Parameters
    ----------
    setup : Setup
        What to run first. Nothing runs before `begin`.
    appearance : Appearance
        Theme, language and size of type.

    Signals
    -------
    first_painted()
        The window is on the screen.
    """

    first_painted = Signal()

    def __init__(self, setup: Setup, appearance: Appearance) -> None:
        super().__init__()
        self.painted = False
        self.collector = CollectionTimer(self)
        self.appearance = appearance
        self.session = Session(setup, self)
        self.debugger, self.editor = Debugger(self.session), Editor(self.session)
        self.player = Player(self.session, self.debugger)
        self.exporter = Exporter(self)
        self._ended = False
        self.leaving = False  # whether the window may be closed: nothing is lost by it, or that was agreed to
        self.device_worker = Worker(self)
        self._make_parts(appearance.theme)
        self._connect()
        self.retranslate()
        self.set_theme(appearance.theme)
        room = self.screen().availableSize() - QSize(0, 40)  # for the frame that the system draws
        self.resize(first_size(room))
        self._restore_geometry()
        self.layouts.restore()

    # putting together

    def _make_parts(self, theme: Theme) -> None:
        session, player = self.session, self.player
        self.banner = Banner(session, theme)
        DockTabs(self)
        self.window_actions = WindowActions(self)
        self.actions_by_name = self.window_actions.by_name
        around = Surroundings(self.actions_by_name, self._bring_up, self._ask_breakpoint)
        self.panels = Panels(self, PanelParts(session, theme, self.debugger, self.editor, around), self.banner)
        self.docks, self.views = self.panels.docks, self.panels.views
        self.layouts = Layouts(self, self.panels, self.appearance)
        self.looks = SessionLooks(self, self.layouts)
        self.files = SessionFiles(self, session, self.looks.describe)
        self.requests = UserRequests(
            self, session, self.debugger, self.editor, self.exporter, self.files, self.appearance
        )
        self.menus = Menus(
            self,
            self.actions_by_name,
            self.panels,
            self.layouts,
            self.appearance,
            session,
            self.requests,
            self.files.recent,
        )
        DockMenu(self, self.panels, self.menus.panel_menu)
        self.toolbar = Toolbar(session, player, theme, self.actions_by_name, self.menus.device)
        self.addToolBar(self.toolbar)
        self.status = StatusBar(session, self.debugger, self.exporter, self.files)
        self.setStatusBar(self.status)
        self.title = WindowTitle(self, session, self.files)
        self.window_actions.bind(
            ActionParts(
                self, session, self.debugger, self.editor, player, self.exporter, self.files, self.requests,
                self.appearance, self.panels, self.layouts, self.toolbar, self.status, self.banner,
            )
        )  # fmt: skip

    # what panels ask for, which are made before what answers them

    def _bring_up(self, panel: str) -> None:
        self.panels.bring_up(panel)

    def _ask_breakpoint(self, condition: str) -> None:
        self.requests.breakpoint(condition)

    def _connect(self) -> None:
        for source in (self.session, self.exporter, self.requests, self.files):
            source.refused.connect(self.banner.show_refusal)
        for source in (self.session, self.exporter, self.files):
            source.failed.connect(self.banner.show_error)
        self.files.noticed.connect(self.banner.show_notice)
        self.files.remarked.connect(self.banner.show_notices)
        self.files.opened.connect(self.looks.show)
        self.session.runner.started.connect(self.player.stop)
        FileDrops(self).dropped.connect(self.requests.open)
        self.appearance.theme_changed.connect(self.set_theme)
        EditingFocus(self, self.docks)
        QApplication.instance().focusChanged.connect(self._on_focus)  # type: ignore[union-attr]  # there is one

    @property
    def gates(self) -> GatesView:
        """The six plots; there from `begin` on."""
        return self.panels.gates

    def begin(self) -> None:
        """Add the plots, start the first run, keep what is done from now on, and look for devices.

        These import pyqtgraph, torch and more, so this comes after the first paint.
        """
        self.panels.complete(self.appearance.theme)
        self.window_actions.set_icons(self.appearance.theme)
        self._start_autosave()
        self.session.start(self.session.state.setup)
        self.device_worker.start(lambda _progress: find_devices(), self._on_devices, self.banner.show_error)

    def _start_autosave(self) -> None:
        from gatescope_app.state.autosave import Autosave  # noqa: PLC0415 - not before the first paint

        self.autosave = Autosave(self.session, self, looks=self.looks.describe, picture=self.looks.picture)
        self.files.autosave = self.autosave
        self.autosave.troubled.connect(self.banner.show_notice)
        self.autosave.recovered.connect(lambda: self.banner.show_notice(Message("autosave_again")))
        self.layouts.changed.connect(self.autosave.touch)

    def _on_devices(self, devices: Devices) -> None:
        self.requests.devices = devices
        self.menus.device.show_devices(devices)

    # looks

    def retranslate(self) -> None:
        """Set all texts again, but those of the panels, which follow by themselves."""
        texts = self.panels, self.window_actions, self.menus, self.toolbar, self.status, self.banner, self.title
        for part in texts:
            part.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def set_theme(self, theme: Theme) -> None:
        if self.panels.completed:  # the icons' library is slow to import, so they come with the plots
            self.window_actions.set_icons(theme)
        for part in (self.panels, self.toolbar, self.banner):
            part.set_theme(theme)

    def createPopupMenu(self) -> QMenu:
        """Return what a right click on the toolbar or on a panel's title offers: the same as the menu View."""
        menu = QMenu(self)
        menu.addAction(self.actions_by_name["toolbar"])
        menu.addSeparator()
        menu.addActions(list(self.panels.actions.values()))
        return menu

    # the window's own events

    def _restore_geometry(self) -> None:
        geometry = settings().value("geometry")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask what is to become of changes; remember the layout; stop all work."""
        if not self.leaving:
            self.files.leave(self._leave)
        if not self.leaving:
            event.ignore()
            return
        settings().setValue("geometry", self.saveGeometry())
        self.layouts.remember()
        self.player.stop()
        for worker in self.findChildren(Worker):
            worker.wait()
        self.collector.stop()
        if not self._ended:  # a window can be closed twice
            self._ended = True
            self.files.close()
        super().closeEvent(event)

    def _leave(self) -> None:
        """Close, at once or when everything is saved."""
        self.leaving = True
        QTimer.singleShot(0, self, self.close)

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Pause for who types: the next step would take the numbers away from under the hands."""
        if isinstance(new, QLineEdit | QPlainTextEdit) and self.isAncestorOf(new):
            self.player.stop()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go to the next control that can be seen: Qt would also go into panels that lie behind others."""
        passed = set[QWidget | None]()  # below an open menu Qt says that it moved on, and stays
        moved = super().focusNextPrevChild(forward)
        while moved and (now := QApplication.focusWidget()) not in passed and self.panels.is_behind(now):
            passed.add(now)
            moved = super().focusNextPrevChild(forward)
        return moved

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell when the window is on the screen for the first time."""
        super().paintEvent(event)
        if not self.painted:
            self.painted = True
            QTimer.singleShot(0, self.first_painted.emit)  # once the panels are painted as well


def first_size(room: QSize) -> QSize:
    """Return how large the window is at the first start on a screen with this much room."""
    return (room * _FIRST_SHARE).expandedTo(_COMFORTABLE).boundedTo(room)
