"""Errors in methods that Qt calls are reported once each, and Qt goes on: in a process of its own, which some ended."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
from __future__ import annotations
import sys
from typing import Any
from PySide6.QtCore import QAbstractListModel, QEvent, QObject, QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QListView, QWidget
from gatescope_app.state.override_errors import report_override_errors

__name__ = "gatescope_app.tried"  # of which the classes below are
failing = False

def fail():
    if failing:
        {line}

class Before(QWidget):
    def changeEvent(self, event) -> None:
        if event.type() == QEvent.Type.FontChange:
            fail()

report_override_errors()

class After(Before):
    def resizeEvent(self, event) -> None:
        fail()

    def sizeHint(self) -> QSize:
        fail()
        return QSize(123, 45)

class Watching(QObject):
    def eventFilter(self, watched, event) -> bool:
        fail()
        return True

class Model(QAbstractListModel):
    def rowCount(self, parent=None) -> int:
        fail()
        return 3

    def data(self, index, role=Qt.ItemDataRole.DisplayRole) -> Any:
        return None

application = QApplication([])
before, after, model, view, watching = Before(), After(), Model(), QListView(), Watching()
view.setModel(model)
for each in (before, after, view):
    each.show()
application.processEvents()
reported = []
def report(kind, error, trace):
    reported.append(kind.__name__)
    sys.__excepthook__(kind, error, trace)
sys.excepthook = report
failing = True
before.setFont(QFont("Sans", 40))
after.resize(333, 222)
after.adjustSize()
print(model.rowCount(), after.sizeHint() == QWidget(after).sizeHint())
view.installEventFilter(watching)
QApplication.sendEvent(view, QEvent(QEvent.Type.User))
print(set(reported), len(reported) >= 5)
"""


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("[][1]", "IndexError"), ("int('x')", "ValueError"), ("next(iter(()))", "StopIteration"),
        ("1 / 0", "ZeroDivisionError"), ("raise RuntimeError('boom')", "RuntimeError"),
    ],
)  # fmt: skip
def test_an_error_in_a_method_that_qt_calls_is_reported_and_qt_goes_on(line: str, kind: str) -> None:
    program = PROGRAM.format(line=line)
    ended = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == ["0 True", f"{{'{kind}'}} True"]
