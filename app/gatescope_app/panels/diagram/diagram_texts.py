"""What the diagrams say in words: labels of the network, what is pointed at, and what is shown to who cannot see it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject

from gatescope.messages.message import Message
from gatescope.messages.number_format import format_number
from gatescope.modules.spec import Direction, ModuleSpec
from gatescope.traces.identities import Identity
from gatescope_app.look.edit_marks import describe_edits, describe_original, hold_of, holds_here
from gatescope_app.look.language import engine_text, format_message, format_named, join_texts
from gatescope_app.look.tokens import format_step
from gatescope_app.panels.diagram.cell_layout import Box, OperationNode, WireStrip
from gatescope_app.panels.diagram.cell_strips import UnitValues, is_first, strip_symbol
from gatescope_app.panels.diagram.drawing_items import Symbol
from gatescope_app.state.known_values import steps_present
from gatescope_app.state.session_state import State

_MOST_NUMBERS = 6  # of x in a tooltip


def format_layer(layer: int) -> str:
    """Name a layer."""
    return QCoreApplication.translate("unrolled", "layer {layer}").format(layer=layer)


def format_layers_between(first: int, last: int) -> str:
    """Name the layers that a gap stands for."""
    return QCoreApplication.translate("unrolled", "layers {first} to {last}").format(first=first, last=last)


def format_direction(direction: Direction) -> str:
    """Name a direction, with an arrow the way it runs."""
    return (
        f"{format_message(Message(direction))} →"
        if direction == "forward"
        else f"← {format_message(Message(direction))}"
    )


def format_input_label() -> str:
    """Name the row of inputs."""
    return QCoreApplication.translate("unrolled", "input x")


def describe_reason(identity: Identity, spec: ModuleSpec) -> str:
    """Say why `output` and `h_n` share what they do."""
    if identity.direction == "reverse":
        text = QCoreApplication.translate("unrolled", "the reverse direction ends at t = {t}")
    elif identity.batch is not None:
        text = QCoreApplication.translate("unrolled", "the last step of batch element {batch} is t = {t}")
    elif spec.bidirectional:
        text = QCoreApplication.translate("unrolled", "the forward direction ends at t = {t}")
    else:
        text = QCoreApplication.translate("unrolled", "the last step is t = {t}")
    return text.format(batch=identity.batch, t=identity.t)


def format_state_name(spec: ModuleSpec, state: str, number: int, *, initial: bool) -> str:
    """Return torch's name of a state before the first step or after the last: h0[1], c_n[1]; of a cell h0 or h."""
    if spec.is_cell:
        return f"{state}0" if initial else state
    return f"{state}0[{number}]" if initial else f"{state}_n[{number}]"


def describe_cell_at(state: State, t: int, layer: int, direction: Direction) -> str:
    """Describe a cell at a step: where it is, and what its selected unit's states are by now."""
    lines = [_format_place(state, t, layer, direction)]
    if t >= steps_present(state):
        lines.append(_describe_missing_step(state))
    else:
        lines += _format_states(state, t, layer, direction)
    lines.append(QCoreApplication.translate("unrolled", "Click: go there. Double click, or Enter: open the cell"))
    return "\n".join(lines)


def _format_states(state: State, t: int, layer: int, direction: Direction) -> list[str]:
    spec, run, lines = state.setup.spec, state.run, []
    for name in reversed(spec.cell.states):  # C, then h, as they are computed
        if run is None or t not in state.order.known(state.cursor, layer, direction, name):
            continue
        values = run.values(name, layer, direction, state.batch)[t]
        if state.unit < len(values):  # h of a projection has fewer units
            symbol = spec.cell.quantity(name).symbol
            lines.append(f"{symbol}[{state.unit}] = {format_number(float(values[state.unit]))}")
    return lines or [QCoreApplication.translate("unrolled", "not computed yet")]


def _format_place(state: State, t: int, layer: int, direction: Direction) -> str:
    spec = state.setup.spec
    parts = [] if spec.is_cell else [format_layer(layer)]
    parts += [format_message(Message(direction))] if spec.bidirectional else []
    return " · ".join([*parts, _step(state, t)])


def _step(state: State, t: int) -> str:
    return format_step(t, state.setup.sequence.tokens)


def _describe_missing_step(state: State) -> str:
    text = QCoreApplication.translate("unrolled", "batch element {batch} has only {steps} steps")
    return text.format(batch=state.batch, steps=steps_present(state))


def describe_input(state: State, t: int) -> str:
    """Describe x at a step."""
    if t >= steps_present(state):
        return f"{_step(state, t)}\n{_describe_missing_step(state)}"
    x = state.setup.inputs(state.batch)[t]
    numbers = ", ".join(format_number(float(number)) for number in x[:_MOST_NUMBERS])
    return f"{_step(state, t)}\nx = [{numbers}{', …' if len(x) > _MOST_NUMBERS else ''}]"


def describe_output(state: State, t: int) -> str:
    """Describe what `output` is made of at a step."""
    spec = state.setup.spec
    text = QCoreApplication.translate("unrolled", "output is the h of the last layer, {layer}").format(
        layer=format_layer(spec.num_layers - 1)
    )
    if spec.bidirectional:
        text = QCoreApplication.translate(
            "unrolled",
            "output is the h of both directions of the last layer side by side: :{size} forward, {size}: reverse",
        ).format(size=spec.output_size)
    return f"{_step(state, t)}\n{text}"


def describe_state(state: State, layer: int, direction: Direction, t: int, *, initial: bool) -> str:
    """Describe the states before the first step of a cell, or after its last one."""
    spec = state.setup.spec
    number = spec.cells().index((layer, direction))
    names = join_texts(format_state_name(spec, name, number, initial=initial) for name in spec.cell.states)
    text = (
        QCoreApplication.translate("unrolled", "{names}: the state that its first step, t = {t}, starts from")
        if initial
        else QCoreApplication.translate("unrolled", "{names}: the state after its last step, t = {t}")
    )
    place = "" if spec.is_cell else f"{format_layer(layer)} · {format_message(Message(direction))}\n"
    return place + text.format(names=names, t=t)


def phase_sign(spec: ModuleSpec, phase: str) -> str:
    """Return the sign of a phase: its quantity's symbol, x, or z of the pre-activations."""
    symbols = {one.name: one.symbol for one in spec.cell.quantities} | {"input": "x", "preactivations": "z"}
    return symbols[phase]


def phase_name(spec: ModuleSpec, phase: str) -> str:
    """Name a phase."""
    if phase == "input":
        return QCoreApplication.translate("unrolled", "input")
    if phase == "preactivations":
        return QCoreApplication.translate("unrolled", "pre-activations")
    return engine_text(spec.cell.quantity(phase).title)


def describe_network(state: State) -> str:
    """Say in a sentence where the cursor is, for those who do not see the picture."""
    cursor = state.cursor
    return QCoreApplication.translate(
        "unrolled", "The network unrolled over time. Current cell: {place}; {phase}"
    ).format(
        place=_format_place(state, cursor.t, cursor.layer, cursor.direction),
        phase=phase_name(state.setup.spec, cursor.phase),
    )


class CellTexts(QObject):
    """What the cell diagram says, in the window's language."""

    def format_caption(self, state: State) -> str:
        """Return where the drawing is: the step, the unit, the cell."""
        focus, spec = state.focus, state.setup.spec
        step = format_step(state.cursor.t, state.setup.sequence.tokens)
        parts = [step, self.tr("unit {unit}").format(unit=focus.unit)]
        parts += [self.tr("layer {layer}").format(layer=focus.layer)] if spec.num_layers > 1 else []
        parts += [format_message(Message(focus.direction))] if spec.bidirectional else []
        parts += [self.tr("batch element {batch}").format(batch=focus.batch)] if state.setup.batched else []
        if state.cursor.t >= steps_present(state):
            parts.append(self.tr("it has only {steps} steps").format(steps=steps_present(state)))
        parts += [self._describe_input(state)] if focus.layer > 0 else []
        return " · ".join(parts)

    def _describe_input(self, state: State) -> str:
        """Say what a deeper layer reads."""
        below = state.focus.layer - 1
        if state.setup.spec.bidirectional:
            return self.tr("x_t is h_t of layer {layer}, forward and reverse side by side").format(layer=below)
        return self.tr("x_t is h_t of layer {layer}").format(layer=below)

    # what is pointed at

    def describe_strip(self, state: State, strip: WireStrip, values: UnitValues | None, unit: int | None) -> str:
        """Return the name of a strip, and the number of the unit that is pointed at."""
        symbol = strip_symbol(state, strip.name)
        plain = strip.name if symbol is None else symbol.plain
        lines = [self._format_title(state, strip)]
        if values is None:
            return "\n".join([*lines, self.tr("not computed yet")])
        if unit is not None and unit < len(values):
            letter = plain.removesuffix("_t") if symbol is not None else f"({plain})"
            number = str(values[unit]) if symbol is not None else f"{values[unit]:.7g}"
            lines += [f"{letter}[{unit}] = {number}", *self._describe_edits(state, strip, unit, number)]
        return "\n".join(line for line in lines if line)

    def _format_title(self, state: State, strip: WireStrip) -> str:
        if strip.name == "x":
            return self._describe_input(state) if state.focus.layer > 0 else self.tr("input x_t")
        titles = {q.name: f"{engine_text(q.title)} {q.symbol}_t" for q in state.setup.spec.cell.quantities}
        if strip.name.endswith("_before"):
            title = self.tr("state before the first step") if is_first(state) else self.tr("state before this step")
            return format_named(title, (strip_symbol(state, strip.name) or Symbol("")).plain)
        return titles.get(strip.name, "")

    def _describe_edits(self, state: State, strip: WireStrip, unit: int, number: str) -> list[str]:
        """Say what holds a number, and what it is in the run that this one is held against."""
        if strip.name not in state.setup.spec.cell.names:
            return []
        hold, ghost = hold_of(holds_here(state), strip.name, unit), state.ghost_values(strip.name)
        remarks = [] if hold is None else [describe_edits([hold])]
        if ghost is not None and unit < ghost.shape[1]:
            before = str(ghost[state.cursor.t, unit])
            remarks += [describe_original(state, before)] if before != number else []
        return remarks

    def describe_part(self, state: State, part: Box | OperationNode, z: float | None) -> str:
        """Return the name of what a box or a node makes, with its equation and what goes into it."""
        quantity = state.setup.spec.cell.quantity(part.makes)
        projected = quantity.name == "h" and state.setup.spec.proj_size
        equation = "h_t = W_hr (o_t * tanh(C_t))" if projected else quantity.equation
        lines = [f"{engine_text(quantity.title)} {quantity.symbol}_t", equation]
        if isinstance(part, Box) and part.is_gate and z is not None:
            lines.append(f"{quantity.preactivation}[{state.focus.unit}] = {z:.7g}")
        return "\n".join(lines)

    def describe_cell(self, state: State, values: UnitValues | None) -> str:
        """Return what is shown, for a person who cannot see the drawing."""
        quantity = state.setup.spec.cell.quantity(state.quantity)
        unit = state.focus.unit
        known = values is not None and unit < len(values)
        number = format_number(float(values[unit])) if known and values is not None else self.tr("not computed yet")
        shown = format_named(f"{engine_text(quantity.title)} {quantity.symbol}[{unit}]", number)
        return f"{self.format_caption(state)} · {shown}"
