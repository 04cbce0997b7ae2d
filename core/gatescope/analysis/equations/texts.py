"""Equations as text, LaTeX and Markdown, all three levels of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from gatescope.analysis.equations.equation import Equation
from gatescope.analysis.equations.levels import Levels, Link, Word, levels
from gatescope.analysis.equations.parts import SPACED, Mark
from gatescope.messages.message import GatescopeError
from gatescope.messages.number_format import PLACES

Style = Literal["text", "latex", "markdown"]


def format_equations(
    equations: Equation | Sequence[Equation], style: Style = "text", places: int = PLACES, notes: Iterable[str] = ()
) -> str:
    """Return equations as text: each in symbols, below it with its numbers, and what they come to.

    Parameters
    ----------
    equations : Equation or sequence of Equation
        As `gatescope.Equations.of` returns them.
    style : {"text", "latex", "markdown"}
        Plain text with the relations in one column; LaTeX for math mode, an `aligned` environment of amsmath for each;
        or Markdown, with blocks between $$ which GitHub and notebooks typeset.
    places : int
        Digits after the decimal point. What is rounded stands behind ≈.
    notes : iterable of str
        Lines that follow: as they are in text, as comments in LaTeX, as a list in Markdown.

    Returns
    -------
    str
        Lines, the last with a newline at its end.

    Raises
    ------
    GatescopeError
        `out_of_range` for another style.

    Examples
    --------
    >>> print(gs.format_equations(gs.Equations(trace, unit=1).of("f", t=2), "latex"))
    """
    if style not in _WRITERS:
        raise GatescopeError("out_of_range", name="style", allowed=" / ".join(_WRITERS), value=style)
    return _WRITERS[style]([equations] if isinstance(equations, Equation) else equations, places, notes)


def as_text(equations: Sequence[Equation], places: int = PLACES, notes: Iterable[str] = ()) -> str:
    """Return equations as plain text, their relations in one column each; notes follow in lines of their own."""
    blocks = [_text_of(equation, levels(equation, places)) for equation in equations]
    return "\n\n".join([*blocks, *(["\n".join(notes)] if notes else [])]) + "\n"


def as_latex(equations: Sequence[Equation], places: int = PLACES, notes: Iterable[str] = ()) -> str:
    """Return equations as LaTeX for math mode, each in an `aligned` environment of amsmath; notes as comments."""
    blocks = [_aligned(equation, levels(equation, places)) for equation in equations]
    return "\n".join([*blocks, *(f"% {note}" for note in notes)]) + "\n"


def as_markdown(equations: Sequence[Equation], places: int = PLACES, notes: Iterable[str] = ()) -> str:
    """Return equations as blocks between $$, which GitHub and notebooks typeset; notes follow as a list."""
    blocks = [f"$$\n{_aligned(equation, levels(equation, places))}\n$$" for equation in equations]
    return "\n\n".join([*blocks, *(["\n".join(f"- {note}" for note in notes)] if notes else [])]) + "\n"


_WRITERS = {"text": as_text, "latex": as_latex, "markdown": as_markdown}


def _text_of(equation: Equation, shown: Levels) -> str:
    left = "" if equation.left is None else equation.left.text
    lines = [_in_text([link]) for link in (shown.symbols, shown.numbers)] + [_in_text(shown.result)]
    return "\n".join(f"{left if number == 0 else '':<{len(left)}} {line}" for number, line in enumerate(lines))


def _in_text(links: Iterable[Link]) -> str:
    return " ".join(f"{link.relation.text if link.relation else ' '} {_joined_text(link.words)}" for link in links)


def _joined_text(words: Iterable[Word]) -> str:
    return "".join(f" {word.text} " if word.part in SPACED else _after_one(word) for word in words)


def _after_one(word: Word) -> str:
    return f"{word.text} " if isinstance(word.part, Mark) and word.text.endswith("−") else word.text


def _aligned(equation: Equation, shown: Levels) -> str:
    left = "" if equation.left is None else equation.left.latex
    lines = [_in_latex([shown.symbols]), _in_latex([shown.numbers]), _in_latex(shown.result)]
    rows = [f"{left if number == 0 else ''} &{line}" for number, line in enumerate(lines)]
    return "\n".join([r"\begin{aligned}", " \\\\\n".join(row.lstrip() for row in rows), r"\end{aligned}"])


def _in_latex(links: Iterable[Link]) -> str:
    return " ".join(f"{link.relation.latex if link.relation else ''} {_joined_latex(link.words)}" for link in links)


def _joined_latex(words: Iterable[Word]) -> str:
    return " ".join(word.latex for word in words)
