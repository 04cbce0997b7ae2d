"""Which number the cursor is at: the session's quantity and unit give the row; only map and column are its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gatescope_app.panels.weights.maps import SUM, CellMaps, GateBlock, MapPlace

if TYPE_CHECKING:
    from gatescope_app.state.session_state import State


class Selection:
    """Follows what is selected anywhere, and says what is to be selected elsewhere."""

    def __init__(self) -> None:
        self.gate = ""  # whose block it is in
        self._kind, self._column = "w_ih", 0

    def follow(self, maps: CellMaps, state: State) -> MapPlace:
        """Return the place of what is selected; a state that no parameter belongs to leaves the gate as it was."""
        gates = {block.gate for one in maps for block in one.blocks}
        if state.quantity in gates:
            self.gate = state.quantity
        elif self.gate not in gates:
            self.gate = next(name for name in maps.spec.cell.names if name in gates)
        one = maps.of(self._kind)
        projects = self.gate == "h"
        if one is None or (one.kind == "w_hr") != projects:
            one = maps.get("w_hr" if projects else "w_ih")
            self._kind, self._column = one.kind, 0
        self._column = min(self._column, one.columns - 1)
        rows = _rows(maps, one.kind, self.gate)
        return MapPlace(one.kind, rows.start + min(state.focus.unit, rows.stop - rows.start - 1), self._column)

    def go(self, maps: CellMaps, place: MapPlace) -> None:
        """Go to a place; `follow` then finds it by what is selected."""
        self._kind, self._column = place.kind, place.column
        self.gate = _block(maps, place).gate

    def looked_at(self, maps: CellMaps, place: MapPlace) -> dict[str, Any]:
        """Return the quantity and the unit of a place."""
        block = _block(maps, place)
        return {"quantity": block.gate, "unit": place.row - block.rows.start}

    def symbol(self, maps: CellMaps, place: MapPlace, state: State) -> str:
        """Return the session's name for what a place belongs to: a parameter of the selected gate, or another gate."""
        gate = _block(maps, place).gate
        if place.kind == "w_hr" or (gate == state.quantity and place.kind != SUM):
            return place.kind
        return gate


def _block(maps: CellMaps, place: MapPlace) -> GateBlock:
    """Return the gate's rows; a sum has none for a gate whose biases are kept apart."""
    one = maps.maps[0] if place.kind == SUM else maps.get(place.kind)
    block = one.block_at(place.row)
    assert block is not None
    return block


def _rows(maps: CellMaps, kind: str, gate: str) -> slice:
    block = maps.get("w_hr").block_of(gate) if kind == "w_hr" else maps.maps[0].block_of(gate)
    assert block is not None
    return block.rows
