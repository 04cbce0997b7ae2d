"""The three levels of an equation, rounded for display: its symbols, this step's numbers, and the result.

A relation before rounded numbers is ≈; it is = only before numbers that are shown in full, and that are exactly what
stands before them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from gatescope.analysis.equations.equation import Equation, Remark
from gatescope.analysis.equations.parts import (
    MINUS,
    OPENING,
    PLUS,
    Applied,
    Evaluation,
    Mark,
    Node,
    Piece,
    exactly,
    in_floats,
    parts,
    pieces,
)
from gatescope.messages.number_format import PLACES, format_number, is_exact

EQUAL, ROUNDED, UNEQUAL = Mark("=", "="), Mark("≈", r"\approx"), Mark("≠", r"\neq")
NOTHING = "–"
"""Stands where a number is not computed yet."""


@dataclass(frozen=True)
class Word:
    """What is written for one mark or number of an equation at one level.

    Parameters
    ----------
    text, latex : str
        As plain text, and as LaTeX.
    part : Mark or Piece
        What it is of.
    """

    text: str
    latex: str
    part: Mark | Piece


@dataclass(frozen=True)
class Link:
    """One link of the chain f = σ(...) = σ(...) = 0.4: a relation, and what follows it."""

    relation: Mark | None
    words: tuple[Word, ...]


@dataclass(frozen=True)
class Levels:
    """An equation as it is written.

    Parameters
    ----------
    symbols, numbers : Link
        With as many words each: a number has the place of its symbols.
    result : tuple of Link
        What the sums and products come to, where they are worked out first; then the result.
    remarks : tuple of Remark
        What to know about it, such as that rounded numbers do not add up.
    """

    symbols: Link
    numbers: Link
    result: tuple[Link, ...]
    remarks: tuple[Remark, ...]


def levels(equation: Equation, places: int = PLACES) -> Levels:
    """Write an equation with so many digits after the decimal point."""
    between = () if equation.reduced is None else (_reduced(equation, equation.reduced, places),)
    return Levels(
        Link(None if equation.left is None else EQUAL, tuple(_symbols(equation.formula))),
        Link(_relation(equation.formula, equation.formula, places), tuple(_numbers(parts(equation.formula), places))),
        (*between, _result(equation, places)),
        (*equation.remarks, *_rounding(equation, places)),
    )


# what is written


def _symbols(node: Node) -> Iterable[Word]:
    return (Word(part.text, part.latex, part) for part in parts(node))


def _numbers(written: Iterable[Mark | Piece], places: int) -> Iterable[Word]:
    """Write numbers; the sign of one that is added joins the operator, elsewhere it needs parentheses."""
    words: list[Word] = []
    for part in written:
        if isinstance(part, Mark):
            words.append(Word(part.text, part.latex, part))
            continue
        number = NOTHING if part.value is None else format_number(part.value, places)
        last = words[-1].part if words else None
        if number.startswith("-") and last is PLUS:
            words[-1] = Word(MINUS.text, MINUS.latex, PLUS)
            number = number[1:]
        elif number.startswith("-") and not (last is None or last in OPENING):
            words.append(_word(number, part, "({})"))
            continue
        words.append(_word(number, part))
    return words


def _word(number: str, piece: Piece, around: str = "{}") -> Word:
    return Word(around.format(number.replace("-", "−")), around.format(_in_latex(number)), piece)


def _in_latex(number: str) -> str:
    sign = "-" if number.startswith("-") else ""
    size = number.removeprefix("-")
    if size in (NOTHING, "nan"):
        return rf"{sign}\text{{{size}}}"
    if size == "inf":
        return rf"{sign}\infty"
    digits, e, exponent = size.partition("e")
    return f"{sign}{digits}" + (rf" \times 10^{{{int(exponent)}}}" if e else "")


# how one level relates to what stands before it


def _reduced(equation: Equation, reduced: Node, places: int) -> Link:
    relation = _relation(reduced, equation.formula, places)
    if isinstance(reduced, Applied):  # z, which the run may have summed up to something else than a number
        relation = _or_unequal(relation, reduced.argument, equation.formula)
    return Link(relation, tuple(_numbers(parts(reduced), places)))


def _result(equation: Equation, places: int) -> Link:
    before = equation.reduced or equation.formula
    relation = _or_unequal(_relation(equation.result, before, places), equation.result, before)
    words = tuple(_numbers([equation.result], places))
    return Link(relation if equation.agrees or equation.result.value is None else UNEQUAL, words)


def _relation(node: Node, before: Node, places: int) -> Mark:
    """Return how what is shown of a node relates to what it was made from."""
    values = [piece.value for piece in pieces(node)]
    known = [value for value in values if value is not None]
    if not all(is_exact(value, places) or not math.isfinite(value) for value in known):
        return ROUNDED
    if len(known) < len(values) or any(not math.isfinite(value) for value in known):
        return EQUAL
    return EQUAL if _exactly_as(node, before) else ROUNDED


def _exactly_as(node: Node, before: Node) -> bool:
    if node is before:  # the numbers of the symbols: each must be what its symbols say
        return all(exactly(piece) == piece.value for piece in pieces(node))
    made = exactly(before)
    return made is not None and made == exactly(node)


def _or_unequal(relation: Mark, node: Node, before: Node) -> Mark:
    """Say where infinity or NaN came of numbers, or numbers of them."""
    here, there = in_floats(node), in_floats(before.argument if isinstance(before, Applied) else before)
    if here is None or there is None or math.isfinite(here) == math.isfinite(there):
        return relation
    return UNEQUAL


# what to say where rounded numbers do not add up


def _decimal(piece: Piece, places: int) -> Decimal | None:
    return (
        None if piece.value is None or not math.isfinite(piece.value) else Decimal(format_number(piece.value, places))
    )


def _rounding(equation: Equation, places: int) -> tuple[Remark, ...]:
    """Return what to say of lines whose numbers, as they are shown, make something else than what follows."""
    if not equation.agrees:
        return ()
    checks: list[tuple[int, Node, Piece]] = []
    if isinstance(equation.formula, Applied) and isinstance(equation.reduced, Applied):
        checks = [(2, equation.formula.argument, next(pieces(equation.reduced)))]
    else:
        checks = [(2, equation.formula, equation.result)]
        if equation.reduced is not None:
            checks.append((3, equation.reduced, equation.result))
    remarks = [_checked(line, node, total, equation.dtype, places) for line, node, total in checks]
    found = [remark for remark in remarks if remark is not None]
    return (*(one for one in found if one.code == "rounded"), *[one for one in found if one.code != "rounded"][:1])


def _checked(line: int, node: Node, total: Piece, dtype: str, places: int) -> Remark | None:
    target, made = _decimal(total, places), Evaluation(lambda piece: _decimal(piece, places))(node)
    exact = in_floats(node)
    if target is None or exact is None or total.value is None:
        return None
    if dtype and math.isfinite(exact) and format_number(exact, places) != format_number(total.value, places):
        return Remark("arithmetic", dtype, _signed(exact, places), line)
    if made is None or Decimal(format_number(float(made), places)) == target:
        return None
    return Remark("rounded", "", _signed(float(made), places), line)


def _signed(value: float, places: int) -> str:
    return format_number(value, places).replace("-", "−")
