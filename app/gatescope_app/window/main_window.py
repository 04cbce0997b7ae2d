"""The window: panels around the plots, and what each action does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QSize, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QWidget

from gatescope.debugging.breakpoints import Breakpoint
from gatescope.messages.message import Message
from gatescope_app.look.appearance import Appearance
from gatescope_app.look.language import format_message
from gatescope_app.look.theme import Theme
from gatescope_app.state.collection_timer import CollectionTimer
from gatescope_app.state.debugger import Debugger
from gatescope_app.state.devices import Devices, find_devices
from gatescope_app.state.editor import Editor
from gatescope_app.state.error_log import log_path, report
from gatescope_app.state.exporter import Exporter
from gatescope_app.state.player import Player
from gatescope_app.state.runs import ARITHMETICS, Setup
from gatescope_app.state.session import Session, State
from gatescope_app.state.settings import settings
from gatescope_app.state.worker import Worker
from gatescope_app.widgets.breakpoint_texts import described
from gatescope_app.widgets.view import PanelParts
from gatescope_app.window import actions
from gatescope_app.window.about import show_keys
from gatescope_app.window.banner import Banner
from gatescope_app.window.commands import commands_of
from gatescope_app.window.file_drops import FileDrops
from gatescope_app.window.job_bar import JobBar
from gatescope_app.window.layouts import Layouts
from gatescope_app.window.menus import Menus
from gatescope_app.window.panels import Panels
from gatescope_app.window.toolbar import Toolbar
from gatescope_app.window.user_requests import UserRequests

if TYPE_CHECKING:
    from gatescope_app.panels.gates.gates_view import GatesView

_NEED_A_RUN = (
    "first", "step_back", "step", "step_into", "step_back_into", "step_out", "continue", "reverse_continue", "play",
    "last", "go_to", "export", "save_trace", "compare", "keep", "toggle_breakpoint", "new_breakpoint", "new_watch",
    "what_if", "branch", "show_all", "all_units", "one_unit", "lines", "heat", "auto",
)  # fmt: skip


class MainWindow(QMainWindow):
    """Puts the panels together and carries out the actions.

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
        self._said: tuple[Message, str] | None = None
        self.appearance = appearance
        self.session = Session(setup, self)
        self.debugger, self.editor = Debugger(self.session), Editor(self.session)
        self.player = Player(self.session, self.debugger)
        self.exporter = Exporter(self)
        self.requests = UserRequests(self, self.session, self.exporter, appearance)
        self.device_worker = Worker(self)
        self.drops = FileDrops(self)
        self.actions_by_name = actions.make_actions(self)
        self.banner = Banner()
        parts = PanelParts(self.session, appearance.theme, self.debugger, self.editor)
        self.panels = Panels(self, parts, self.banner)
        self.layouts = Layouts(self, self.panels)
        self.docks, self.views = self.panels.docks, self.panels.views
        self.menus = Menus(self, self.actions_by_name, self.panels.actions)
        self.toolbar = Toolbar(self.session, self.player, self.actions_by_name, self.menus.menus["device"])
        self.addToolBar(self.toolbar)
        self._make_job_bars()
        self._connect()
        appearance.set_larger(self.layouts.now.larger)
        self.retranslate()
        self.on_theme(appearance.theme)
        room = self.screen().availableSize() - QSize(0, 40)  # for the frame that the system draws
        self.resize(QSize(1440, 900).boundedTo(room))
        self._restore_geometry()
        self.layouts.restore()
        self._apply(None, self.session.state)

    # putting together

    def _make_job_bars(self) -> None:
        workers = {
            "run": self.session.runner, "drift": self.session.drifter, "compare": self.session.comparer,
            "find": self.debugger.finder, "export": self.exporter.worker,
        }  # fmt: skip
        self.job_bars = {name: JobBar(worker) for name, worker in workers.items()}
        for bar in self.job_bars.values():
            self.statusBar().addPermanentWidget(bar)

    def _connect(self) -> None:
        for name, command in commands_of(self).items():
            self.actions_by_name[name].triggered.connect(lambda _checked, command=command: command())
        self.actions_by_name["play"].toggled.connect(self.player.set_playing)
        self.player.playing_changed.connect(self._on_playing)
        self.session.changed.connect(self._apply)
        self.session.refused.connect(self.refuse)
        self.debugger.stopped.connect(self._on_stopped)
        self.session.failed.connect(self.show_fault)
        self.session.runner.started.connect(self.player.stop)
        self.session.runner.progressed.connect(lambda _: self.job_bars["run"].set_text(self.tr("Computing…")))
        self.session.runner.ended.connect(self._tick_menus)  # a device that was refused is not in force
        for changed in (self.session.runner.started, self.session.runner.ended):  # an edit can be undone at once
            changed.connect(self._enable_edits)
        QApplication.instance().focusChanged.connect(self._on_focus)  # type: ignore[union-attr]  # there is one
        self.exporter.worker.started.connect(self._enable_actions)
        self.exporter.worker.ended.connect(self._enable_actions)
        self.exporter.refused.connect(self.refuse)
        self.exporter.failed.connect(self.show_fault)
        self.exporter.written.connect(self._on_written)
        self.requests.refused.connect(self.refuse)
        self.drops.dropped.connect(self.requests.open)
        self.appearance.theme_changed.connect(self.on_theme)
        for name, action in self.menus.themes.items():
            action.triggered.connect(lambda _checked, name=name: self.appearance.choose_theme(name))
        for name, action in self.menus.layouts.items():
            action.triggered.connect(lambda _checked, name=name: self.choose_layout(name))
        for name, action in self.menus.languages.items():
            action.triggered.connect(lambda _checked, name=name: self.appearance.choose_language(name))
        for arithmetic in ARITHMETICS:
            action = self.menus.arithmetics[arithmetic]
            action.triggered.connect(lambda _checked, name=arithmetic: self.session.start_in(name))

    @property
    def gates(self) -> GatesView:
        """The six plots; there from `begin` on."""
        return self.panels.gates

    def begin(self) -> None:
        """Add the plots, start the first run, and look for devices.

        These import pyqtgraph and torch, so this comes after the first paint.
        """
        self.panels.complete(self.appearance.theme)
        actions.set_icons(self.actions_by_name, self.appearance.theme.text, self.appearance.theme.disabled)
        self.session.start(self.session.state.setup)
        self.device_worker.start(lambda _progress: find_devices(), self._on_devices, self.show_fault)

    def _on_devices(self, devices: Devices) -> None:
        self.requests.devices = devices
        self.menus.set_devices(list(devices.cuda), devices.absence, self.session.start_on)
        self._tick_menus()

    # looks

    def retranslate(self) -> None:
        """Set all texts again."""
        self.panels.retranslate()
        actions.retranslate(self.actions_by_name)
        self._enable_edits()
        self.menus.retranslate()
        self.toolbar.retranslate()
        self._set_job_texts()
        self._set_title()

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self._say_again()
            self.toolbar.show_verdict(self.session.state, self.appearance.theme)
            self._tick_menus()
        super().changeEvent(event)

    def on_theme(self, theme: Theme) -> None:
        """Take the colours and sizes in force."""
        if self.panels.completed:  # the icons' library is slow to import, so they come with the plots
            actions.set_icons(self.actions_by_name, theme.text, theme.disabled)
        self._set_fonts()
        self.panels.set_theme(theme)
        self.toolbar.show_verdict(self.session.state, theme)
        self._tick_menus()

    def _set_fonts(self) -> None:
        """Enlarge what would keep the size of type it started with, as it is under a style sheet."""
        for label in (self.banner.label, self.toolbar.badge):
            label.setFont(QApplication.font())
        self.toolbar.retranslate()  # with as many words as have room now

    def _tick_menus(self) -> None:
        state = self.session.state
        spec = state.setup.spec
        self.menus.tick(self.appearance.choice, self.appearance.language, spec.device, self.layouts.name)
        self.menus.set_arithmetic(spec.device, spec.dtype, "ieee" if state.run is None else state.run.arithmetic)

    def choose_layout(self, name: str) -> None:
        """Arrange the panels for a purpose, with the size of type that suits it."""
        self.layouts.choose(name)
        self.appearance.set_larger(self.layouts.now.larger)
        self._tick_menus()

    def _restore_geometry(self) -> None:
        geometry = settings().value("geometry")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the layout; stop all work."""
        settings().setValue("geometry", self.saveGeometry())
        self.layouts.remember()
        self.player.stop()
        for worker in self.findChildren(Worker):
            worker.wait()
        self.collector.stop()
        super().closeEvent(event)

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Pause for who types: the next step would take the numbers away from under the hands."""
        if isinstance(new, QLineEdit) and self.isAncestorOf(new):
            self.player.stop()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go to the next control that can be seen: Qt would also go into panels that lie behind others."""
        moved = super().focusNextPrevChild(forward)
        while moved and self.panels.is_behind(QApplication.focusWidget()):
            moved = super().focusNextPrevChild(forward)
        return moved

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell when the window is on the screen for the first time."""
        super().paintEvent(event)
        if not self.painted:
            self.painted = True
            QTimer.singleShot(0, self.first_painted.emit)  # once the panels are painted as well

    # following the session

    def _apply(self, old: State | None, new: State) -> None:
        self.toolbar.apply(old, new, self.appearance.theme)
        if old is None or old.run is not new.run:
            self._enable_actions()
            self._tick_menus()
            self._warn()
            self._set_job_texts()
        elif old.kept is not new.kept or old.revision is not new.revision or old.breakpoints is not new.breakpoints:
            self._enable_actions()
        if old is None or old.setup is not new.setup:
            self._set_title()

    def _enable_actions(self) -> None:
        state = self.session.state
        for name in _NEED_A_RUN:
            self.actions_by_name[name].setEnabled(state.run is not None)
        for name in ("save_trace", "export"):
            if self.exporter.worker.busy:  # another would end it
                self.actions_by_name[name].setEnabled(False)
        self.actions_by_name["compare_kept"].setEnabled(state.kept is not None and state.kept is not state.run)
        self.actions_by_name["forget"].setEnabled(state.kept is not None)
        self.actions_by_name["remove_breakpoints"].setEnabled(bool(state.breakpoints))
        self._enable_edits()

    def _enable_edits(self) -> None:
        """Offer undo and redo with what they would change."""
        state, history = self.session.state, self.session.latest.history
        labels = {"undo": history.undo_label, "redo": history.redo_label}
        for name, plain in (("undo", self.tr("&Undo")), ("redo", self.tr("&Redo"))):
            label = labels[name]
            self.actions_by_name[name].setEnabled(label is not None)
            self.actions_by_name[name].setText(plain if label is None else f"{plain}: {format_message(label)}")
        self.actions_by_name["reset"].setEnabled(bool(history.edits))
        self.actions_by_name["compare_original"].setEnabled(state.ghost is not None)

    def _set_title(self) -> None:
        setup = self.session.state.setup
        name = setup.example.title[self.appearance.language] if setup.example else setup.spec.constructor()
        parts = [name, Path(setup.source.place).name, "Gatescope"]
        self.setWindowTitle(" – ".join(part for part in parts if part))

    def _set_job_texts(self) -> None:
        first = self.session.state.run is None  # and waits for torch
        texts = {
            "run": self.tr("Loading PyTorch…") if first else self.tr("Computing…"),
            "drift": self.tr("Measuring drift…"),
            "compare": self.tr("Comparing…"),
            "find": self.tr("Looking for breakpoints…"),
            "export": self.tr("Exporting…"),
        }
        for name, text in texts.items():
            self.job_bars[name].set_text(text)

    def _warn(self) -> None:
        warning = self.session.warn()
        if warning is None:
            self.banner.hide()
        else:
            self._say(warning, self.appearance.theme.cannot_compare)

    def _say(self, message: Message, colour: str) -> None:
        self._said = (message, colour)
        self.banner.say(format_message(message), colour, self.appearance.theme)

    def _say_again(self) -> None:
        """Repeat the message that is on show, in the language now in force."""
        if self._said is not None and not self.banner.isHidden():
            self._say(*self._said)

    def _on_written(self, path: str) -> None:
        self.statusBar().showMessage(self.tr("Wrote {path}").format(path=path))

    def _on_playing(self, playing: bool) -> None:
        action: QAction = self.actions_by_name["play"]
        action.setChecked(playing)

    def refuse(self, message: Message) -> None:
        """Say why something could not be done."""
        self._say(message, self.appearance.theme.differs)

    def show_fault(self, error: BaseException) -> None:
        """Log something unexpected, and say so."""
        report(error)
        self._said = None
        text = self.tr("Unexpected error: {error}. It is logged in {path}; you can go on.")
        self.banner.say(
            text.format(error=f"{type(error).__name__}: {error}", path=log_path()),
            self.appearance.theme.differs,
            self.appearance.theme,
        )

    # showing

    def show_keys(self) -> None:
        """List every key."""
        show_keys([*self.actions_by_name.values(), *self.menus.choices()], self)

    def keep(self) -> None:
        """Keep the run for comparison, and say what that is good for."""
        self.session.keep()
        self.statusBar().showMessage(
            self.tr("This run is kept. Run something else, and compare it with the kept run (Ctrl+Shift+M)."), 8000
        )

    def _on_stopped(self, stopping: list[Breakpoint]) -> None:
        """Say at which breakpoint a walk stopped."""
        what = " · ".join(described(one) for one in stopping)
        self.statusBar().showMessage(self.tr("Stopped at: {what}").format(what=what), 8000)
