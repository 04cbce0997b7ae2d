"""What the unrolled network says in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from gatescope.messages.message import Message
from gatescope.messages.number_format import format_number
from gatescope.modules.spec import Direction, ModuleSpec
from gatescope.traces.identities import Identity
from gatescope_app.look.language import engine_text, format_message
from gatescope_app.look.tokens import step_label
from gatescope_app.state.known_values import steps_present
from gatescope_app.state.session import State

_MOST_NUMBERS = 6  # of x in a tooltip


def layer_label(layer: int) -> str:
    """Name a layer."""
    return QCoreApplication.translate("unrolled", "layer {layer}").format(layer=layer)


def layers_between(first: int, last: int) -> str:
    """Name the layers that a gap stands for."""
    return QCoreApplication.translate("unrolled", "layers {first} to {last}").format(first=first, last=last)


def direction_label(direction: Direction) -> str:
    """Name a direction, with an arrow the way it runs."""
    return (
        f"{format_message(Message(direction))} →"
        if direction == "forward"
        else f"← {format_message(Message(direction))}"
    )


def input_label() -> str:
    """Name the row of inputs."""
    return QCoreApplication.translate("unrolled", "input x")


def reason(identity: Identity, spec: ModuleSpec) -> str:
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


def state_name(spec: ModuleSpec, state: str, number: int, *, initial: bool) -> str:
    """Return torch's name of a state before the first step or after the last: h0[1], c_n[1]; of a cell h0 or h."""
    if spec.is_cell:
        return f"{state}0" if initial else state
    return f"{state}0[{number}]" if initial else f"{state}_n[{number}]"


def of_cell(state: State, t: int, layer: int, direction: Direction) -> str:
    """Tell of a cell at a step: where it is, and what its selected unit's states are by now."""
    lines = [_place(state, t, layer, direction)]
    if t >= steps_present(state):
        lines.append(_no_step(state))
    else:
        lines += _states(state, t, layer, direction)
    lines.append(QCoreApplication.translate("unrolled", "Click: go there. Double click, or Enter: open the cell"))
    return "\n".join(lines)


def _states(state: State, t: int, layer: int, direction: Direction) -> list[str]:
    spec, run, lines = state.setup.spec, state.run, []
    for name in reversed(spec.cell.states):  # C, then h, as they are computed
        if run is None or t not in state.order.known(state.cursor, layer, direction, name):
            continue
        values = run.values(name, layer, direction, state.batch)[t]
        if state.unit < len(values):  # h of a projection has fewer units
            symbol = spec.cell.quantity(name).symbol
            lines.append(f"{symbol}[{state.unit}] = {format_number(float(values[state.unit]))}")
    return lines or [QCoreApplication.translate("unrolled", "not computed yet")]


def _place(state: State, t: int, layer: int, direction: Direction) -> str:
    spec = state.setup.spec
    parts = [] if spec.is_cell else [layer_label(layer)]
    parts += [format_message(Message(direction))] if spec.bidirectional else []
    return " · ".join([*parts, _step(state, t)])


def _step(state: State, t: int) -> str:
    return step_label(t, state.setup.sequence.tokens)


def _no_step(state: State) -> str:
    text = QCoreApplication.translate("unrolled", "batch element {batch} has only {steps} steps")
    return text.format(batch=state.batch, steps=steps_present(state))


def of_input(state: State, t: int) -> str:
    """Tell of x at a step."""
    if t >= steps_present(state):
        return f"{_step(state, t)}\n{_no_step(state)}"
    x = state.setup.inputs(state.batch)[t]
    numbers = ", ".join(format_number(float(number)) for number in x[:_MOST_NUMBERS])
    return f"{_step(state, t)}\nx = [{numbers}{', …' if len(x) > _MOST_NUMBERS else ''}]"


def of_output(state: State, t: int) -> str:
    """Tell what `output` is made of at a step."""
    spec = state.setup.spec
    text = QCoreApplication.translate("unrolled", "output is the h of the last layer, {layer}").format(
        layer=layer_label(spec.num_layers - 1)
    )
    if spec.bidirectional:
        text = QCoreApplication.translate(
            "unrolled",
            "output is the h of both directions of the last layer side by side: :{size} forward, {size}: reverse",
        ).format(size=spec.output_size)
    return f"{_step(state, t)}\n{text}"


def of_state(state: State, layer: int, direction: Direction, t: int, *, initial: bool) -> str:
    """Tell of the states before the first step of a cell, or after its last one."""
    spec = state.setup.spec
    number = spec.cells().index((layer, direction))
    names = ", ".join(state_name(spec, name, number, initial=initial) for name in spec.cell.states)
    text = (
        QCoreApplication.translate("unrolled", "{names}: the state that its first step, t = {t}, starts from")
        if initial
        else QCoreApplication.translate("unrolled", "{names}: the state after its last step, t = {t}")
    )
    place = "" if spec.is_cell else f"{layer_label(layer)} · {format_message(Message(direction))}\n"
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


def described(state: State) -> str:
    """Say in a sentence where the cursor is, for those who do not see the picture."""
    cursor = state.cursor
    return QCoreApplication.translate(
        "unrolled", "The network unrolled over time. Current cell: {place}; {phase}"
    ).format(
        place=_place(state, cursor.t, cursor.layer, cursor.direction),
        phase=phase_name(state.setup.spec, cursor.phase),
    )
