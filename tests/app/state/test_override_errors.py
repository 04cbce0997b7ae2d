"""Errors in methods that Qt calls are raised where Python called Qt, of whatever kind they are."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from PySide6.QtCore import QAbstractListModel, QEvent, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QListView, QWidget
from gatescope_app.state.override_errors import survive_override_errors

failing = False
def fail():
    if failing:
        {line}

class Before(QWidget):
    def changeEvent(self, event):
        if event.type() == QEvent.Type.FontChange:
            fail()

survive_override_errors()

class After(Before):
    def resizeEvent(self, event):
        fail()

class Model(QAbstractListModel):
    def rowCount(self, parent=None):
        fail()
        return 3
    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        return None

application = QApplication([])
before, after, model, view = Before(), After(), Model(), QListView()
view.setModel(model)
for each in (before, after, view):
    each.show()
application.processEvents()
failing = True
def resize(): after.resize(333, 222)
def larger(): before.setFont(QFont("Sans", 40))
def scroll(): view.keyboardSearch('x')
for act in (larger, resize, scroll):
    try:
        act()
    except {kind}:
        print("caught")
print("alive")
"""


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("[][1]", "IndexError"), ("int('x')", "ValueError"), ("next(iter(()))", "StopIteration"),
        ("1 / 0", "ZeroDivisionError"), ("raise RuntimeError('boom')", "RuntimeError"),
    ],
)  # fmt: skip
def test_an_error_in_a_method_that_qt_calls_is_raised(line: str, kind: str) -> None:
    program = PROGRAM.format(line=line, kind=kind)
    ended = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split()[-1] == "alive"
    assert ended.stdout.split().count("caught") == 3, ended.stdout
