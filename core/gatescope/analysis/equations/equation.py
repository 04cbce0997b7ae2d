"""An equation with its numbers, which are known as far as the step is computed; and what a term of it is the sum of."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gatescope.analysis.equations.parts import Node, Piece, Products, Sum, Symbol, mapped

LARGEST = 10
"""How many products of a term are written out at most; the others are one number."""


@dataclass(frozen=True)
class Remark:
    """Something to know about an equation.

    Parameters
    ----------
    code : str
        `held`, `set_by_hand`, `layer_below`, `initial`, `others`; and of what is shown `rounded` and `arithmetic`.
    symbol : str
        What it is about, in plain text.
    number : str
        The number in it, as it is shown.
    line : int
        Which of the three levels it is about, from 1; 0 for all.
    needs : str or None
        What must be computed before it may be said.
    """

    code: str
    symbol: str = ""
    number: str = ""
    line: int = 0
    needs: str | None = None


@dataclass(frozen=True, eq=False)
class Equation:
    """One quantity of one unit at one step: its formula, the numbers in it, and what they come to.

    Parameters
    ----------
    left : Piece or None
        What the equation is of; None where that is held by hand, and the formula only says what it would be.
    formula : Node
        What it is computed from.
    reduced : Node or None
        The formula with its sums and products worked out: σ(z), or f·C + i·C̃ as two numbers.
    result : Piece
        The number that was recorded; of something held, what the formula gives.
    agrees : bool
        Whether the result is what the formula gives, but for rounding.
    dtype : str
        What the run computed in; empty where only this program did, in float64.
    remarks : tuple of Remark
        What to know about it, whatever the number of places.
    """

    left: Piece | None
    formula: Node
    reduced: Node | None
    result: Piece
    agrees: bool = True
    dtype: str = "float32"
    remarks: tuple[Remark, ...] = ()

    def as_known(self, known: Collection[str]) -> Equation:
        """Return the equation with only the numbers that are computed by now.

        Parameters
        ----------
        known : collection of str
            The quantities and pre-activations that are; see `Cell.known`.
        """

        def hidden(piece: Piece) -> Piece:
            return piece if piece.needs is None or piece.needs in known else replace(piece, value=None)

        return replace(
            self,
            left=self.left and hidden(self.left),
            formula=mapped(self.formula, hidden),
            reduced=self.reduced and mapped(self.reduced, hidden),
            result=(result := hidden(self.result)),
            agrees=self.agrees or result.value is None,
            remarks=tuple(one for one in self.remarks if one.needs is None or one.needs in known),
        )


def expansion(piece: Piece, largest: int = LARGEST) -> Equation:
    """Return a piece as the sum of its products: W_if[1]·x_2 = W_if[1,0]·x_2[0] + ...

    Of many only the largest are written out; what the others sum up to is a number of its own, so that nothing is
    missing. While the piece is not known, those are written out that come first, which tells nothing; what is known of
    them is left to `Equation.as_known`.

    Raises
    ------
    ValueError
        Where the piece has no products.
    """
    if piece.products is None:
        raise ValueError(f"{piece.text} is no sum of products")
    places = _places_written_out(piece.products, largest, known=piece.value is not None)
    formula: list[Node] = [piece.products.factors(place) for place in places]
    reduced = [Piece((), float(piece.products.values[place]), piece.needs) for place in places]
    remarks: tuple[Remark, ...] = ()
    if left_out := len(piece.products) - len(places):
        rest = _rest(piece, places, left_out)
        formula.append(rest)
        reduced.append(replace(rest, symbols=()))
        remarks = (Remark("others", rest.text, str(left_out)),)
    left = replace(piece, symbols=piece.products.name) if piece.products.name else piece
    return Equation(left, Sum(tuple(formula)), Sum(tuple(reduced)), piece, dtype="", remarks=remarks)


def _places_written_out(products: Products, largest: int, *, known: bool) -> list[int]:
    """Return the places of those to write out: all in their order, or the largest of them, NaN first."""
    if len(products) <= largest + 1:  # one that is left out takes as much room
        return list(range(len(products)))
    if not known:
        return list(range(largest))
    size = np.nan_to_num(np.abs(products.values), nan=np.inf, posinf=np.inf)
    return [int(place) for place in np.argsort(-size, kind="stable")[:largest]]


def _rest(piece: Piece, places: list[int], count: int) -> Piece:
    assert piece.products is not None
    others: NDArray[np.float64] = np.delete(piece.products.values, places)
    symbol = Symbol(f"⋯({count})", rf"\cdots({count})")
    return Piece((symbol,), _sum(others), piece.needs)


def _sum(values: NDArray[np.float64]) -> float:
    """Return the sum, rounded once; infinity or NaN where that is what the numbers come to."""
    try:
        return math.fsum(values)
    except (OverflowError, ValueError):  # of numbers close to the largest, and of infinity less infinity
        with np.errstate(all="ignore"):
            return float(values.sum())
