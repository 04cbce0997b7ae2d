"""Equations as text, LaTeX and Markdown, all three levels of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gatescope.analysis.equations.equation import Equation
from gatescope.analysis.equations.levels import Levels, Link, Word, levels
from gatescope.analysis.equations.parts import SPACED, Mark
from gatescope.messages.number_format import PLACES


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


def _text_of(equation: Equation, written: Levels) -> str:
    left = "" if equation.left is None else equation.left.text
    lines = [_in_text([link]) for link in (written.symbols, written.numbers)] + [_in_text(written.result)]
    return "\n".join(f"{left if number == 0 else '':<{len(left)}} {line}" for number, line in enumerate(lines))


def _in_text(links: Iterable[Link]) -> str:
    return " ".join(f"{link.relation.text if link.relation else ' '} {_joined_text(link.words)}" for link in links)


def _joined_text(words: Iterable[Word]) -> str:
    return "".join(f" {word.text} " if word.part in SPACED else _after_one(word) for word in words)


def _after_one(word: Word) -> str:
    return f"{word.text} " if isinstance(word.part, Mark) and word.text.endswith("−") else word.text


def _aligned(equation: Equation, written: Levels) -> str:
    left = "" if equation.left is None else equation.left.latex
    lines = [_in_latex([written.symbols]), _in_latex([written.numbers]), _in_latex(written.result)]
    rows = [f"{left if number == 0 else ''} &{line}" for number, line in enumerate(lines)]
    return "\n".join([r"\begin{aligned}", " \\\\\n".join(row.lstrip() for row in rows), r"\end{aligned}"])


def _in_latex(links: Iterable[Link]) -> str:
    return " ".join(f"{link.relation.latex if link.relation else ''} {_joined_latex(link.words)}" for link in links)


def _joined_latex(words: Iterable[Word]) -> str:
    return " ".join(word.latex for word in words)
