"""Numbers in the cells of Qt's own tables, of which none is cut."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gatescope_app.widgets.number_texts import fit_number
from gatescope_app.widgets.table_model import Index


class NumberDelegate(QStyledItemDelegate):
    """Rounds what there is no room for, and says so with a sign; the editor has all digits."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        fit_cell(option)


def repaint_when_scrolled(table: QAbstractItemView) -> None:
    """Write numbers at the edge anew: they are as long as there is room for, and to move their picture would cut them.

    Parameters
    ----------
    table : QAbstractItemView
        Whose delegate fits its numbers with `fit_cell`.
    """
    table.horizontalScrollBar().valueChanged.connect(table.viewport().update)


def fit_cell(option: QStyleOptionViewItem) -> None:
    """Round the number of a cell where there is no room for all of it, or only a part of the cell is in sight."""
    style, widget = option.widget.style(), option.widget
    if isinstance(widget, QAbstractItemView):
        in_sight = option.rect & widget.viewport().rect()
        option.rect = in_sight if in_sight.isValid() else option.rect
    margin = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, option, widget) + 2
    option.text = fit_number(option.text, option.rect.width() - 2 * margin, option.fontMetrics.horizontalAdvance)
