"""Why parts of `output` and `h_n` are the same: said on top, and shown on the way that h takes to both."""

from __future__ import annotations

from PySide6.QtWidgets import QGraphicsScene

from gatescope.traces.identities import Identity, is_so
from gatescope_app.panels.diagram.network import network_texts as words
from gatescope_app.panels.diagram.network.geometry import Geometry
from gatescope_app.panels.diagram.network.inks import Inks
from gatescope_app.panels.diagram.network.marks import Caption, Marker, caption_width
from gatescope_app.panels.diagram.network.plan import Plan
from gatescope_app.panels.diagram.network.pool import Pool
from gatescope_app.panels.diagram.network.row import state_strip
from gatescope_app.panels.diagram.network.wiring import final
from gatescope_app.state.session import State

_SIGNS = {None: "≟", True: "=", False: "≠"}


class Captions:
    """Says of each equality whether it is so, once both sides are computed."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self._captions = Pool(scene, Caption, 1.0)
        self._markers = Pool(scene, Marker, -6.0)
        self._found: dict[Identity, bool] = {}

    @property
    def texts(self) -> list[str]:
        """What they say."""
        return [caption.text for caption in self._captions.used]

    def lay_out(self, plan: Plan, geometry: Geometry, inks: Inks) -> None:
        """Put the captions on top, and connect what they speak of."""
        self._captions.restart()
        self._markers.restart()
        for line, identity in enumerate(plan.identities):
            caption = self._captions.take()
            caption.say(_equality(identity, None), words.reason(identity, plan.spec), None)
            caption.put(geometry.caption(line), geometry.caption_height, inks)
            self._markers.take()
        self._captions.hide_rest()
        self._markers.hide_rest()

    def connect(self, plan: Plan, geometry: Geometry, inks: Inks) -> None:
        """Mark the way from where a direction ends, where that step is shown; the run is another one."""
        self._found.clear()
        for identity, marker in zip(plan.identities, self._markers.used, strict=True):
            layer, direction = plan.spec.num_layers - 1, identity.direction
            if identity.t not in plan.columns:
                marker.put([], [], 0.0)
                continue
            index = plan.columns.index(identity.t)
            boxes = [
                geometry.output_part(direction, index),
                state_strip(geometry, layer, direction, "h", initial=False),
            ]
            marker.put(final(geometry, layer, direction, index), boxes, inks.line * 0.5)

    def show_progress(self, state: State, plan: Plan, inks: Inks) -> None:
        """Say what can be said by now."""
        for caption, marker, identity in zip(self._captions.used, self._markers.used, plan.identities, strict=True):
            so = self._is_so(state, identity)
            caption.say(_equality(identity, so), caption.reason, so)
            marker.colour(inks.marker(so))

    def _is_so(self, state: State, identity: Identity) -> bool | None:
        """Return None before both sides are computed."""
        layer = state.setup.spec.num_layers - 1
        known = state.order.known(state.cursor, layer, identity.direction, "h")
        if state.run is None or identity.t not in known:
            return None
        if identity not in self._found:
            self._found[identity] = is_so(identity, state.run.trace)
        return self._found[identity]


def _equality(identity: Identity, so: bool | None) -> str:
    return f"{identity.output} {_SIGNS[so]} {identity.state}"


def caption_widths(plan: Plan, inks: Inks) -> tuple[float, ...]:
    """Return how wide the captions of a plan are at most."""
    return tuple(
        max(caption_width(_equality(one, so), words.reason(one, plan.spec), inks) for so in (None, True, False))
        for one in plan.identities
    )
