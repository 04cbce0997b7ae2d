"""Where everything in an equation stands: relations in one column, and each number under its symbols.

An equation that is wider than its place goes on below, from a plus on: there its symbols again have their numbers
under them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QRectF

from gatescope.analysis.equations.equation import Equation
from gatescope.analysis.equations.levels import NOTHING, Levels, Link, Word
from gatescope.analysis.equations.parts import PLUS, TIMES, Mark, Piece, Sum, Symbol
from gatescope_app.look.theme import Theme
from gatescope_app.panels.equations.strokes import SPACES, StrokePen, StrokeRun

# In sizes of the type:
_LINE, _BETWEEN_ROWS, _AFTER = 1.55, 0.4, 0.7  # from line to line; the space more after a row, and after an equation
_ASCENT, _DESCENT = 0.95, 0.35  # of what is written on a line
_AROUND = 0.32  # on either side of a relation
_MARGIN, _INDENT = 0.6, 1.5  # left of an equation, and of one that a term was expanded to


@dataclass(frozen=True, eq=False)
class Area:
    """A place that can be pointed at.

    Parameters
    ----------
    rect : QRectF
        Where it is.
    piece : Piece
        The number that it is, or stands for.
    symbol : Symbol or None
        The symbol that it is, or the only one that stands for the number.
    level : int
        On which of the three levels it is, from 1.
    stop : bool
        Whether the keyboard stops here.
    is_left : bool
        Whether it is what the equation is of.
    """

    rect: QRectF
    piece: Piece
    symbol: Symbol | None
    level: int
    stop: bool
    is_left: bool = False


@dataclass
class EquationLayout:
    """Equations as they are painted.

    Parameters
    ----------
    runs : list of (float, float, Run)
        What is written, with where it begins and its base line.
    areas : list of Area
        In reading order, level by level.
    blanks : list of QRectF
        Where a number is still to come.
    rules : list of QRectF
        At the left of what a term was expanded to.
    width, height : float
        How much room it takes.
    """

    runs: list[tuple[float, float, StrokeRun]] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    blanks: list[QRectF] = field(default_factory=list)
    rules: list[QRectF] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True)
class EquationBlock:
    """An equation as it is written; `inner` is one that a term of the one before was expanded to."""

    equation: Equation
    levels: Levels
    inner: bool = False


@dataclass
class _Column:
    """A mark or a number of the formula: its symbols, what stands under them, and where it has its place.

    What is narrower than the column stands at its left (0), in the middle, or at its right (1).
    """

    part: Mark | Piece
    above: StrokeRun
    below: StrokeRun
    width: float
    side: float
    x: float = 0.0

    def start(self, run: StrokeRun) -> float:
        """Return where one of the two begins."""
        return self.x + self.side * (self.width - run.width)


def lay_out(blocks: Iterable[EquationBlock], pen: StrokePen, theme: Theme, width: float) -> EquationLayout:
    """Lay equations out below each other; within a width, if that can be."""
    layout, top = EquationLayout(), 0.4 * pen.em
    for block in blocks:
        bottom = _BlockLayout(layout, block, pen, theme, width).run(top)
        if block.inner:
            layout.rules.append(QRectF(0.7 * pen.em, top, 2.0, bottom - top))
        top = bottom + _AFTER * pen.em
    layout.height = top - (_AFTER - 0.3) * pen.em
    return layout


class _BlockLayout:
    """Lays one equation out."""

    def __init__(
        self, layout: EquationLayout, block: EquationBlock, pen: StrokePen, theme: Theme, width: float
    ) -> None:
        self._layout, self._block, self._pen, self._theme = layout, block, pen, theme
        self._em, self._width = pen.em, width
        self._x = (_INDENT if block.inner else _MARGIN) * pen.em
        left = block.equation.left
        self._left = StrokeRun((), 0.0) if left is None else self._symbols(left)
        links = (block.levels.symbols, block.levels.numbers, *block.levels.result)
        self._relation = max(0.0 if link.relation is None else self._mark(link.relation).width for link in links)
        self._start = self._x + self._left.width + self._relation + 2 * _AROUND * self._em

    def run(self, top: float) -> float:
        """Write all of it, and return where it ends."""
        rows, under = self._rows(), self._worked_out_under()
        for number, row in enumerate(rows):
            top += _BETWEEN_ROWS * self._em if number else 0.0
            lines = [top + (_ASCENT + line * _LINE) * self._em for line in range(3)]
            self._write_row(row, lines, first=number == 0)
            end = self._start if under is None else self._write_under(row, under, lines[2])
            top += (2 if under is None else 3) * _LINE * self._em
        results, relations = self._block.levels.result, self._x + self._left.width
        if under is None:
            last = self._write_chain(results, relations, top)
        else:
            last = self._write_chain(results[1:], end, top - _LINE * self._em)
        return last + _LINE * self._em

    # the columns, and the rows that they are broken into

    def _rows(self) -> list[list[_Column]]:
        """Break the formula at pluses where it would be too wide, and give every column its place."""
        rows: list[list[_Column]] = [[]]
        x = self._start
        for group in self._groups():
            width = sum(column.width for column in group)
            if rows[-1] and x + width > self._width - _MARGIN * self._em:
                rows.append([])
                x = self._start
            for column in group:
                column.x = x
                x += column.width
            rows[-1] += group
            self._layout.width = max(self._layout.width, x + _MARGIN * self._em)
        return rows

    def _groups(self) -> list[list[_Column]]:
        """Return the columns, from each plus up to the next."""
        groups: list[list[_Column]] = [[]]
        above, below = self._block.levels.symbols.words, self._block.levels.numbers.words
        parts = [word.part for word in above]
        for place, (symbols, number) in enumerate(zip(above, below, strict=True)):
            if symbols.part is PLUS:
                groups.append([])
            groups[-1].append(self._column(symbols, number, _side(parts, place)))
        return groups

    def _column(self, symbols: Word, number: Word, side: float) -> _Column:
        if isinstance(symbols.part, Piece):
            above, below = self._symbols(symbols.part), self._number(number)
        else:
            above, below = self._word(symbols), self._word(number)
        return _Column(symbols.part, above, below, max(above.width, below.width), side)

    def _worked_out_under(self) -> list[Word] | None:
        """Return what the terms of a sum come to, where each has its place under its term."""
        formula, reduced = self._block.equation.formula, self._block.equation.reduced
        return (
            list(self._block.levels.result[0].words) if isinstance(formula, Sum) and isinstance(reduced, Sum) else None
        )

    # writing

    def _write_row(self, row: list[_Column], lines: Sequence[float], *, first: bool) -> None:
        equation, levels = self._block.equation, self._block.levels
        if first and equation.left is not None:
            self._put_symbols(self._left, equation.left, self._x, lines[0], is_left=True)
        if first:
            self._write_relations((levels.symbols, levels.numbers, levels.result[0]), lines)
        for column in row:
            if isinstance(column.part, Piece):
                self._put_symbols(column.above, column.part, column.start(column.above), lines[0])
            else:
                self._put(column.above, column.x, lines[0])
        for column in row:
            self._put_number(column.below, column.part, column.start(column.below), lines[1], level=2)

    def _write_relations(self, links: Sequence[Link], lines: Sequence[float]) -> None:
        """Write the relations of the first lines in one column; the third has its own where nothing stands under."""
        for link, base in zip(links if self._worked_out_under() else links[:2], lines, strict=False):
            if link.relation is not None:
                self._put(self._mark(link.relation), self._x + self._left.width + _AROUND * self._em, base)

    def _write_under(self, row: list[_Column], words: list[Word], base: float) -> float:
        """Write what the terms of a row come to, and return where the row ends; takes the words that it writes."""
        place = 0
        while place < len(row):
            if row[place].part is PLUS:
                self._put(self._word(words.pop(0)), row[place].x, base)
                place += 1
            until = next((n for n in range(place, len(row)) if row[n].part is PLUS), len(row))
            start, end = row[place].x, row[until - 1].x + row[until - 1].width
            word = words.pop(0)
            run = self._number(word)
            self._put_number(run, word.part, (start + end - run.width) / 2, base, level=3)
            place = until
        return row[-1].x + row[-1].width

    def _write_chain(self, links: Iterable[Link], x: float, top: float) -> float:
        """Write the rest of the chain from here to the right, on further lines where need be; return the last's top."""
        for link in links:
            runs = [self._number(word) if isinstance(word.part, Piece) else self._word(word) for word in link.words]
            width = self._relation + 2 * _AROUND * self._em + sum(run.width for run in runs)
            if x > self._start and x + width > self._width - _MARGIN * self._em:
                x, top = self._x + self._left.width, top + _LINE * self._em
            base = top + _ASCENT * self._em
            if link.relation is not None:
                self._put(self._mark(link.relation), x + _AROUND * self._em, base)
            x += self._relation + 2 * _AROUND * self._em
            for word, run in zip(link.words, runs, strict=True):
                self._put_number(run, word.part, x, base, level=3)
                x += run.width
            self._layout.width = max(self._layout.width, x + _MARGIN * self._em)
        return top

    def _put(self, run: StrokeRun, x: float, base: float) -> None:
        self._layout.runs.append((x, base, run))

    def _put_symbols(self, run: StrokeRun, piece: Piece, x: float, base: float, *, is_left: bool = False) -> None:
        self._put(run, x, base)
        for number, (start, end, symbol) in enumerate(run.spots):
            rect = self._around(x + start, x + end, base)
            self._layout.areas.append(Area(rect, piece, symbol, 1, number == 0, is_left))

    def _put_number(self, run: StrokeRun, part: Mark | Piece, x: float, base: float, level: int) -> None:
        self._put(run, x, base)
        if not isinstance(part, Piece):
            return
        if part.value is None:
            self._layout.blanks.append(QRectF(x, base - 0.78 * self._em, run.width, 1.0 * self._em))
        stop = level == 3 and bool(part.symbols)
        self._layout.areas.append(Area(self._around(x, x + run.width, base), part, only_symbol(part), level, stop))

    def _around(self, start: float, end: float, base: float) -> QRectF:
        return QRectF(start, base - _ASCENT * self._em, end - start, (_ASCENT + _DESCENT) * self._em)

    # runs

    def _symbols(self, piece: Piece) -> StrokeRun:
        return self._pen.symbols(piece.symbols, self._colour)

    def _number(self, word: Word) -> StrokeRun:
        if word.text == NOTHING:
            return self._pen.blank(self._theme.faint)
        symbol = only_symbol(word.part)
        quantity = None if symbol is None else symbol.quantity
        return self._pen.number(word.text, self._theme.text if quantity is None else self._theme.quantities[quantity])

    def _word(self, word: Word) -> StrokeRun:
        """Return a mark, with the space around it."""
        run = self._mark(Mark(word.text, word.latex))
        return self._pen.spaced(run, SPACES.get(word.part, 0.0) * self._em if isinstance(word.part, Mark) else 0.0)

    def _mark(self, mark: Mark) -> StrokeRun:
        return self._pen.mark(mark, self._theme.text)

    def _colour(self, part: Mark | Symbol) -> str:
        """Return the colour of a symbol: its quantity's; parameters stand back."""
        if isinstance(part, Mark):
            return self._theme.text
        if part.quantity is not None:
            return self._theme.quantities[part.quantity]
        return self._theme.text if part.refers_to in ("x", None) else self._theme.faint


def _side(parts: Sequence[Mark | Piece], place: int) -> float:
    """Return where a factor stands in its column: close to the sign of the product; anything else in the middle."""
    if isinstance(parts[place], Mark):
        return 0.0 if parts[place] is PLUS else 0.5
    after = place > 0 and parts[place - 1] is TIMES
    before = place + 1 < len(parts) and parts[place + 1] is TIMES
    return 0.5 if after == before else float(before)


def leads_on(area: Area | None) -> bool:
    """Whether a click on a place does something."""
    if area is None:
        return False
    if area.piece.products is not None and not area.is_left:
        return True
    return area.symbol is not None and area.symbol.quantity is not None and area.symbol.step is not None


def only_symbol(part: Mark | Piece) -> Symbol | None:
    """Return the one symbol that stands for a number; None where there are several, or none."""
    if isinstance(part, Mark) or len(part.symbols) != 1:
        return None
    symbol = part.symbols[0]
    return symbol if isinstance(symbol, Symbol) else None
