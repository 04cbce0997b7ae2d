"""Numbers in the cells of Qt's own tables, of which none is cut."""

from __future__ import annotations

from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gatescope_app.widgets.number_texts import fit_number
from gatescope_app.widgets.table_model import Index


class NumberDelegate(QStyledItemDelegate):
    """Rounds what there is no room for, and says so with a sign; the editor has all digits."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        fit_cell(option)


def fit_cell(option: QStyleOptionViewItem) -> None:
    """Round the number of a cell where there is no room for all of it."""
    style, widget = option.widget.style(), option.widget
    margin = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, option, widget) + 2
    option.text = fit_number(option.text, option.rect.width() - 2 * margin, option.fontMetrics.horizontalAdvance)
