"""The title bar of a panel: its button for help lies beside Qt's, and clear of the title."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QApplication, QStyleOptionDockWidget

from gatescope_app.window.main_window import MainWindow
from gatescope_app.window.panel_dock import PanelDock


def others(dock: PanelDock) -> list[QAbstractButton]:
    names = ("qt_dockwidget_floatbutton", "qt_dockwidget_closebutton")
    return [button for name in names for button in dock.findChildren(QAbstractButton, name)]


def test_the_button_stands_beside_those_of_qt_at_any_size_of_type(window: MainWindow) -> None:
    for _ in range(3):
        for name in ("memory", "inspector", "sequence"):
            dock = window.docks[name]
            dock.raise_()
            QApplication.processEvents()
            assert dock.help.isVisible()
            assert dock.rect().contains(dock.help.geometry())
            assert len(others(dock)) == 2
            for other in others(dock):
                assert not dock.help.geometry().intersects(other.geometry())
                assert dock.help.geometry().center().y() == other.geometry().center().y()
        window.appearance.change_size(1)


def test_the_title_ends_before_the_button(window: MainWindow) -> None:
    dock = window.docks["sequence"]
    dock.setWindowTitle("A title that is much longer than the panel is wide, and goes on and on and on")
    option = QStyleOptionDockWidget()
    dock.initStyleOption(option)
    assert option.title.endswith("…")
    assert dock.fontMetrics().horizontalAdvance(option.title) < dock.help.x()


def test_the_button_says_what_it_does_and_whose(window: MainWindow) -> None:
    button = window.docks["memory"].help
    assert button.accessibleName() == "Help on Memory"
    assert "Ctrl+F1" in button.toolTip()
