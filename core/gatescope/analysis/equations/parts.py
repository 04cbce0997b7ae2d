"""What an equation is put together from: symbols with their numbers, and the sums and products that join them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

_EXACTLY_SUMMED = 64  # products that are added up as fractions; of more the sum counts as rounded


@dataclass(frozen=True)
class Symbol:
    """One symbol, such as f_2[1] or W_if[1].

    What changes from step to step is apart from what does not, so that only the latter has to be typeset.

    Parameters
    ----------
    letter, stem : str
        What it is called, without step and index: as text and as LaTeX.
    time : str
        The step, which is written as a subscript; empty where it has none.
    index : str
        Which of its numbers, such as `[1]` or `[1,0]`; empty for all of them.
    refers_to : str or None
        What it stands for: a quantity or pre-activation by its name, "x", a state before the step as "h_before" or
        "c_before", or a parameter as "w_ih", "w_hh", "b_ih", "b_hh" or "w_hr".
    quantity : str or None
        The quantity that it belongs to: "c" for C_(t-1); None for x and the parameters.
    step : int or None
        The step that it is of, as a position in the input; None for what has none, such as a weight or h0.
    """

    letter: str
    stem: str
    time: str = ""
    index: str = ""
    refers_to: str | None = None
    quantity: str | None = None
    step: int | None = None

    @property
    def text(self) -> str:
        """As it is written in plain text."""
        return f"{self.letter}{f'_{self.time}' if self.time else ''}{self.index}"

    @property
    def latex(self) -> str:
        """As LaTeX, for math mode."""
        return f"{self.stem}{f'_{{{self.time}}}' if self.time else ''}{self.index}"


@dataclass(frozen=True)
class Mark:
    """A sign that is no number: an operator, a parenthesis, the name of a function."""

    text: str
    latex: str


PLUS, MINUS, TIMES = Mark("+", "+"), Mark("−", "-"), Mark("·", r"\cdot")
OPEN, CLOSE, ONE_MINUS = Mark("(", "("), Mark(")", ")"), Mark("(1 −", "(1 -")
FUNCTIONS = {
    "σ": Mark("σ(", r"\sigma("),
    "tanh": Mark("tanh(", r"\tanh("),
    "relu": Mark("relu(", r"\operatorname{relu}("),
}
SPACED = frozenset({PLUS, MINUS})
"""The operators with space on either side."""
OPENING = frozenset({OPEN, *FUNCTIONS.values()})
"""What a negative number may follow as it is."""


@dataclass(frozen=True, eq=False)
class Piece:
    """A number in an equation, and the symbols that stand for it.

    Parameters
    ----------
    symbols : tuple of Symbol or Mark
        Such as W_if[1] · x_2; empty for a number that no symbol stands for.
    value : float or None
        None while it is not known, see `Equation.as_known`.
    needs : str or None
        The quantity or pre-activation that must have been computed before it is known; None for what always is.
    products : Products, optional
        What it is the sum of, where it can be written out.
    key : str
        Which of the equation's terms it is, the same at every step: what a person opened stays open.
    """

    symbols: tuple[Symbol | Mark, ...]
    value: float | None
    needs: str | None = None
    products: Products | None = None
    key: str = ""

    @property
    def text(self) -> str:
        """Its symbols in plain text."""
        return "".join(symbol.text for symbol in self.symbols)

    @property
    def latex(self) -> str:
        """Its symbols as LaTeX."""
        return " ".join(symbol.latex for symbol in self.symbols)


@dataclass(frozen=True, eq=False)
class Products:
    """The products that a piece is the sum of, one for each number that it reads.

    Parameters
    ----------
    values : array
        In float64.
    factors : callable
        Returns the product of one place with its symbols and numbers.
    name : tuple of Symbol
        What their sum is called, where the piece's own symbols are those of all products.
    """

    values: NDArray[np.float64]
    factors: Callable[[int], Product]
    name: tuple[Symbol, ...] = ()

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, eq=False)
class Sum:
    """Several terms."""

    terms: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Product:
    """Several factors."""

    factors: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Applied:
    """A function of something: "σ", "tanh" or "relu"."""

    function: str
    argument: Node


@dataclass(frozen=True, eq=False)
class Complement:
    """What is missing to 1."""

    of: Piece


Node = Piece | Sum | Product | Applied | Complement


def parts(node: Node) -> Iterator[Mark | Piece]:
    """Yield what is written of it, from left to right."""
    match node:
        case Piece():
            yield node
        case Sum(terms):
            yield from _joined([parts(term) for term in terms], PLUS)
        case Product(factors):
            yield from _joined([_as_factor(factor) for factor in factors], TIMES)
        case Applied(function, argument):
            yield from (FUNCTIONS[function], *parts(argument), CLOSE)
        case Complement(of):
            yield from (ONE_MINUS, of, CLOSE)


def _joined(sides: list[Iterator[Mark | Piece]], mark: Mark) -> Iterator[Mark | Piece]:
    for number, side in enumerate(sides):
        if number:
            yield mark
        yield from side


def _as_factor(node: Node) -> Iterator[Mark | Piece]:
    if isinstance(node, Sum):
        yield from (OPEN, *parts(node), CLOSE)
    else:
        yield from parts(node)


def pieces(node: Node) -> Iterator[Piece]:
    """Yield its numbers, from left to right."""
    return (part for part in parts(node) if isinstance(part, Piece))


def mapped(node: Node, change: Callable[[Piece], Piece]) -> Node:
    """Return the same with every number changed."""
    match node:
        case Piece():
            return change(node)
        case Sum(terms):
            return Sum(tuple(mapped(term, change) for term in terms))
        case Product(factors):
            return Product(tuple(mapped(factor, change) for factor in factors))
        case Applied(_, argument):
            return replace(node, argument=mapped(argument, change))
        case Complement(of):
            return Complement(change(of))


@dataclass(frozen=True)
class Evaluation:
    """How an expression is evaluated: in floats, in decimals as they are shown, or exactly.

    Parameters
    ----------
    number : callable
        Returns the number of a piece; None where it has none in this arithmetic.
    applied : callable
        Applies a function, by its name.
    """

    number: Callable[[Piece], Any]
    applied: Callable[[str, Any], Any] = field(default=lambda _function, _argument: None)

    def __call__(self, node: Node) -> Any:
        """Return the result; None where some of it is not known or cannot be told in this arithmetic."""
        match node:
            case Piece():
                return self.number(node)
            case Sum(terms):
                return _reduced([self(term) for term in terms], lambda a, b: a + b)
            case Product(factors):
                return _reduced([self(factor) for factor in factors], lambda a, b: a * b)
            case Applied(function, argument):
                inner = self(argument)
                return None if inner is None else self.applied(function, inner)
            case Complement(of):
                number = self.number(of)
                return None if number is None else 1 - number


def _reduced(values: list[Any], join: Callable[[Any, Any], Any]) -> Any:
    result = values[0]
    for value in values[1:]:
        if result is None or value is None:
            return None
        result = join(result, value)
    return result


def activated(function: str, z: float) -> float:
    """Return σ(z), tanh(z) or relu(z) in float64."""
    if function == "tanh":
        return math.tanh(z)
    if function == "relu":
        return z if math.isnan(z) else max(z, 0.0)
    return 1.0 / (1.0 + math.exp(-z)) if z > -700 else math.exp(z)  # NaN takes the other way, and stays NaN


in_floats = Evaluation(lambda piece: piece.value, activated)


def _exactly_applied(function: str, argument: Fraction) -> Fraction | None:
    """Return what a function of a fraction is where that is a fraction: of 0, and any relu."""
    if function == "relu":
        return max(argument, Fraction(0))
    if argument:
        return None
    return Fraction(1, 2) if function == "σ" else Fraction(0)


def _exact_number(piece: Piece) -> Fraction | None:
    if piece.value is None or not math.isfinite(piece.value):
        return None
    if piece.products is None:
        return Fraction(piece.value)
    if len(piece.products) > _EXACTLY_SUMMED:
        return None
    products = [exactly(piece.products.factors(place)) for place in range(len(piece.products))]
    return None if None in products else sum(products, Fraction(0))


exactly = Evaluation(_exact_number, _exactly_applied)
"""As fractions: what the symbols say, without any rounding."""
