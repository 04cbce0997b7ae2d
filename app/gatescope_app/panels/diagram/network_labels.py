"""The texts around the network's boxes: of rows, states and steps, and why parts of `output` and `h_n` are equal."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from gatescope.modules.spec import Direction, ModuleSpec
from gatescope.traces.identities import Identity, is_so
from gatescope_app.look.language import format_named
from gatescope_app.panels.diagram.diagram_texts import (
    describe_reason,
    format_direction,
    format_input_label,
    format_layer,
    format_layers_between,
    format_state_name,
)
from gatescope_app.panels.diagram.drawing_items import DrawingItem
from gatescope_app.panels.diagram.network_geometry import (
    INPUT,
    NODE,
    CellLinks,
    Fold,
    NetworkGeometry,
    NetworkSizes,
)
from gatescope_app.panels.diagram.network_items import NetworkStyle
from gatescope_app.panels.diagram.network_plan import NetworkPlan
from gatescope_app.state.session_state import State

_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
_CENTRED = Qt.AlignmentFlag.AlignCenter
_ELLIPSIS = "…"
_SIGNS = {None: "≟", True: "=", False: "≠"}


class TextLabel(DrawingItem):
    """A line of text."""

    def __init__(
        self, rect: QRectF, text: str, font: QFont, colour: QColor, align: Qt.AlignmentFlag = _CENTRED
    ) -> None:
        super().__init__(rect)
        self.text, self._font, self._colour, self._align = text, font, colour, align

    def write(self, text: str, font: QFont, colour: QColor) -> None:
        """Write something else."""
        if (text, font, colour) != (self.text, self._font, self._colour):
            self.text, self._font, self._colour = text, font, colour
            self.update()

    def draw(self, painter: QPainter) -> None:
        """Write the text."""
        painter.setPen(self._colour)
        painter.setFont(self._font)
        painter.drawText(self.bounds, self._align | Qt.AlignmentFlag.AlignVCenter, self.text)


def text_sizes(plan: NetworkPlan, style: NetworkStyle, captions: tuple[float, ...]) -> NetworkSizes:
    """Return how much room the texts of a plan need."""
    small, line, spec = QFontMetricsF(style.small), style.line, plan.spec
    labels = [*_row_labels(spec, plan.layers).values(), format_input_label(), "output"]
    names = [
        format_state_name(spec, state, number, initial=initial)
        for state in spec.cell.states
        for initial in (True, False)
        for number in (0, len(spec.cells()) - 1)
    ]
    step = QFontMetricsF(style.bold).horizontalAdvance(str(plan.setup.steps))
    return NetworkSizes(
        line,
        max(QFontMetricsF(style.bold).horizontalAdvance(text) for text in labels) + 1.1 * line,
        max(small.horizontalAdvance(name) for name in names) + 2.7 * line,
        max((4.4 if spec.bidirectional else 4.0) * line, step + 0.8 * line),
        captions,
    )


def _row_labels(spec: ModuleSpec, layers: Fold) -> dict[tuple[int, Direction | None], str]:
    """Return the label of each layer, and of its directions where there are two."""
    if spec.is_cell:
        return {(0, None): spec.kind}
    labels: dict[tuple[int, Direction | None], str] = {}
    for layer in layers:
        if layer is not None:
            labels[layer, None] = format_layer(layer)
            labels |= {(layer, way): format_direction(way) for way in spec.directions if spec.bidirectional}
    return labels


def fixed_labels(geometry: NetworkGeometry, style: NetworkStyle) -> Iterator[TextLabel]:
    """Yield all labels that stay as they are while the steps shown change."""
    yield from _row_name_labels(geometry, style)
    yield from _gap_labels(geometry, style)
    for layer in geometry.levels.bands:
        for direction in geometry.levels.spec.directions:
            yield from _state_labels(geometry, style, layer, direction)


def _row_name_labels(geometry: NetworkGeometry, style: NetworkStyle) -> Iterator[TextLabel]:
    def label(middle: float, text: str, font: QFont, colour: QColor = style.faint) -> TextLabel:
        return TextLabel(geometry.label(middle), text, font, colour, _LEFT)

    levels = geometry.levels
    yield label(levels.inputs + INPUT / 2, format_input_label(), style.font)
    yield label(levels.times + INPUT / 2, "t", style.font)
    if not levels.spec.is_cell:
        yield label(levels.output + INPUT / 2, "output", style.font)
    for (layer, direction), text in _row_labels(levels.spec, levels.layers).items():
        top, height = levels.bands[layer]
        if direction is None:
            yield label(top + height / 2, text, style.bold, style.text)
        else:
            yield label(levels.row(layer, direction) + NODE / 2, text, style.small)


def _gap_labels(geometry: NetworkGeometry, style: NetworkStyle) -> Iterator[TextLabel]:
    """Yield for which layers each gap stands."""
    layers = geometry.levels.layers
    gaps = [index for index, layer in enumerate(layers) if layer is None]
    for index, place in zip(gaps, geometry.levels.gaps, strict=True):
        below, above = layers[index - 1], layers[index + 1]
        assert below is not None
        assert above is not None
        text = format_layers_between(below + 1, above - 1)
        yield TextLabel(geometry.band(place), f"⋮   {text}   ⋮", style.font, style.faint)


def _state_labels(
    geometry: NetworkGeometry, style: NetworkStyle, layer: int, direction: Direction
) -> Iterator[TextLabel]:
    spec = geometry.levels.spec
    number = spec.cells().index((layer, direction))
    for state in spec.cell.states:
        colour = style.quantity(state)
        for initial in (True, False):
            rect = geometry.state_label(layer, direction, state, initial=initial)
            name = format_state_name(spec, state, number, initial=initial)
            align = _RIGHT if initial == (direction == "forward") else _LEFT
            yield TextLabel(rect, name, style.small, colour, align)
        symbol = spec.cell.quantity(state).symbol
        yield TextLabel(geometry.wire_label(layer, direction, state), symbol, style.small, colour)


class StepNumbers:
    """The numbers of the steps, the current one in bold."""

    def __init__(self, geometry: NetworkGeometry, style: NetworkStyle) -> None:
        self._style = style
        self.labels = [TextLabel(geometry.time(index), "", style.font, style.faint) for index in range(geometry.slots)]

    def show_steps(self, plan: NetworkPlan, current: int) -> None:
        """Write the steps that are shown."""
        style = self._style
        for label, t in zip(self.labels, plan.columns, strict=True):
            here = t == current
            font, colour = (style.bold, style.accent) if here else (style.font, style.faint)
            label.write(_ELLIPSIS if t is None else str(t), font, colour)


class Caption(DrawingItem):
    """An equality, and why it is one; the place has to be wide enough for what is written later."""

    def __init__(self, place: QRectF, equality: str, reason: str, style: NetworkStyle) -> None:
        super().__init__(place)
        self._style = style
        self._equality, self._reason = equality, reason
        self._equal: bool | None = None

    @property
    def text(self) -> str:
        """All of it."""
        return format_named(self._equality, self._reason)

    def write(self, equality: str, equal: bool | None) -> None:
        """Write another sign into the equality, in the colour of whether it holds."""
        if (equality, equal) != (self._equality, self._equal):
            self._equality, self._equal = equality, equal
            self.update()

    def draw(self, painter: QPainter) -> None:
        """Write the equality on its marker, and the reason behind it."""
        style = self._style
        width = QFontMetricsF(style.bold).horizontalAdvance(self._equality) + style.line * 0.6
        ground = QRectF(self.bounds.left(), self.bounds.top() + style.line * 0.05, width, style.line * 1.2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.marker(self._equal))
        painter.drawRoundedRect(ground, style.line * 0.2, style.line * 0.2)
        painter.setPen(style.text)
        painter.setFont(style.bold)
        painter.drawText(ground, _CENTRED, self._equality)
        painter.setFont(style.font)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        rest = QRectF(ground.right() + style.line * 0.4, ground.top(), self.bounds.width(), ground.height())
        painter.drawText(rest, left, self._reason)


class Captions:
    """Which parts of `output` and `h_n` are the same, and why: on top, and marked on the way that h takes to both.

    Of each equality it is written whether it holds, once both sides are computed.
    """

    def __init__(self, plan: NetworkPlan, geometry: NetworkGeometry, style: NetworkStyle) -> None:
        self._style, self._geometry = style, geometry
        self.captions = [
            Caption(geometry.caption(line), _equality(one, None), describe_reason(one, plan.spec), style)
            for line, one in enumerate(plan.identities)
        ]
        self.markers = [QGraphicsPathItem() for _ in plan.identities]
        self._found: dict[Identity, bool] = {}

    @property
    def texts(self) -> list[str]:
        """What is written."""
        return [caption.text for caption in self.captions]

    def connect(self, plan: NetworkPlan) -> None:
        """Mark the way from where a direction ends, where that step is shown; the run is another one."""
        geometry, layer = self._geometry, plan.spec.num_layers - 1
        self._found.clear()
        for identity, marker in zip(plan.identities, self.markers, strict=True):
            direction, shown = identity.direction, identity.t in plan.columns
            marker.setVisible(shown)
            if shown:
                index = plan.columns.index(identity.t)
                last = geometry.state_strip(layer, direction, "h", initial=False)
                boxes = [geometry.output_part(direction, index), last]
                marker.setPath(marker_path(CellLinks(geometry, layer, direction, index).final(), boxes))

    def show_progress(self, state: State, plan: NetworkPlan) -> None:
        """Write what can be said by now."""
        width, cap, join = self._style.line * 0.5, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin
        for caption, marker, identity in zip(self.captions, self.markers, plan.identities, strict=True):
            equal = self._is_equal(state, identity)
            caption.write(_equality(identity, equal), equal)
            marker.setPen(QPen(self._style.marker(equal), width, Qt.PenStyle.SolidLine, cap, join))

    def _is_equal(self, state: State, identity: Identity) -> bool | None:
        """Return None before both sides are computed."""
        layer = state.setup.spec.num_layers - 1
        known = state.order.known(state.cursor, layer, identity.direction, "h")
        if state.run is None or identity.t not in known:
            return None
        if identity not in self._found:
            self._found[identity] = is_so(identity, state.run.trace)
        return self._found[identity]


def _equality(identity: Identity, equal: bool | None) -> str:
    return f"{identity.output} {_SIGNS[equal]} {identity.state}"


def marker_path(lines: list[QLineF], boxes: list[QRectF]) -> QPainterPath:
    """Return what a text marker draws over that which is the same; in one go, so that it is nowhere twice as strong."""
    path = QPainterPath()
    for line in lines:
        path.moveTo(line.p1())
        path.lineTo(line.p2())
    for box in boxes:
        path.addRect(box)
    return path


def caption_widths(plan: NetworkPlan, style: NetworkStyle) -> tuple[float, ...]:
    """Return how wide the captions of a plan are at most."""
    bold, plain = QFontMetricsF(style.bold), QFontMetricsF(style.font)

    def width(one: Identity) -> float:
        equality = max(bold.horizontalAdvance(_equality(one, equal)) for equal in _SIGNS)
        return equality + plain.horizontalAdvance(describe_reason(one, plan.spec)) + style.line * 1.2

    return tuple(width(one) for one in plan.identities)
