"""What the monkey notices: errors, Qt's warnings, and a state or a window that does not fit together."""

from __future__ import annotations

import json
import logging
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from gatescope_app.state.session_state import State
from gatescope_app.widgets.view import View
from gatescope_app.window.main_window import MainWindow

# What Qt says of the offscreen platform, and of the monkey's own events.
_HARMLESS = (
    "This plugin does not support",
    "Mouse event at ",  # a window that is minimised
    "QTest::",
)

_LASTING = 60
"""Events after which what does not fit together is no passing state: Qt lays out and moves panels with the next."""


class Findings(logging.Handler):
    """Writes each kind of finding once, with the event at which it was noticed."""

    def __init__(self, path: Path) -> None:
        super().__init__(logging.ERROR)
        self._file = path.open("w", buffering=1)
        self._known: set[str] = set()
        self._lasting: dict[str, int] = {}  # what does not fit together, and in how many events on end
        self.event, self.what = 0, ""
        logging.getLogger("gatescope").addHandler(self)
        qInstallMessageHandler(self._on_qt_message)
        warnings.showwarning = self._on_warning

    def __len__(self) -> int:
        return len(self._known)

    def add(self, kind: str, text: str) -> None:
        """Write a finding, unless it is known."""
        key = f"{kind}: {text.strip().splitlines()[-1]}"
        if kind == "error":  # the same error of another place is another finding
            key += "".join(text.splitlines()[-3:-1])
        if key not in self._known:
            self._known.add(key)
            self._file.write(json.dumps({"event": self.event, "what": self.what, "kind": kind, "text": text}) + "\n")

    def emit(self, record: logging.LogRecord) -> None:
        """Take what the program logs of errors that it did not expect."""
        error = record.exc_info[1] if record.exc_info else None
        self.add("error", record.getMessage() if error is None else "".join(traceback.format_exception(error)))

    def _on_qt_message(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and not text.startswith(_HARMLESS):
            self.add("Qt", "".join(traceback.format_stack(limit=8)) + text)

    def _on_warning(self, message: Warning | str, category: type[Warning], place: str, line: int, *_: object) -> None:
        if "gatescope" in place:
            self.add("warning", f"{place}:{line}: {category.__name__}: {message}")

    def check(self, window: MainWindow) -> None:
        """Notice what does not fit together."""
        problems = set(_problems(window))
        self._lasting = {problem: self._lasting.get(problem, 0) + 1 for problem in problems}
        for problem, times in self._lasting.items():
            if times == _LASTING:
                self.add("inconsistent", problem)


def _problems(window: MainWindow) -> Iterator[str]:
    state = window.session.state
    yield from _problems_of_state(state)
    if window.toolbar.slider.value() != state.cursor.t:
        yield "the slider is at another step"
    if window.toolbar.slider.maximum() != state.setup.steps - 1:
        yield "the slider has another number of steps"
    if window.menus.languages.by_name[window.appearance.language].isChecked() is False:
        yield "the menu ticks another language"
    for name, view in window.views.items():
        if isinstance(view, View) and view.isVisible() and view._shown is not state:
            if view._in_front:
                yield f"the panel {name} shows another state"
            elif not window.isMinimized() and not view.visibleRegion().isEmpty():
                where = "floating" if window.docks[name].isFloating() else window.layouts.name
                yield f"the panel {name} waits although it can be seen ({where})"


def _problems_of_state(state: State) -> Iterator[str]:
    spec, cursor = state.setup.spec, state.cursor
    if not (0 <= cursor.t < state.setup.steps and 0 <= cursor.layer < spec.num_layers):
        yield "the cursor is outside of the run"
    if cursor.direction not in spec.directions or cursor.phase not in ("complete", *spec.cell.phases):
        yield f"the cell has no {cursor.direction} or {cursor.phase}"
    if not (0 <= state.unit < spec.hidden_size and 0 <= state.batch < state.setup.batch_size):
        yield "the unit or the batch element is none of the run's"
    if state.quantity not in spec.cell.names:
        yield f"the cell has no {state.quantity}"
    if state.run is not None and state.run.setup is not state.setup:
        yield "the run is of another setup"
