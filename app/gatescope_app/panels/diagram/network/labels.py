"""The texts around the boxes: of the rows, the states and the steps."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF

from gatescope.modules.spec import Direction
from gatescope_app.panels.diagram.network import network_texts as words
from gatescope_app.panels.diagram.network.geometry import INPUT, NODE, Geometry, Sizes
from gatescope_app.panels.diagram.network.inks import Inks
from gatescope_app.panels.diagram.network.marks import TextLabel
from gatescope_app.panels.diagram.network.plan import Plan
from gatescope_app.panels.diagram.network.pool import Pool
from gatescope_app.panels.diagram.network.row import state_label, wire_label

_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
_ELLIPSIS = "…"


def sizes_for(plan: Plan, inks: Inks, captions: tuple[float, ...]) -> Sizes:
    """Return how much room the texts of a plan need."""
    small, line, spec = QFontMetricsF(inks.small), inks.line, plan.spec
    labels = [*_row_labels(plan).values(), words.input_label(), "output"]
    names = [
        words.state_name(spec, state, number, initial=initial)
        for state in spec.cell.states
        for initial in (True, False)
        for number in (0, len(spec.cells()) - 1)
    ]
    step = QFontMetricsF(inks.bold).horizontalAdvance(str(plan.setup.steps))
    return Sizes(
        line,
        max(QFontMetricsF(inks.bold).horizontalAdvance(text) for text in labels) + 1.1 * line,
        max(small.horizontalAdvance(name) for name in names) + 2.7 * line,
        max((4.4 if spec.bidirectional else 4.0) * line, step + 0.8 * line),
        captions,
    )


def _row_labels(plan: Plan) -> dict[tuple[int, Direction | None], str]:
    """Return the label of each layer, and of its directions where there are two."""
    spec = plan.spec
    if spec.is_cell:
        return {(0, None): spec.kind}
    labels: dict[tuple[int, Direction | None], str] = {}
    for layer in plan.layers:
        if layer is not None:
            labels[layer, None] = words.layer_label(layer)
            labels |= {(layer, way): words.direction_label(way) for way in spec.directions if spec.bidirectional}
    return labels


class NetworkLabels:
    """Writes them."""

    def __init__(self, fixed: Pool[TextLabel], times: Pool[TextLabel]) -> None:
        self._fixed, self._times = fixed, times

    def lay_out(self, plan: Plan, geometry: Geometry, inks: Inks) -> None:
        """Write all that stays where it is while the steps shown change."""
        self._fixed.restart()
        self._name_rows(plan, geometry, inks)
        self._name_gaps(plan, geometry, inks)
        for layer, direction in plan.cells:
            self._name_states(plan, geometry, inks, layer, direction)
        self._fixed.hide_rest()

    def _name_rows(self, plan: Plan, geometry: Geometry, inks: Inks) -> None:
        levels = geometry.levels
        self._write(geometry.label(levels.inputs + INPUT / 2), words.input_label(), inks.font, inks)
        self._write(geometry.label(levels.times + INPUT / 2), "t", inks.font, inks)
        if not plan.spec.is_cell:
            self._write(geometry.label(levels.output + INPUT / 2), "output", inks.font, inks)
        for (layer, direction), text in _row_labels(plan).items():
            top, height = levels.bands[layer]
            middle = top + height / 2 if direction is None else levels.row(layer, direction) + NODE / 2
            self._write(geometry.label(middle), text, inks.bold if direction is None else inks.small, inks)

    def _write(self, rect: QRectF, text: str, font: QFont, inks: Inks) -> None:
        colour = inks.text if font is inks.bold else inks.faint
        self._fixed.take().put(rect, text, font, colour, _LEFT)

    def _name_gaps(self, plan: Plan, geometry: Geometry, inks: Inks) -> None:
        """Say for which layers a gap stands."""
        gaps = [index for index, layer in enumerate(plan.layers) if layer is None]
        for index, place in zip(gaps, geometry.levels.gaps, strict=True):
            below, above = plan.layers[index - 1], plan.layers[index + 1]
            assert below is not None
            assert above is not None
            text = words.layers_between(below + 1, above - 1)
            self._fixed.take().put(geometry.band(place), f"⋮   {text}   ⋮", inks.font, inks.faint)

    def _name_states(self, plan: Plan, geometry: Geometry, inks: Inks, layer: int, direction: Direction) -> None:
        number = plan.spec.cells().index((layer, direction))
        for initial in (True, False):
            align = _RIGHT if initial == (direction == "forward") else _LEFT
            for state in plan.spec.cell.states:
                rect = state_label(geometry, layer, direction, state, initial=initial)
                name = words.state_name(plan.spec, state, number, initial=initial)
                self._fixed.take().put(rect, name, inks.small, inks.quantity(state), align)
        for state in plan.spec.cell.states:
            symbol = plan.spec.cell.quantity(state).symbol
            rect = wire_label(geometry, layer, direction, state)
            self._fixed.take().put(rect, symbol, inks.small, inks.quantity(state))

    def number_steps(self, plan: Plan, geometry: Geometry, inks: Inks, current: int) -> None:
        """Write the steps, the current one in bold."""
        self._times.restart()
        for index, t in enumerate(plan.columns):
            here = t == current
            self._times.take().put(
                geometry.time(index),
                _ELLIPSIS if t is None else str(t),
                inks.bold if here else inks.font,
                inks.accent if here else inks.faint,
            )
        self._times.hide_rest()
