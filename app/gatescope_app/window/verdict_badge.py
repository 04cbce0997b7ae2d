"""The verdict, always in sight."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton

from gatescope.edits.edits import Edit, WeightEdit
from gatescope.messages.message import Message
from gatescope_app.look.edit_marks import describe_edits
from gatescope_app.look.language import format_message, format_template
from gatescope_app.look.theme import Theme
from gatescope_app.look.tokens import escape_markup

_FRAME = 36  # pixels for padding, border and the bolder type
_SIGNS = {
    "matches": "✓", "matches_where_comparable": "✓", "deviates": "≈", "deviates_in_gate": "≈",
    "deviates_on_average": "≈", "deviates_over_units": "≈", "differs": "✗", "module_differs": "✗",
    "record_differs": "✗", "reference_unsure": "⚠",
}  # fmt: skip
_UNKNOWN = "?"  # where there is nothing to compare, or nothing to compare it with


class VerdictBadge(QToolButton):
    """A coloured button with the verdict and a sign, so that colour is not all that tells."""

    def __init__(self) -> None:
        super().__init__(toolButtonStyle=Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._text = ""

    def show_verdict(self, verdict: Message | None, theme: Theme, edits: Sequence[Edit] = ()) -> None:
        """Show a verdict, and that it is about an edited run where there are edits; or that there is none yet."""
        if verdict is None:
            text, colour, ink = self.tr("not checked yet"), theme.raised, theme.text
        else:
            text = f"{_SIGNS.get(verdict.code, _UNKNOWN)}  {self._of_edited(self._shorten(verdict), edits)}"
            colour, ink = theme.of_verdict(verdict.code), theme.on_verdict
        self._text = text
        self.setStyleSheet(
            f"QToolButton {{ background: {colour}; color: {ink}; border: 1px solid {colour}; border-radius: 6px;"
            f" padding: 4px 10px; font-weight: bold; }} QToolButton:focus {{ border-color: {theme.cursor}; }}"
        )
        full = "" if verdict is None else self._of_edited(format_message(verdict), edits)
        lines = [full, describe_edits(edits), self.tr("Click for the comparison step by step (Ctrl+M)")]
        self.setToolTip(escape_markup("\n".join(line for line in lines if line)))
        self.setAccessibleName(full or text)
        self.updateGeometry()
        self._fit()

    def sizeHint(self) -> QSize:
        # One pixel more: cutting the words measures fractions of a pixel.
        return QSize(self.fontMetrics().horizontalAdvance(self._text) + 1 + _FRAME, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Stay in sight in a narrow window, with the sign and the first words."""
        return QSize(self.fontMetrics().horizontalAdvance("✓  matches…") + _FRAME, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = max(self.width() - _FRAME, 0)
        self.setText(self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, room))

    def _of_edited(self, verdict: str, edits: Sequence[Edit]) -> str:
        """Say whose verdict it is: that of the network as it was opened would be another one."""
        if not edits:
            return verdict
        changes_weights = any(isinstance(edit, WeightEdit) for edit in edits)
        text = self.tr("edited network: {verdict}") if changes_weights else self.tr("edited run: {verdict}")
        return text.format(verdict=verdict)

    def _shorten(self, verdict: Message) -> str:
        deviates = self.tr("deviates in {quantity} of unit {unit}")
        shorter = {
            "matches": self.tr("matches {module} ({percent} %)"),
            "differs": self.tr("differs from {module} at t = {t}"),
            "matches_where_comparable": self.tr("matches {module} where it can; held by hand: {count}"),
            "deviates": deviates,
            "deviates_in_gate": deviates,
            "deviates_on_average": self.tr("deviates in {quantity} of unit {unit} on average"),
            "deviates_over_units": self.tr("deviates in {quantity} on average over {units} units"),
            "module_differs": self.tr("the module does something else"),
            "record_differs": self.tr("the trace is not what ran"),
            "nothing_to_compare": self.tr("nothing to compare: all is held by hand"),
            "batch_empty": self.tr("nothing to compare: the batch is empty"),
            "cannot_compare": self.tr("cannot compare from t = {t} on"),
            "reference_unsure": self.tr("cannot be told: the reference's {quantity} is unsure"),
        }.get(verdict.code)
        return format_message(verdict) if shorter is None else format_template(shorter, verdict)
