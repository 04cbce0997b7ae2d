"""What the window's tests share: a window of its own for each test, and a person's hands on it."""

from __future__ import annotations

import gc
import importlib
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pyqtgraph as pg
import pytest
import torch
from PySide6.QtCore import QEvent, QPoint, QPointF, QSettings, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QMenu, QSpinBox, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid
from torch import Tensor, nn

import gatescope as gs
from gatescope.formats.sequences import Sequence
from gatescope.modules.constructor import parse_constructor
from gatescope_app.dialogs.sequence_dialog import SequenceDialog
from gatescope_app.look import language
from gatescope_app.look.appearance import Appearance
from gatescope_app.look.theme import LIGHT
from gatescope_app.panels.gates.trace_plot import TracePlot
from gatescope_app.panels.memory.memory_view import MemoryView
from gatescope_app.state.debugger import Debugger
from gatescope_app.state.editor import Editor
from gatescope_app.state.override_errors import report_override_errors
from gatescope_app.state.runs import Setup, example_setup
from gatescope_app.state.session import Session
from gatescope_app.state.session_state import State
from gatescope_app.state.sources import FromSeed
from gatescope_app.state.worker import Worker
from gatescope_app.widgets.view import PanelParts, View
from gatescope_app.window.main_window import MainWindow

_LEFT = Qt.MouseButton.LeftButton


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker, so that these tests also run on their own."""
    config.addinivalue_line("markers", "xvfb: drives a real X window under Xvfb")
    report_override_errors()  # as the program does: an error in a method that Qt calls could end all tests


@pytest.fixture(scope="module", autouse=True)
def quick_collections() -> None:
    """Keep what was imported until now out of the collections below: after each test, it alone takes them long."""
    importlib.import_module("torch")
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def own_surroundings(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep settings and log in a folder of the test, which also is the current folder; return it."""
    # Elsewhere, so that a test that looks what was written into its folder does not meet the autosave at work.
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
    monkeypatch.chdir(tmp_path)
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    return tmp_path


@pytest.fixture(autouse=True)
def no_leaked_windows(qapp: QApplication, own_surroundings: Path) -> Iterator[None]:
    """Fail a test that leaves a window behind, and name it."""
    before = QApplication.topLevelWidgets()
    font, palette = QApplication.font(), QApplication.palette()
    yield
    language.use("en")
    QApplication.setFont(font)
    QApplication.setPalette(palette)
    gc.collect()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()
    left = [widget for widget in QApplication.topLevelWidgets() if widget not in before and not _of_others(widget)]
    names = [f"{type(widget).__name__} “{widget.windowTitle()}”" for widget in left]
    for widget in left:
        widget.deleteLater()
    assert not names, f"left behind: {', '.join(names)}"


def _of_others(widget: QWidget) -> bool:
    """Qt keeps the last tooltip for the next one; pyqtgraph's menus live until Python drops their plots."""
    return widget.windowType() == Qt.WindowType.ToolTip or isinstance(widget, QMenu)


def _open(dialog: QWidget) -> bool:
    return isValid(dialog) and dialog.isVisible()


class Hands:
    """A person's keyboard and mouse. Keys go to whatever has the focus, as on a real keyboard."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot

    def bring_up(self, window: QWidget) -> None:
        """Show a window and wait until the keys go to it."""
        window.show()
        window.activateWindow()
        self.qtbot.waitUntil(lambda: window.isActiveWindow() and window.windowHandle().isExposed())

    def take_mouse_away(self, window: QWidget) -> None:
        """Move the mouse to where nothing of a window can be pointed at."""
        QTest.mouseMove(window.windowHandle(), window.rect().bottomRight() - QPoint(5, 5))
        QApplication.processEvents()

    def press(self, *keys: str, window: QWidget | None = None) -> None:
        """Press keys such as `F10` or `Ctrl+G` in the active window."""
        target = window or QApplication.activeModalWidget() or QApplication.activeWindow()
        assert target is not None, "no window is active"
        for name in keys:
            key = QKeySequence(name)[0]
            QTest.keyClick(target.windowHandle(), key.key(), key.keyboardModifiers())

    def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        self.qtbot.keyClicks(QApplication.focusWidget(), text)

    def replace_text(self, field: QWidget, text: str) -> None:
        """Click into a field, select all, and type over it."""
        field.setFocus(Qt.FocusReason.MouseFocusReason)
        self.press("Ctrl+A", "Del")
        self.type(text)

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click in the middle, or at a place."""
        self.qtbot.mouseClick(widget, _LEFT, pos=at if at is not None else widget.rect().center())

    def click_cell(self, table: QAbstractItemView, row: int, column: int = 0) -> None:
        """Click a cell of a table or an item of a list."""
        self.click(table.viewport(), table.visualRect(table.model().index(row, column)).center())

    def double_click_cell(self, table: QAbstractItemView, row: int, column: int = 0) -> None:
        """Double-click a cell, which opens its editor."""
        self.click_cell(table, row, column)
        place = table.visualRect(table.model().index(row, column)).center()
        self.qtbot.mouseDClick(table.viewport(), _LEFT, pos=place)

    def place_in(self, plot: TracePlot, t: float, value: float) -> QPoint:
        """Return where a plot shows a value at a step, in pixels of its viewport."""
        return plot.plot.mapFromScene(plot.box.mapViewToScene(QPointF(t, value)))

    def click_plot(self, plot: TracePlot, t: float, value: float) -> None:
        """Click at a step and a value."""
        self.click(plot.plot.viewport(), self.place_in(plot, t, value))

    def hover_plot(self, plot: TracePlot, t: float, value: float) -> None:
        """Move the mouse over a plot to a step and a value."""
        pg.setConfigOption("mouseRateLimit", -1)  # no hand moves as fast as a test, so none of it is to be dropped
        self.qtbot.mouseMove(plot.plot.viewport(), pos=self.place_in(plot, t, value))

    def choose(self, box: QComboBox, index: int) -> None:
        """Go to an entry of a combo box with the arrow keys."""
        box.setFocus()
        while box.currentIndex() != index:
            before = box.currentIndex()
            self.press("Down" if before < index else "Up")
            assert box.currentIndex() != before, "the arrow keys do not move the choice"

    def click_menu(self, menu: QMenu, action: QAction) -> None:
        """Open a menu and click one of its entries."""
        below = QApplication.activeWindow()
        if below is not None:  # a menu takes a click where the mouse already was for the one that opened it
            self.take_mouse_away(below)
        menu.popup(QPoint(10, 10))
        self.qtbot.waitUntil(menu.isVisible)
        self.click(menu, menu.actionGeometry(action).center())
        self.qtbot.waitUntil(lambda: not menu.isVisible())
        if below is not None and _open(below):
            self.bring_up(below)  # a window manager does so; offscreen there is none

    def set_number(self, box: QSpinBox, number: int) -> None:
        """Type a number into a spin box."""
        box.setFocus()
        self.press("Ctrl+A")
        self.qtbot.keyClicks(box, str(number))
        self.press("Tab")

    def drag_in_plot(self, plot: TracePlot, start: float, *through: float, value: float) -> None:
        """Press at a step, move through others, release at the last of them."""
        viewport = plot.plot.viewport()
        pg.setConfigOption("mouseRateLimit", -1)  # as above
        self.qtbot.mousePress(viewport, _LEFT, pos=self.place_in(plot, start, value))
        for t in through:
            self.qtbot.mouseMove(viewport, pos=self.place_in(plot, t, value))
        self.qtbot.mouseRelease(viewport, _LEFT, pos=self.place_in(plot, through[-1], value))

    def in_dialog(self, opens: Callable[[], object], act: Callable[[Any], object]) -> None:
        """Open a modal dialog and act in it; `act` gets the dialog and must end with it closed."""
        problems: list[BaseException] = []
        met: list[QWidget] = []

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is None or dialog in met or not dialog.isActiveWindow():
                return
            met.append(dialog)
            try:
                act(dialog)
                assert not _open(dialog), "the dialog is still open"
            except BaseException as problem:  # noqa: BLE001 - told to the test below; the dialog must not hang it
                problems.append(problem)
                if _open(dialog):
                    dialog.close()

        below = QApplication.activeWindow()
        timer = QTimer(interval=5)
        timer.timeout.connect(look)
        timer.start()
        opens()
        timer.stop()
        if below is not None and _open(below):
            self.bring_up(below)  # a window manager does so; offscreen there is none
        if problems:
            raise problems[0]
        assert met, "no dialog opened"

    def expect_unchanged(self, window: MainWindow, before: State) -> None:
        """Fail where the state is another, but for what the mouse is over when a dialog goes from under it."""
        now = window.session.state
        changed = [one.name for one in fields(now) if getattr(now, one.name) is not getattr(before, one.name)]
        assert changed in ([], ["pointed"])

    def wait_for_run(self, window: MainWindow) -> None:
        """Wait until the window shows a complete run, with its drift."""

        def done() -> bool:
            session = window.session
            busy = session.runner.busy or session.drifter.busy or window.device_worker.busy
            return session.state.drift_known and not busy

        self.qtbot.waitUntil(done, timeout=60_000)


@pytest.fixture
def hands(qtbot: QtBot) -> Hands:
    """Return a keyboard and a mouse."""
    return Hands(qtbot)


@pytest.fixture
def show_window(request: pytest.FixtureRequest, hands: Hands) -> Iterator[Callable[..., MainWindow]]:
    """Return a function that opens a window on a setup, in English and light; all are closed afterwards.

    A module of tests names in `IN_FRONT` the panel that they look at, where it lies behind others at first.
    """
    windows: list[MainWindow] = []

    def show(setup: Setup, *, wait: bool = True) -> MainWindow:
        appearance = Appearance()
        appearance.choose_language("en")
        appearance.choose_theme("light")
        appearance.apply()
        window = MainWindow(setup, appearance)
        windows.append(window)
        window.show()
        window.resize(1440, 900)  # larger than the offscreen screen, which Qt would fit it to
        hands.bring_up(window)
        hands.take_mouse_away(window)  # it is where the test before left it, and would point at something
        window.begin()
        if hasattr(request.module, "IN_FRONT"):
            window.docks[request.module.IN_FRONT].raise_()
        if wait:
            hands.wait_for_run(window)
        return window

    yield show
    for window in windows:
        window.leaving = True  # whatever a test made is not asked about
        window.close()
        window.appearance.deleteLater()
        window.deleteLater()


@pytest.fixture
def window(show_window: Callable[..., MainWindow]) -> MainWindow:
    """Return a window on `hello`, ready to step."""
    return show_window(example_setup("hello"))


@pytest.fixture
def show_alone(hands: Hands) -> Iterator[Callable[..., tuple[Session, Debugger, View]]]:
    """Return a function that shows a panel without the window around it, on a run."""
    shown: list[tuple[Session, View]] = []

    def show(panel: type[View], setup: Setup, width: int, height: int) -> tuple[Session, Debugger, View]:
        session = Session(setup)
        debugger = Debugger(session)
        view = panel(PanelParts(session, LIGHT, debugger, Editor(session)))
        view.set_theme(LIGHT)
        shown.append((session, view))
        view.resize(width, height)
        hands.bring_up(view)
        session.start(setup)
        hands.qtbot.waitUntil(lambda: not session.runner.busy and not session.drifter.busy, timeout=60_000)
        return session, debugger, view

    yield show
    for session, view in shown:
        for worker in (*session.findChildren(Worker), *view.findChildren(Worker)):
            worker.wait()
        view.close()
        view.deleteLater()
        session.deleteLater()


@pytest.fixture
def show_memory(show_alone: Callable[..., tuple[Session, Debugger, View]]) -> Callable[..., tuple[Session, MemoryView]]:
    """Return a function that shows the Memory panel alone, on a run, at one of its pages."""

    def show(setup: Setup, width: int = 720, height: int = 280, page: int = 0) -> tuple[Session, MemoryView]:
        session, _, view = show_alone(MemoryView, setup, width, height)
        assert isinstance(view, MemoryView)
        view.tabs.setCurrentIndex(page)
        QApplication.processEvents()
        return session, view

    return show


def _setup(line: str, steps: int = 6, batch: int | None = None, seed: int = 0) -> Setup:
    spec = parse_constructor(line)
    shape: tuple[int, ...] = (steps, spec.input_size)
    if batch is not None:
        shape = (batch, *shape) if spec.batch_first else (steps, batch, spec.input_size)
    values = np.random.default_rng(seed).normal(size=shape).astype(np.float32).astype(np.float64)
    return Setup(spec, Sequence(values), FromSeed(seed))


@pytest.fixture(scope="session")
def make_setup() -> Callable[..., Setup]:
    """Return a function that makes a network, by its PyTorch line, and a random sequence for it."""
    return _setup


class HelloModel(nn.Module):
    """hello -> ohlol with a plain RNN in the middle, as people write it."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(4, 10)
        self.rnn = nn.RNN(10, 8, num_layers=2, batch_first=True)
        self.out = nn.Linear(8, 4)

    def forward(self, ids: Tensor) -> Tensor:
        """Return the scores of the next letter, (B, T, 4)."""
        scores: Tensor = self.out(self.rnn(self.embedding(ids))[0])
        return scores


@pytest.fixture
def hello_model() -> HelloModel:
    """Return a model with Embedding -> RNN(10, 8, 2 layers, batch_first) -> Linear."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        return HelloModel()


@pytest.fixture
def hello_checkpoint(hello_model: HelloModel, tmp_path: Path) -> Path:
    """Return the file of that model's state dict; beside it lie `letters.npy`, what the RNN is fed, (5, 10)."""
    torch.save(hello_model.state_dict(), tmp_path / "hello.pt")
    letters = hello_model.embedding(torch.tensor([1, 0, 2, 2, 3]))
    np.save(tmp_path / "letters.npy", letters.detach().numpy())
    return tmp_path / "hello.pt"


@pytest.fixture
def hello_recording(hello_model: HelloModel, tmp_path: Path) -> Path:
    """Return a recording of two calls of that model's RNN."""
    with gs.record(hello_model, path=tmp_path / "hello.gates"):
        for ids in ([1, 0, 2, 2, 3], [3, 3, 1]):
            hello_model(torch.tensor([ids]))
    return tmp_path / "hello.gates"


@pytest.fixture
def three_modules(tmp_path: Path) -> Path:
    """Return a checkpoint with a GRU, an LSTM that lacks a tensor, and an RNNCell."""
    parts: dict[str, nn.Module] = {
        "encoder": nn.GRU(4, 6, bidirectional=True), "decoder": nn.LSTM(4, 5), "cell": nn.RNNCell(4, 2),
    }  # fmt: skip
    tensors = nn.ModuleDict(parts).state_dict()
    del tensors["decoder.bias_hh_l0"]
    torch.save(tensors, tmp_path / "three.pth")
    return tmp_path / "three.pth"


@pytest.fixture
def open_dialog(hands: Hands) -> Iterator[Callable[..., SequenceDialog]]:
    """Return a function that shows the Sequence dialog on a setup, at a page."""
    dialogs: list[SequenceDialog] = []

    def show(setup: Setup, page: int | None = None, element: int = 0) -> SequenceDialog:
        dialog = SequenceDialog(setup, element, "en", LIGHT)
        dialogs.append(dialog)
        hands.bring_up(dialog)
        if page is not None:
            bar = dialog.tabs.tabBar()
            hands.click(bar, bar.tabRect(page).center())
        return dialog

    yield show
    for dialog in dialogs:
        dialog.close()
        dialog.worker.wait()
        dialog.deleteLater()
