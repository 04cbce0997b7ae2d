"""What the drawing says in words: of the step, and of what is pointed at."""

from __future__ import annotations

from PySide6.QtCore import QObject

from gatescope.messages.message import Message
from gatescope.messages.number_format import format_number
from gatescope_app.look.edit_marks import describe_edits, hold_of, holds_here, original
from gatescope_app.look.language import engine_text, format_message
from gatescope_app.look.tokens import step_label
from gatescope_app.panels.diagram.cell.layout import Box, OperationNode, Tag
from gatescope_app.panels.diagram.cell.numbers import Values, is_first
from gatescope_app.panels.diagram.cell.symbols import Symbol
from gatescope_app.state.known_values import steps_present
from gatescope_app.state.session import State


def symbol_of(state: State, name: str) -> Symbol | None:
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


class CellWords(QObject):
    """Says it in the window's language."""

    def caption(self, state: State) -> str:
        """Return where the drawing is: the step, the unit, the cell."""
        focus, spec = state.focus, state.setup.spec
        step = step_label(state.cursor.t, state.setup.sequence.tokens)
        parts = [step, self.tr("unit {unit}").format(unit=focus.unit)]
        parts += [self.tr("layer {layer}").format(layer=focus.layer)] if spec.num_layers > 1 else []
        parts += [format_message(Message(focus.direction))] if spec.bidirectional else []
        parts += [self.tr("batch element {batch}").format(batch=focus.batch)] if state.setup.batched else []
        if state.cursor.t >= steps_present(state):
            parts.append(self.tr("it has only {steps} steps").format(steps=steps_present(state)))
        parts += [self._read(state)] if focus.layer > 0 else []
        return " · ".join(parts)

    def _read(self, state: State) -> str:
        """Say what a deeper layer reads."""
        below = state.focus.layer - 1
        if state.setup.spec.bidirectional:
            return self.tr("x_t is h_t of layer {layer}, forward and reverse side by side").format(layer=below)
        return self.tr("x_t is h_t of layer {layer}").format(layer=below)

    # what is pointed at

    def of_tag(self, state: State, tag: Tag, values: Values | None, unit: int | None) -> str:
        """Return the name of a strip, and the number of the unit that is pointed at."""
        symbol = symbol_of(state, tag.name)
        plain = tag.name if symbol is None else symbol.plain
        lines = [self._title(state, tag)]
        if values is None:
            return "\n".join([*lines, self.tr("not computed yet")])
        if unit is not None and unit < len(values):
            letter = plain.removesuffix("_t") if symbol is not None else f"({plain})"
            number = str(values[unit]) if symbol is not None else f"{values[unit]:.7g}"
            lines += [f"{letter}[{unit}] = {number}", *self._remarks(state, tag, unit, number)]
        return "\n".join(line for line in lines if line)

    def _title(self, state: State, tag: Tag) -> str:
        if tag.name == "x":
            return self._read(state) if state.focus.layer > 0 else self.tr("input x_t")
        titles = {q.name: f"{engine_text(q.title)} {q.symbol}_t" for q in state.setup.spec.cell.quantities}
        if tag.name.endswith("_before"):
            title = self.tr("state before the first step") if is_first(state) else self.tr("state before this step")
            return f"{title}: {(symbol_of(state, tag.name) or Symbol('')).plain}"
        return titles.get(tag.name, "")

    def _remarks(self, state: State, tag: Tag, unit: int, number: str) -> list[str]:
        """Say what holds a number, and what it is in the run that this one is held against."""
        if tag.name not in state.setup.spec.cell.names:
            return []
        hold, ghost = hold_of(holds_here(state), tag.name, unit), state.ghost_values(tag.name)
        remarks = [] if hold is None else [describe_edits([hold])]
        if ghost is not None and unit < ghost.shape[1]:
            before = str(ghost[state.cursor.t, unit])
            remarks += [original(state, before)] if before != number else []
        return remarks

    def of_part(self, state: State, part: Box | OperationNode, z: float | None) -> str:
        """Return the name of what a box or a node makes, with its equation and what goes into it."""
        quantity = state.setup.spec.cell.quantity(part.makes)
        projected = quantity.name == "h" and state.setup.spec.proj_size
        equation = "h_t = W_hr (o_t * tanh(C_t))" if projected else quantity.equation
        lines = [f"{engine_text(quantity.title)} {quantity.symbol}_t", equation]
        if isinstance(part, Box) and part.is_gate and z is not None:
            lines.append(f"{quantity.preactivation}[{state.focus.unit}] = {z:.7g}")
        return "\n".join(lines)

    def description(self, state: State, values: Values | None) -> str:
        """Return what a person who cannot see the drawing is told."""
        quantity = state.setup.spec.cell.quantity(state.quantity)
        unit = state.focus.unit
        known = values is not None and unit < len(values)
        number = format_number(float(values[unit])) if known and values is not None else self.tr("not computed yet")
        return f"{self.caption(state)}. {engine_text(quantity.title)} {quantity.symbol}[{unit}]: {number}"
