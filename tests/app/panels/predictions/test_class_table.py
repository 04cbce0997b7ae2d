"""The bars of a step: no number is cut, and what is told of a class is of the step that is shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics
from pytestqt.qtbot import QtBot

from gatescope_app.look.theme import LIGHT
from gatescope_app.panels.predictions.class_table import BarScale, ClassRow, ClassTable, format_value

TIP = Qt.ItemDataRole.ToolTipRole


@pytest.fixture
def table(qtbot: QtBot) -> ClassTable:
    """Return a table with room for small numbers."""
    shown = ClassTable(LIGHT)
    qtbot.addWidget(shown)
    shown.resize(480, 160)
    shown.show()
    shown.lay_out(["label"], ["✗ predicted"])
    return shown


def row(number: int, value: float, tip: Callable[[], str] = str) -> ClassRow:
    return ClassRow(number, f"class {number}", value, predicted=number == 0, tip=tip)


def place_of_numbers(table: ClassTable) -> QRect:
    _, left, right = table._places
    return QRect(left, 0, right - left, 10)


@pytest.mark.parametrize("value", [-12.3456, -123.4567, -99_999.1234, -1.2345e30, float("-inf"), 0.5])
@pytest.mark.parametrize("predicted", [0, 1])
def test_no_number_is_cut(table: ClassTable, value: float, predicted: int) -> None:
    values = (value, 0.25) if predicted == 0 else (0.25, value)
    table.show_rows([row(number, one) for number, one in enumerate(values)], BarScale(-1.0, 1.0, LIGHT.accent))
    bold = QFont(table.font())
    bold.setBold(True)
    assert QFontMetrics(bold).horizontalAdvance(format_value(value)) <= place_of_numbers(table).width()
    table.grab()


def test_the_column_of_the_numbers_does_not_jump_from_step_to_step(table: ClassTable) -> None:
    scale = BarScale(-1.0, 1.0, LIGHT.accent)
    table.show_rows([row(0, -123_456.0)], scale)
    wide = place_of_numbers(table)
    table.show_rows([row(0, 0.5)], scale)
    assert place_of_numbers(table) == wide


def test_what_is_told_of_equal_bars_is_of_the_step_that_is_shown(table: ClassTable) -> None:
    """Two steps may have the same probabilities, 1 and 0, of different scores."""
    scale = BarScale(0.0, 1.0, LIGHT.accent)
    for step in ("score 90.0", "score 120.0"):
        table.show_rows([row(0, 1.0, lambda step=step: step), row(1, 0.0)], scale)  # type: ignore[misc]
        assert table.classes.index(0, 0).data(TIP) == step


def test_a_label_that_looks_like_html_is_told_as_it_is(table: ClassTable) -> None:
    table.show_rows([row(0, 1.0, lambda: "class 0: <s>")], BarScale(0.0, 1.0, LIGHT.accent))
    assert "&lt;s&gt;" in table.classes.index(0, 0).data(TIP)


def test_the_sign_of_a_class_is_the_one_that_its_words_begin_with() -> None:
    from gatescope_app.panels.predictions.class_rows import _remark, _sign

    for predicted in (True, False):
        for target in (True, False, None):
            remark, sign = (says(predicted=predicted, target=target) for says in (_remark, _sign))
            assert remark[:1] == sign
