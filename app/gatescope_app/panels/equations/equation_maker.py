"""What the equations' panel shows of a state: the blocks to lay out, and what there is to say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatescope.analysis.equations.equation import expansion
from gatescope.analysis.equations.levels import levels
from gatescope.analysis.equations.parts import Piece, pieces
from gatescope.messages.number_format import PLACES
from gatescope_app.panels.equations.equation_layout import EquationBlock

if TYPE_CHECKING:  # imports torch
    from gatescope.analysis.equations.equation import Equation
    from gatescope.analysis.equations.unit_equations import Equations
    from gatescope_app.state.runs import Run
    from gatescope_app.state.session_state import Focus, State


class EquationMaker:
    """Makes the equations of states, of one unit after the other; what was opened stays open."""

    def __init__(self) -> None:
        self.places = PLACES
        self.opened: frozenset[str] = frozenset()
        self._equations: Equations | None = None
        self._of: tuple[Run, Focus] | None = None

    def forget(self) -> None:
        """Let go of the run."""
        self._equations = self._of = None

    def toggle(self, key: str) -> None:
        """Write a term out, or no longer."""
        self.opened ^= {key}

    def blocks(self, state: State) -> list[EquationBlock]:
        """Return the selected quantity's equation and what is opened of it, as far as it is computed.

        Raises
        ------
        GatescopeError
            Where the unit has none at this step.
        """
        if state.run is None:
            return []
        cursor = state.cursor
        whole = self._equations_of(state.run, state.focus).of(state.quantity, cursor.t)
        known = state.setup.spec.cell.known(cursor.phase)
        equation = whole.as_known(known)
        opened = (expansion(piece).as_known(known) for piece in self._opened(equation))
        return [self._block(equation), *(self._block(one, inner=True) for one in opened)]

    def _opened(self, equation: Equation) -> list[Piece]:
        return [piece for piece in pieces(equation.formula) if piece.products is not None and piece.key in self.opened]

    def _block(self, equation: Equation, *, inner: bool = False) -> EquationBlock:
        return EquationBlock(equation, levels(equation, self.places), inner)

    def _equations_of(self, run: Run, focus: Focus) -> Equations:
        of = (run, focus)
        if self._equations is None or self._of is None or self._of[0] is not run or self._of[1] != focus:
            from gatescope.analysis.equations.unit_equations import Equations  # noqa: PLC0415 - imports torch, which is there once there is a run

            self._of = of
            self._equations = Equations(run.trace, focus.layer, focus.direction, focus.batch, focus.unit)
        return self._equations
