"""The list of keys, by menus, with a search."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QAction, QFont, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QMenuBar,
    QTreeView,
)

from gatescope_app.look.language import without_accelerator
from gatescope_app.look.tooltips import format_keys
from gatescope_app.widgets.box_layouts import fill_column


def show_keys(window: QMainWindow) -> None:
    """List every action that has keys, by the menus that they stand in."""
    dialog = KeysDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


class KeysDialog(QDialog):
    """A field to search in, and under it the actions that have what is typed in text, keys or description."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.search = _SearchField(placeholderText=self.tr("Search, such as: step, or Ctrl+"), clearButtonEnabled=True)
        self.search.setAccessibleName(self.tr("Search the keys"))
        self.found = QSortFilterProxyModel(
            self, filterCaseSensitivity=Qt.CaseSensitivity.CaseInsensitive, filterKeyColumn=-1,
            recursiveFilteringEnabled=True, autoAcceptChildRows=True,
        )  # fmt: skip
        self.found.setSourceModel(self._list(window.menuBar()))
        self.tree = QTreeView(uniformRowHeights=True)
        self.tree.setAlternatingRowColors(True)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setAccessibleName(self.tr("Keys"))
        self.tree.setModel(self.found)
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.none = QLabel(self.tr("Nothing has this in its name, its keys or its description."))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        self.search.textChanged.connect(self._filter)
        self.search.left_downwards.connect(self._enter_tree)
        self.setWindowTitle(self.tr("Keys"))
        fill_column(self, self.search, (self.tree, 1), self.none, buttons)
        self.resize(860, 680)
        self._filter("")

    def _list(self, bar: QMenuBar) -> QStandardItemModel:
        model = QStandardItemModel(self)
        model.setHorizontalHeaderLabels([self.tr("Action"), self.tr("Keys"), self.tr("What it does")])
        bold = QFont()
        bold.setBold(True)
        for menu in menus_in(bar):
            group = QStandardItem(without_accelerator(menu.title()))
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            group.setFont(bold)
            for action in filter(QAction.shortcuts, menu.actions()):
                texts = (action.iconText(), format_keys(action), action.whatsThis())
                group.appendRow([QStandardItem(text) for text in texts])
            if group.hasChildren():
                model.appendRow(group)
        return model

    def _filter(self, text: str) -> None:
        self.found.setFilterFixedString(text.strip())
        self.tree.expandAll()
        self.none.setVisible(self.found.rowCount() == 0)

    def _enter_tree(self) -> None:
        self.tree.setFocus()
        first = self.found.index(0, 0, self.found.index(0, 0))
        self.tree.setCurrentIndex(first)


class _SearchField(QLineEdit):
    """Tells of the key that leads from it into the list below."""

    left_downwards = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.left_downwards.emit()
        else:
            super().keyPressEvent(event)


def menus_in(menu: QMenuBar | QMenu) -> Iterator[QMenu]:
    """Yield every menu below one, each before those in it."""
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield inner
            yield from menus_in(inner)
