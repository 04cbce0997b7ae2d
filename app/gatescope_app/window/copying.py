"""Copy and Select all, each done by what has the focus: a table, a drawing or a text."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QAbstractSpinBox, QApplication, QLabel

from gatescope_app.widgets.table_copy import TableCopier


def copy_selected() -> None:
    """Copy what is selected; where nothing can be, the clipboard stays as it is."""
    subject = _subject()
    if isinstance(subject, QLabel):
        if subject.hasSelectedText():
            QApplication.clipboard().setText(subject.selectedText())
    elif hasattr(subject, "copy"):
        subject.copy()


def select_all() -> None:
    """Select everything there is in it."""
    subject = _subject()
    if isinstance(subject, QLabel):
        subject.setSelection(0, len(subject.text()))
    elif isinstance(subject, TableCopier):
        subject.select_all()
    elif hasattr(subject, "selectAll"):
        subject.selectAll()


def _subject() -> object:
    """Return what has the focus; of a table or list what copies from it, of a number its text."""
    focus = QApplication.focusWidget()
    if isinstance(focus, QAbstractItemView):
        return focus.findChild(TableCopier, options=Qt.FindChildOption.FindDirectChildrenOnly) or TableCopier(focus)
    return focus.lineEdit() if isinstance(focus, QAbstractSpinBox) else focus
