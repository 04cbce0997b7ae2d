"""What the monkey does to the window, as keys and mouse do it."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)
from shiboken6 import isValid

from gatescope.messages.message import GatescopeError
from gatescope.modules.constructor import parse_constructor
from gatescope_app.state.network_changes import with_network
from gatescope_app.state.runs import Setup, example_setup
from gatescope_app.state.sources import FromSeed
from gatescope_app.window.main_window import MainWindow

_KEYS = (
    "Up", "Down", "Left", "Right", "Home", "End", "PgUp", "PgDown", "Tab", "Shift+Tab", "Return", "Enter", "Esc",
    "Space", "Del", "Backspace", "F2", "F4", "Menu", "Shift+F10", "Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X", "Ctrl+Z",
    "Ctrl+Shift+Z", "Shift+Right", "Shift+End", "Ctrl+Return", "Ctrl+Space", "Ctrl+Tab", "Alt+Down", "Alt+F", "Alt+V",
    "+", "-", "0", "F1", "F9", "F10", "F11", "Ctrl+Home", "Ctrl+End", "Ctrl+PgUp", "Ctrl+PgDown",
)  # fmt: skip
_TEXTS = (
    "0", "1", "-1", "0.5", "7", "1e15", "-3e14", "1e400", "nan", "inf", "1e-320", "99999999999999999999", "h",
    "c[0] > 0", "mean(o)", "f[3] < 0.1", "abs(", "h[99]", "max(i) - min(i) == 0", "t == 3", "r", "z[0]", "c_tilde",
    "{h[0]} at {t}", "x" * 300, "hello", "a\tb", "/dev/zero", "名字", "\u202egnp.exe", "\u0000", "🙂",
    "nn.GRU(4, 3)", "()[]{}'\"\\", " ", "",
)  # fmt: skip
_NETWORKS = (
    "nn.LSTM({k}, 6)", "nn.GRU({k}, 5)", "nn.RNN({k}, 4)", "nn.LSTM({k}, 8, num_layers=2, bidirectional=True)",
    "nn.LSTM({k}, 40)", "nn.LSTM({k}, 6, proj_size=2)", "nn.GRU({k}, 3, num_layers=3)", "nn.LSTMCell({k}, 4)",
    "nn.RNN({k}, 7, nonlinearity='relu')", "nn.GRUCell({k}, 2)", "nn.RNNCell({k}, 1)", "nn.LSTM({k}, 1, bias=False)",
)  # fmt: skip
_WRITTEN = (
    "out.csv", "out.gates", "out.svg", "out.png", "out.pdf", "no folder/out.csv", "no ending", "lesson.gatescope",
    "other.gatescope",
)  # fmt: skip
_EXAMPLES = ("hello", "impulse", "sine", "latch", "brackets")
_BUTTONS = (*[Qt.MouseButton.LeftButton] * 6, *[Qt.MouseButton.RightButton] * 3, Qt.MouseButton.MiddleButton)
_LEFT = Qt.MouseButton.LeftButton
_MOUSE: dict[str, Callable[..., None]] = {
    "press": QTest.mousePress, "release": QTest.mouseRelease, "double": QTest.mouseDClick,
}  # fmt: skip
_NONE = Qt.KeyboardModifier.NoModifier
_HELD = {
    Qt.KeyboardModifier.ControlModifier: Qt.Key.Key_Control, Qt.KeyboardModifier.ShiftModifier: Qt.Key.Key_Shift,
    Qt.KeyboardModifier.AltModifier: Qt.Key.Key_Alt,
}  # fmt: skip
_MODIFIERS = (
    *[_NONE] * 8, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)  # fmt: skip


class Events:
    """Does one random thing at a time.

    Parameters
    ----------
    window : callable
        Returns the window; another one after it was closed.
    files : list of str
        What is opened and dropped.
    folder : Path
        Where everything is written.
    """

    def __init__(self, window: Callable[[], MainWindow], files: list[str], folder: Path) -> None:
        self._window, self._files, self._folder = window, [*files, *(str(folder / name) for name in _WRITTEN)], folder
        self.draw = random.Random()
        self.kinds: dict[Callable[[], str], int] = {
            self.shortcut: 22, self.key: 22, self.type_text: 8, self.click: 20, self.double_click: 4, self.drag: 5,
            self.press: 2, self.release: 3, self.hover: 8, self.wheel: 4, self.context_menu: 4, self.menu: 4,
            self.fill: 10, self.answer: 6, self.drop: 2, self.network: 4, self.resize: 1, self.dock: 2, self.wait: 4,
            self.other_window: 1,
        }  # fmt: skip

    def one(self, number: int, seed: int, tell: Callable[[str], None]) -> None:
        """Do what the number of the event and the seed say; `tell` is called with it before it is done."""
        self.draw = random.Random(f"{seed} {number}")
        kind = self.draw.choices(list(self.kinds), list(self.kinds.values()))[0]
        self._tell = tell
        kind()

    # where it is done

    def _front(self) -> QWidget:
        """Return the window that keys and mouse go to."""
        window = self._window()
        if window.isMinimized():  # where neither keys nor clicks can reach it
            window.showNormal()
        front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if front is not None and front.isVisible():
            return front
        others = [each for each in QApplication.topLevelWidgets() if each.isVisible() and each.isWindow()]
        return self.draw.choice(others) if others and self.draw.random() < 0.05 else window

    def _place(self) -> tuple[QWidget, QPoint]:
        """Return a window and a place in it: of one of its parts, or any."""
        front = self._front()
        parts = [part for part in front.findChildren(QWidget) if part.isVisible() and not part.isWindow()]
        if parts and self.draw.random() < 0.7:
            part = self.draw.choice(parts)
            inside = QPoint(self.draw.randrange(max(part.width(), 1)), self.draw.randrange(max(part.height(), 1)))
            place = part.mapTo(front, inside)
            if front.rect().contains(place):
                return front, place
        return front, QPoint(self.draw.randrange(max(front.width(), 1)), self.draw.randrange(max(front.height(), 1)))

    def _describe(self, front: QWidget, place: QPoint | None = None) -> str:
        part = front if place is None else front.childAt(place) or front
        return f"{type(part).__name__} of {type(front).__name__} {'' if place is None else place.toTuple()}"

    def _press_key(self, name: str) -> None:
        """Press keys such as `Ctrl+G`, the last of them last, and release them."""
        key = QKeySequence(name)[0]
        held = [code for modifier, code in _HELD.items() if modifier & key.keyboardModifiers()]
        for code in held:
            self._stroke(code, press=True)
        self._stroke(key.key(), key.keyboardModifiers(), press=True)
        self._stroke(key.key(), key.keyboardModifiers(), press=False)
        for code in reversed(held):
            self._stroke(code, press=False)

    def _type(self, text: str) -> None:
        for character in text:
            for press in (True, False):
                self._stroke(ord(character.upper()), _NONE, character, press=press)

    def _stroke(self, code: int, modifiers: Qt.KeyboardModifier = _NONE, text: str = "", *, press: bool) -> None:
        """Send one half of a stroke to the window that is in front by then.

        `QTest.keyClick` sends both halves, and those of modifiers, to one window, even where the first has closed it:
        that ends the process, and no keyboard does it.
        """
        handle = self._front().windowHandle()
        if handle is not None and isValid(handle):
            QTest.simulateEvent(handle, press, int(code), modifiers, text, False)

    # keys

    def shortcut(self) -> None:
        """Press the keys of an action of the window."""
        keys = [key.toString() for action in self._window().findChildren(QAction) for key in action.shortcuts()]
        name, front = self.draw.choice(sorted(set(keys))), self._front()
        if name == "Ctrl+Q" and self.draw.random() < 0.9:
            name = "Right"
        self._tell(f"shortcut {name} in {self._describe(front)}")
        self._press_key(name)

    def key(self) -> None:
        """Press one of the keys that fields, lists and dialogs know."""
        name, front = self.draw.choice(_KEYS), self._front()
        times = self.draw.choice((1, 1, 1, 2, 5))
        self._tell(
            f"key {name} x {times} in {self._describe(front)}, focus {type(QApplication.focusWidget()).__name__}"
        )
        for _ in range(times):
            self._press_key(name)

    def type_text(self) -> None:
        """Type into what has the focus."""
        text, field = self.draw.choice(_TEXTS), QApplication.focusWidget()
        self._tell(f"type {text!r} into {type(field).__name__}")
        if text.isascii() and text.isprintable():
            self._type(text)
        elif field is not None:
            event = QInputMethodEvent()
            event.setCommitString(text)
            QApplication.sendEvent(field, event)

    # the mouse

    def _mouse(self, acts: str, front: QWidget, place: QPoint, button: Qt.MouseButton = _LEFT) -> None:
        """Do such as `press release`, each where the window is still there."""
        modifiers = self.draw.choice(_MODIFIERS)
        for act in acts.split():
            handle = front.windowHandle() if isValid(front) else None
            if handle is not None:
                _MOUSE[act](handle, button, modifiers, place)

    def click(self) -> None:
        """Click anywhere."""
        (front, place), button = self._place(), self.draw.choice(_BUTTONS)
        self._tell(f"click {button.name} on {self._describe(front, place)}")
        self._mouse("press release", front, place, button)

    def double_click(self) -> None:
        """Double-click anywhere."""
        front, place = self._place()
        self._tell(f"double click on {self._describe(front, place)}")
        self._mouse("press release double release", front, place)

    def drag(self) -> None:
        """Press, move, release."""
        front, place = self._place()
        self._tell(f"drag from {self._describe(front, place)}")
        self._mouse("press", front, place)
        for _ in range(self.draw.randrange(1, 8)):
            place += QPoint(self.draw.randrange(-80, 81), self.draw.randrange(-40, 41))
            if isValid(front) and front.windowHandle() is not None:
                QTest.mouseMove(front.windowHandle(), _inside(front, place))
            else:
                return
        self._mouse("release", front, _inside(front, place))

    def press(self) -> None:
        """Press a button and hold it, while other things happen."""
        front, place = self._place()
        self._tell(f"press on {self._describe(front, place)}")
        self._mouse("press", front, place)

    def release(self) -> None:
        """Release it."""
        front, place = self._place()
        self._tell(f"release on {self._describe(front, place)}")
        self._mouse("release", front, place)

    def hover(self) -> None:
        """Move the mouse somewhere, and leave it there."""
        front, place = self._place()
        self._tell(f"hover over {self._describe(front, place)}")
        if front.windowHandle() is not None:
            QTest.mouseMove(front.windowHandle(), place)

    def wheel(self) -> None:
        """Turn the wheel."""
        (front, place), angle = self._place(), self.draw.choice((-360, -120, -15, 15, 120, 1200))
        modifiers = self.draw.choice(_MODIFIERS)
        self._tell(f"wheel {angle} on {self._describe(front, place)}")
        if front.windowHandle() is not None:
            QTest.wheelEvent(front.windowHandle(), QPointF(place), QPoint(0, angle), QPoint(), modifiers)

    def context_menu(self) -> None:
        """Ask for the menu of something, and choose from it."""
        front, place = self._place()
        self._tell(f"context menu of {self._describe(front, place)}")
        self._mouse("press release", front, place, Qt.MouseButton.RightButton)

    # menus, dialogs and files

    def menu(self) -> None:
        """Choose something from the menu bar, or from the menu that is open."""
        popup = QApplication.activePopupWidget()
        if isinstance(popup, QMenu) and popup.actions():
            action = self.draw.choice(popup.actions())
            self._tell(f"choose {action.text()!r} of the open menu")
            self._mouse("press release", popup, popup.actionGeometry(action).center())
            return
        bar = self._window().menuBar()
        action = self.draw.choice(bar.actions())
        self._tell(f"open the menu {action.text()!r}")
        if self._front() is self._window():
            place = bar.mapTo(self._window(), bar.actionGeometry(action).center())
            self._mouse("press release", self._window(), place)

    def fill(self) -> None:
        """Use a field, a box, a button, a tab or a table of what is in front."""
        front = self._front()
        kinds = (QLineEdit, QAbstractSpinBox, QComboBox, QAbstractButton, QPlainTextEdit, QTabBar, QAbstractItemView)
        parts = [
            part
            for part in front.findChildren(QWidget)
            if part.isVisible() and part.isEnabled() and isinstance(part, kinds)
        ]
        if not parts:
            self._tell("nothing to fill in")
            return
        part, text = self.draw.choice(parts), self.draw.choice(_TEXTS)
        self._tell(f"fill {type(part).__name__} of {type(front).__name__} with {text!r}")
        self._mouse("press release", front, _inside(front, part.mapTo(front, self._inside_of(part))))
        if isinstance(part, QAbstractItemView):
            self._press_key(self.draw.choice(("F2", "Space", "Del", "Return")))
        if not isinstance(part, (QAbstractButton, QTabBar)) and text.isascii() and text.isprintable():
            for name in self.draw.choice(((), ("Ctrl+A",), ("Ctrl+A", "Del"))):
                self._press_key(name)
            self._type(text[:40])
            self._press_key(self.draw.choice(("Return", "Tab", "Esc", "Down")))

    def _inside_of(self, part: QWidget) -> QPoint:
        if isinstance(part, QTabBar) and part.count():
            return part.tabRect(self.draw.randrange(part.count())).center()
        return QPoint(self.draw.randrange(max(part.width(), 1)), self.draw.randrange(max(part.height(), 1)))

    def answer(self) -> None:
        """End the dialog in front, in one of the ways that there are."""
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QDialog):
            self._tell("no dialog to answer")
            return
        how = self.draw.choice(("Return", "Ctrl+Return", "Esc", "close", "button"))
        self._tell(f"answer {type(dialog).__name__} by {how}")
        if how == "close":
            dialog.close()
        elif how == "button":
            buttons = [one for one in dialog.findChildren(QAbstractButton) if one.isVisible() and one.isEnabled()]
            if buttons:
                self.draw.choice(buttons).click()
        else:
            self._press_key(how)

    def drop(self) -> None:
        """Drop a file onto the window."""
        window, path = self._window(), self.draw.choice(self._files)
        self._tell(f"drop {Path(path).name!r}")
        if QApplication.activeModalWidget() is not None or QApplication.activePopupWidget() is not None:
            return
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(path)])
        how = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, _NONE
        place = QPoint(window.width() // 2, window.height() // 2)
        QApplication.sendEvent(window, QDragEnterEvent(place, how[0], data, how[2], how[3]))
        QApplication.sendEvent(window, QDropEvent(QPointF(place), *how, QEvent.Type.Drop))

    def file_to_open(self, *_arguments: object, **_options: object) -> tuple[str, str]:
        """Stand in for the file dialog for opening."""
        return self.draw.choice(("", *self._files)), ""

    def file_to_write(self, *_arguments: object, **_options: object) -> tuple[str, str]:
        """Stand in for the file dialog for saving."""
        return self.draw.choice(("", *(str(self._folder / name) for name in _WRITTEN))), ""

    # the rest

    def network(self) -> None:
        """Put another network or example in place of the current one, whatever else is going on."""
        session = self._window().session
        if self.draw.random() < 0.4:
            name = self.draw.choice(_EXAMPLES)
            self._tell(f"run the example {name}")
            session.start(example_setup(name))
            return
        line = self.draw.choice(_NETWORKS).format(k=session.state.setup.sequence.width)
        self._tell(f"run {line}")
        session.start(self._setup_with(line))

    def _setup_with(self, line: str) -> Setup:
        setup = self._window().session.state.setup
        try:
            return with_network(setup, parse_constructor(line), FromSeed(self.draw.randrange(3)))
        except GatescopeError:
            return example_setup("hello")

    def resize(self) -> None:
        """Give the window another size or state."""
        window, how = self._window(), self.draw.choice(("size", "size", "full", "normal", "minimised"))
        self._tell(f"resize: {how}")
        if how == "size":
            window.resize(self.draw.randrange(300, 2000), self.draw.randrange(200, 1400))
        elif how == "full":
            window.showMaximized()
        elif how == "minimised":
            window.showMinimized()
        else:
            window.showNormal()

    def dock(self) -> None:
        """Float a panel, put it back, close it or bring it to the front."""
        name, how = self.draw.choice(list(self._window().docks)), self.draw.choice(("float", "front", "close"))
        dock = self._window().docks[name]
        self._tell(f"{how} the panel {name}")
        if how == "float":
            dock.setFloating(not dock.isFloating())
        elif how == "close":
            dock.close()
        else:
            dock.show()
            dock.raise_()

    def wait(self) -> None:
        """Let timers and workers come to their end."""
        self._tell("wait")
        QTest.qWait(self.draw.choice((1, 10, 60)))

    def other_window(self) -> None:
        """Let another program take the keys, and give them back."""
        self._tell("another window")
        other = QWidget()
        other.show()
        other.activateWindow()
        QApplication.processEvents()
        other.close()
        self._front().activateWindow()


def _inside(front: QWidget, place: QPoint) -> QPoint:
    return QPoint(min(max(place.x(), 0), front.width() - 1), min(max(place.y(), 0), front.height() - 1))
