"""What of the cell changes with every step: what its wires carry, as heat strips and the selected unit's numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gatescope.edits.edits import Hold
from gatescope.messages.number_format import format_number
from gatescope_app.look.colour_maps import Colours, diverging_colours, heat_image, quantity_colours
from gatescope_app.look.edit_marks import MARK, hold_of, holds_here
from gatescope_app.look.reduction import shrunk
from gatescope_app.look.theme import Theme
from gatescope_app.panels.diagram.cell_layout import BESIDE, Box, CellLayout, WireStrip
from gatescope_app.panels.diagram.cell_painting import quantity_colour
from gatescope_app.panels.diagram.drawing_items import DrawingFont, DrawingItem, Symbol, draw_heat_strip
from gatescope_app.state.known_values import NOTHING, is_known, steps_present
from gatescope_app.state.session_state import State
from gatescope_app.state.value_ranges import reach

if TYPE_CHECKING:  # the first imports torch
    from gatescope.traces.one_unit import OneUnit
    from gatescope_app.state.runs import Run

UnitValues = NDArray[Any]
WireValues = dict[str, UnitValues]
"""Numbers by name: "x", a state before the step as "c_before", a quantity, a product by its formula, "tanh(C_t)"."""

_MOST_CELLS = 64  # cells whose numbers are kept; they are views of the run's, so this bounds only their count
_MOST_COLUMNS = 512  # of a strip: more than it has pixels on most screens
_SEPARATED = 20  # so many units are told apart by lines
_NARROWEST = 6.0  # the frame of the selected unit, where it has less than a pixel


class CellNumbers:
    """The numbers of one cell and batch element of a run.

    Parameters
    ----------
    state : State
        Of which the run, and what is looked at, is taken.
    """

    def __init__(self, state: State) -> None:
        from gatescope.traces.trace import as_numpy  # noqa: PLC0415 - imports torch

        assert state.run is not None
        self._run, self._focus = state.run, state.focus
        self._trace = state.run.trace.cell(state.focus.layer, state.focus.direction)
        self._x: UnitValues = as_numpy(self._trace.x[:, state.focus.batch])  # (T, K)
        self._first: WireValues = {
            name: as_numpy(first[state.focus.batch]) for name, first in self._trace.before.items()
        }  # each (units,)
        self._x_reach = reach(self._x)
        self._one: OneUnit | None = None

    def at(self, state: State) -> WireValues:
        """Return what is computed by now at the current step."""
        t = state.cursor.t
        if t >= steps_present(state):
            return {}
        before = {f"{name}_before": self._before(name, state) for name in self._first}
        known = {name: state.values(name)[t] for name in state.setup.spec.cell.names if is_known(state, name)}
        return {"x": self._x[t], **before, **known, **self._sums(state, known)}

    def _before(self, name: str, state: State) -> UnitValues:
        """Return a state before the step."""
        values: UnitValues = self._first[name] if is_first(state) else state.values(name)[step_before(state)]
        return values

    def _sums(self, state: State, known: WireValues) -> WireValues:
        """Return the products that the known states are summed up from, and tanh(C_t), in float64."""
        import torch  # noqa: PLC0415 - takes seconds

        def tensor(values: UnitValues) -> torch.Tensor:
            return torch.from_numpy(values.astype(np.float64))

        cell = state.setup.spec.cell
        if cell.memory_state not in known:
            return {}
        step = {name: tensor(state.values(name)[state.cursor.t]) for name in cell.names}
        before = {name: tensor(self._before(name, state)) for name in cell.states}
        found: WireValues = {}
        for of, products in cell.summands(step, before).items():
            if of in known:
                for formula, factors in products.items():
                    found[formula] = torch.stack(factors).prod(dim=0).numpy()
                    found |= {"tanh(C_t)": factors[-1].numpy()} if formula == "o_t * tanh(C_t)" else {}
        return found

    # pre-activations

    def preactivations(self, state: State) -> dict[str, float]:
        """Return those of the selected unit that are computed by now, by their gates."""
        gates = {q.name: q.preactivation for q in state.setup.spec.cell.quantities if q.preactivation != q.name}
        known = {gate: name for gate, name in gates.items() if name is not None and is_known(state, name)}
        if not known:
            return {}
        if self._one is None or self._one.unit != state.focus.unit:
            from gatescope.traces.one_unit import OneUnit  # noqa: PLC0415 - imports torch

            focus = state.focus
            self._one = OneUnit(self._run.trace, focus.layer, focus.direction, focus.batch, focus.unit)
        from gatescope.analysis.preactivation_terms import preactivations_of  # noqa: PLC0415 - as above

        z = preactivations_of(self._one, self._one.number(state.cursor.t))
        return {gate: float(z[name]) for gate, name in known.items()}

    # scales

    def scale(self, name: str, state: State) -> tuple[float, float]:
        """Return the range of a quantity, or of "x"."""
        return (-self._x_reach, self._x_reach) if name == "x" else state.range_of(name)


class RunNumbers:
    """The numbers of all cells of the run that is looked at; each is made when it is first asked for."""

    def __init__(self) -> None:
        self._run: Run | None = None
        self._cells: dict[tuple[int, str, int], CellNumbers] = {}

    def of(self, state: State) -> CellNumbers | None:
        """Return those of the focused cell and batch element; None before the first run."""
        if state.run is not self._run:
            self._run = state.run
            self._cells.clear()
        place = (state.focus.layer, state.focus.direction, state.focus.batch)
        if state.run is not None and place not in self._cells:
            if len(self._cells) >= _MOST_CELLS:
                self._cells.clear()
            self._cells[place] = CellNumbers(state)
        return self._cells.get(place)


def is_first(state: State) -> bool:
    """Whether the current step is the one that the cell computes first for the batch element."""
    first = 0 if state.focus.direction == "forward" else steps_present(state) - 1
    return state.cursor.t == first


def step_before(state: State) -> int:
    """Return the step that ran before: in reverse the one behind it in the input."""
    return state.cursor.t + (-1 if state.focus.direction == "forward" else 1)


@dataclass(frozen=True, eq=False)
class StripContent:
    """What a strip shows now.

    Parameters
    ----------
    symbol : Symbol or None
        What it is called; None where the drawing says it.
    number : str
        The selected unit's, as it is shown.
    values : array or None
        All of them, (units,); None where nothing is computed yet.
    picture : QImage or None
        The same in colours.
    unit : int or None
        The one to mark.
    held : bool
        Whether some of them are held by hand.
    """

    symbol: Symbol | None = None
    number: str = ""
    values: UnitValues | None = None
    picture: QImage | None = None
    unit: int | None = None
    held: bool = False

    def looks_like(self, other: StripContent) -> bool:
        """Whether it looks the same."""
        return self.picture is other.picture and self._shown == other._shown

    @property
    def _shown(self) -> tuple[Symbol | None, str, int | None, bool]:
        return self.symbol, self.number, self.unit, self.held

    @property
    def units(self) -> int:
        """How many there are."""
        return 0 if self.values is None else len(self.values)


def strip_picture(values: UnitValues, low: float, high: float, colours: Colours) -> QImage:
    """Return numbers in colours, side by side; of very many the mean of neighbours."""
    means, _ = shrunk(values[:, None].astype(np.float64), _MOST_COLUMNS)  # (columns, 1)
    return heat_image(means.T, low, high, colours)


class StripsItem(DrawingItem):
    """All strips and numbers of a cell; only those that change are painted again."""

    def __init__(self, layout: CellLayout, theme: Theme) -> None:
        super().__init__(layout.area)
        self._layout, self._theme, self._pens = layout, theme, _StripPens(theme)
        self.contents: dict[str, StripContent] = {strip.name: StripContent() for strip in layout.strips}
        self.gate_texts: dict[str, str] = {box.makes: box.text for box in layout.boxes if box.is_gate}
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)  # it is told what to paint

    # what is shown

    def show_content(self, strip: WireStrip, content: StripContent) -> None:
        """Show something else on a strip."""
        if not content.looks_like(self.contents[strip.name]):
            self.contents[strip.name] = content
            self.update(strip.area)

    def show_gate_text(self, box: Box, text: str) -> None:
        """Write something else into a gate."""
        if self.gate_texts[box.makes] != text:
            self.gate_texts[box.makes] = text
            self.update(box.area)

    # painting

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        exposed: QRectF = option.exposedRect
        strips = [strip for strip in self._layout.strips if exposed.intersects(strip.area)]
        painter.setBrush(Qt.BrushStyle.NoBrush)  # into a file it comes with the last one of the background
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)  # a strip has sharp edges
        for strip in strips:
            self._draw_strip(painter, strip, self.contents[strip.name])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for strip in strips:
            self._draw_marks(painter, strip.rect, self.contents[strip.name])
        self._draw_texts(painter, strips, exposed)

    def _draw_strip(self, painter: QPainter, strip: WireStrip, content: StripContent) -> None:
        if content.picture is None:
            painter.fillRect(strip.rect, self._pens.paper)
            painter.setPen(self._pens.dashes)
        else:
            draw_heat_strip(painter, strip.rect, content.picture)
            painter.setPen(self._pens.line)
            self._separate_units(painter, strip.rect, content.units)
        painter.drawRect(strip.rect)

    def _separate_units(self, painter: QPainter, area: QRectF, units: int) -> None:
        """Draw lines between the units, where there are few."""
        if 1 < units <= _SEPARATED:
            edges = [area.left() + area.width() * unit / units for unit in range(1, units)]
            painter.drawLines([QLineF(x, area.top(), x, area.bottom()) for x in edges])

    def _draw_marks(self, painter: QPainter, area: QRectF, content: StripContent) -> None:
        """Frame the selected unit, and fold a corner where something is held by hand."""
        if content.unit is not None and content.unit < content.units:
            wide = area.width() / content.units
            frame = QRectF(0, area.top() - 2, max(wide + 2, _NARROWEST), area.height() + 4)
            frame.moveCenter(QPointF(area.left() + wide * (content.unit + 0.5), area.center().y()))
            for pen in (self._pens.halo, self._pens.frame):
                painter.setPen(pen)
                painter.drawRect(frame)
        if content.held:
            corner = area.topLeft() - QPointF(2, 2)
            path = QPainterPath(corner)
            path.addPolygon(QPolygonF([corner, corner + QPointF(11, 0), corner + QPointF(0, 11)]))
            painter.fillPath(path, self._pens.text)

    def _draw_texts(self, painter: QPainter, strips: list[WireStrip], exposed: QRectF) -> None:
        font = DrawingFont.current()
        for strip in strips:
            content = self.contents[strip.name]
            if content.symbol is not None:
                painter.setPen(quantity_colour(self._theme, strip.coloured))
                left = strip.x - BESIDE - font.symbol_width(content.symbol) if strip.upright else strip.text_rect.left()
                font.draw_symbol(painter, content.symbol, left, strip.text_rect.center().y())
        painter.setPen(self._pens.text)
        for strip in strips:
            self._draw_number(painter, font, strip, self.contents[strip.name])
        for box in self._layout.boxes:
            if box.is_gate and exposed.intersects(box.area):
                font.draw_formula(painter, box.area.adjusted(5, 0, -5, 0), self.gate_texts[box.makes])

    def _draw_number(self, painter: QPainter, font: DrawingFont, strip: WireStrip, content: StripContent) -> None:
        if strip.upright:
            font.draw_fitting(painter, strip.number_rect, content.number)
        elif content.symbol is None:
            font.draw_fitting(painter, strip.text_rect, content.number, side=0.5)
        else:
            taken = font.symbol_width(content.symbol) + BESIDE
            font.draw_fitting(painter, strip.text_rect.adjusted(taken, 0, 0, 0), content.number, side=1.0)


class _StripPens:
    """The pens and colours that are needed at every step."""

    def __init__(self, theme: Theme) -> None:
        self.paper, self.text, faint = QColor(theme.base), QColor(theme.text), QColor(theme.faint)
        self.line, self.dashes = QPen(faint, 1.2), QPen(faint, 1.2, Qt.PenStyle.DashLine)
        self.halo, self.frame = QPen(self.paper, 4.5), QPen(self.text, 2.2)


_Scale = tuple[float, float]


class StripContents:
    """Makes the contents of all strips; what did not change is not coloured again.

    Parameters
    ----------
    layout : CellLayout
        With the strips.
    theme : Theme
        The colours.
    """

    def __init__(self, layout: CellLayout, theme: Theme) -> None:
        self._layout, self._theme = layout, theme
        self._pictures: dict[str, tuple[UnitValues, _Scale, QImage]] = {}  # the last one of each strip

    def of(self, state: State, values: WireValues, numbers: CellNumbers | None) -> list[tuple[WireStrip, StripContent]]:
        """Return what each strip shows of the values on the wires."""
        holds = holds_here(state)
        strips = self._layout.strips
        return [(strip, self._content(state, strip, values.get(strip.name), numbers, holds)) for strip in strips]

    def _content(
        self,
        state: State,
        strip: WireStrip,
        values: UnitValues | None,
        numbers: CellNumbers | None,
        holds: tuple[Hold, ...],
    ) -> StripContent:
        symbol = strip_symbol(state, strip.name)
        if values is None or numbers is None:
            return StripContent(symbol, "" if strip.name == "x" else NOTHING)
        unit = None if strip.name == "x" else state.focus.unit
        picture = self._picture(strip, values, _scale(strip, numbers, state))
        held = any(hold.quantity == strip.name for hold in holds)
        mark = f"{MARK} " if held and unit is not None and hold_of(holds, strip.name, unit) else ""
        return StripContent(symbol, mark + _number(values, unit), values, picture, unit, held)

    def _picture(self, strip: WireStrip, values: UnitValues, scale: _Scale) -> QImage:
        last = self._pictures.get(strip.name)
        if last is not None and last[1] == scale and np.array_equal(last[0], values):
            return last[2]
        picture = strip_picture(values, *scale, self._colours(strip, signed=scale[0] < 0))
        self._pictures[strip.name] = (values, scale, picture)
        return picture

    def _colours(self, strip: WireStrip, *, signed: bool) -> Colours:
        if strip.coloured == "x":
            return diverging_colours(self._theme)
        return quantity_colours(self._theme, strip.coloured, signed=signed)


def _scale(strip: WireStrip, numbers: CellNumbers, state: State) -> _Scale:
    return (-1.0, 1.0) if strip.name.startswith("tanh") else numbers.scale(strip.coloured, state)


def _number(values: UnitValues, unit: int | None) -> str:
    """Return the selected unit's number; nothing where there is no such unit; of an input its only one."""
    if unit is None:
        return format_number(float(values[0])) if len(values) == 1 else ""
    return format_number(float(values[unit])) if unit < len(values) else ""


def format_gate(box: Box, z: float | None) -> str:
    """Return what a gate does: to which number, where it is known."""
    return box.text if z is None else f"{box.text}({format_number(z, 3)})"


def strip_symbol(state: State, name: str) -> Symbol | None:
    """Return what a strip is called at the current step; None for a product, which the drawing itself names."""
    symbols = {quantity.name: quantity.symbol for quantity in state.setup.spec.cell.quantities}
    if name == "x" or name in symbols:
        return Symbol(symbols.get(name, name), "t")
    of = name.removesuffix("_before")
    if of not in symbols:
        return None
    if is_first(state):
        return Symbol(f"{of}0")  # torch's name for what a run starts from
    return Symbol(symbols[of], "t−1" if state.focus.direction == "forward" else "t+1")
