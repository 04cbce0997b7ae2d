"""A field for some of the numbers from 0 on, such as 0, 2-4; empty for all of them."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QHBoxLayout

from gatescope_app.look.theme import Theme
from gatescope_app.widgets.breakpoint_texts import format_ranges
from gatescope_app.widgets.checked_line import CheckedField, CheckedLine, Misread

_PART = re.compile(r"\s*([0-9]{1,9})\s*(?:[-–]\s*([0-9]{1,9})\s*)?\Z")


class NumbersEdit(CheckedField):
    """The line, and beside it what can be typed; as soon as that is not what is typed, with a cross."""

    def __init__(self, chosen: frozenset[int] | None, last: int, theme: Theme) -> None:
        layout = QHBoxLayout()
        super().__init__(CheckedLine(self._check), theme, layout)
        layout.setStretch(0, 2)
        layout.setStretch(1, 3)
        self._last = last
        self._allowed = self.tr("0 to {last}, such as {example}").format(last=last, example=_example(last))
        self.set_hint(self._allowed)
        self.line.setPlaceholderText(self.tr("any"))
        self.line.checked.connect(self.line.show_error)
        self.line.setText("" if chosen is None else format_ranges(chosen))

    @property
    def numbers(self) -> frozenset[int] | None:
        """The numbers, where they are right; None for all."""
        return parse_numbers(self.text(), self._last) if self.text() else None

    def _check(self, text: str) -> None:
        try:
            if text.strip():
                parse_numbers(text, self._last)
        except ValueError as error:
            raise Misread(self._allowed) from error


def parse_numbers(text: str, last: int) -> frozenset[int]:
    """Read numbers from 0 to `last` and ranges of them.

    Raises
    ------
    ValueError
        Where a part is no number and no range, or begins behind the last.
    """
    found: set[int] = set()
    for part in text.replace("，", ",").split(","):
        match = _PART.match(part)
        begin, end = (0, -1) if match is None else (int(match[1]), int(match[2] or match[1]))
        if begin > end or end > last:
            raise ValueError(part)
        found.update(range(begin, end + 1))
    return frozenset(found)


def _example(last: int) -> str:
    """Return something that can be typed."""
    return {0: "0", 1: "0, 1", 2: "0, 2", 3: "0, 2-3"}.get(last, "0, 2-4")
