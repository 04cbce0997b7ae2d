"""Equations in words: remarks on them, what is pointed at, and why there is none; in the window's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gatescope_app.look.language import format_named
from gatescope_app.panels.equations.equation_layout import Area, EquationBlock, leads_on

if TYPE_CHECKING:
    from gatescope.analysis.equations.equation import Remark
    from gatescope.analysis.equations.parts import Piece
    from gatescope_app.state.session_state import State


class EquationTexts(QObject):
    """Describes remarks, places and what there is no equation of."""

    def describe_remarks(self, blocks: Iterable[EquationBlock], *, both_directions: bool) -> list[str]:
        """Return what there is to know of equations, each thing once."""
        notes: dict[str, None] = {}
        for block in blocks:
            of = block.equation.left.text if block.inner and block.equation.left is not None else ""
            for remark in block.levels.remarks:
                text = self._format_remark(remark, both_directions=both_directions)
                notes[format_named(of, text) if of and remark.line else text] = None
        return list(notes)

    def _format_remark(self, remark: Remark, *, both_directions: bool) -> str:
        texts = {
            "held": self.tr("{symbol} is held at {number} by hand; the formula says what it would be otherwise."),
            "set_by_hand": self.tr("{symbol} was recorded as {number}, further off than rounding: it was set by hand."),
            "layer_below": self.tr("{symbol} is the h of layer {number} at this step."),
            "initial": self.tr("{symbol} is the state before the first step."),
            "others": self.tr("{symbol} is the sum of the other {number} products."),
            "rounded": self.tr("Rounded for display: as shown, line {line} makes {number}."),
            "arithmetic": self.tr("Computed in {symbol}; without its rounding line {line} makes {number}."),
        }
        text = texts[remark.code]
        if remark.code == "layer_below" and both_directions:
            text = self.tr("{symbol} is the h of layer {number} at this step, of both directions side by side.")
        return text.format(symbol=remark.symbol, number=remark.number, line=remark.line)

    def describe_missing_h(self, state: State) -> str:
        """Say that a unit has no h because of the projection."""
        text = self.tr("The projection leaves h only the units 0 … {last}. Unit {unit} of C goes into each of them.")
        return text.format(last=state.setup.spec.output_size - 1, unit=state.unit)

    def describe_missing_step(self, state: State) -> str:
        """Say that the batch element is shorter."""
        return self.tr("Batch element {batch} has no step {t}.").format(batch=state.batch, t=state.cursor.t)

    def describe_missing_run(self) -> str:
        """Say that there is nothing yet."""
        return self.tr("Not computed yet.")

    def describe_area(self, area: Area, opened: frozenset[str], dtype: str) -> str:
        """Describe a place: its number in full, and what a click or Enter does."""
        piece = area.piece
        lines = [self._format_number(piece, dtype), self._describe_action(area, opened)]
        return "\n".join(line for line in lines if line)

    def _format_number(self, piece: Piece, dtype: str) -> str:
        if piece.value is None:
            return self.tr("{symbol} is not computed yet").format(symbol=piece.text)
        number = f"{piece.value:{'.17g' if dtype == 'float64' else '.9g'}}".replace("-", "−")
        return f"{piece.text} = {number}" if piece.symbols else number

    def _describe_action(self, area: Area, opened: frozenset[str]) -> str:
        if not leads_on(area):
            return ""
        if area.piece.products is not None:
            if area.piece.key in opened:
                return self.tr("Click (Enter) folds its products away.")
            return self.tr("Click (Enter) writes out its products.")
        symbol = area.symbol
        return self.tr("Click (Enter) shows {symbol}.").format(symbol="" if symbol is None else symbol.text)
