"""Rows and columns: where the parts lie, and how the room is shared."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QMargins
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gatescope_app.widgets.box_layouts import STRETCH, fill_column, fill_row


def test_parts_lie_in_their_order_with_their_shares_of_the_room(qapp: Any) -> None:
    owner, first, second, last = QWidget(), QWidget(), QWidget(), QWidget()
    row = fill_row(None, first, (second, 1))
    column = fill_column(owner, (row, 2), STRETCH, last, margins=(1, 2, 3, 4), spacing=10)
    assert [row.itemAt(place).widget() for place in range(row.count())] == [first, second]
    assert column.itemAt(0).layout() is row
    assert column.itemAt(1).spacerItem() is not None
    assert column.itemAt(2).widget() is last
    assert [[box.stretch(place) for place in range(box.count())] for box in (row, column)] == [[0, 1], [2, 1, 0]]
    assert column.contentsMargins() == QMargins(1, 2, 3, 4)
    assert column.spacing() == 10
    assert [widget.parent() for widget in (first, second, last)] == [owner] * 3
    owner.deleteLater()


def test_margins_and_spacing_are_the_style_s_where_none_are_given(qapp: Any) -> None:
    filled, plain = QWidget(), QWidget()
    column, expected = fill_column(filled), QVBoxLayout(plain)
    assert (column.contentsMargins(), column.spacing()) == (expected.contentsMargins(), expected.spacing())
    for owner in (filled, plain):
        owner.deleteLater()
