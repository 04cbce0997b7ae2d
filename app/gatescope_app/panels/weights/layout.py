"""Where the numbers of all maps lie: rows aligned, blocks apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF

from gatescope_app.panels.weights.maps import CellMaps, GateBlock, MapPlace, WeightMap

BLOCK_GAP = 4.0
MAP_GAP = 14.0
_BIAS_GAP = 5.0  # the biases and their sum belong together


@dataclass(frozen=True)
class MapColumn:
    """The place of one map.

    Parameters
    ----------
    one : WeightMap
        The map.
    left : float
        Where it begins.
    cell : float
        The width of each of its columns.
    """

    one: WeightMap
    left: float
    cell: float

    @property
    def width(self) -> float:
        """The width of all its columns."""
        return self.cell * self.one.columns


class MapLayout:
    """Places, in pixels from the left top corner of the first number.

    Parameters
    ----------
    maps : CellMaps
        What is laid out.
    cell : QSizeF
        The size of a number.
    least : mapping of str to float
        The least width of each kind of map, which its name takes.
    """

    def __init__(self, maps: CellMaps, cell: QSizeF, least: Mapping[str, float]) -> None:
        self.maps, self.cell = maps, cell
        self.columns: list[MapColumn] = []
        left = 0.0
        for one in maps:
            left += gap_before(maps, one)
            width = max(cell.width(), least[one.kind] / one.columns)
            self.columns.append(MapColumn(one, left, width))
            left += width * one.columns
        rows = max(len(one.numbers) for one in maps)
        self.size = QSizeF(left, rows * cell.height() + (len(maps.packed) - 1) * BLOCK_GAP)

    def column(self, kind: str) -> MapColumn:
        """Return the place of a map."""
        return next(column for column in self.columns if column.one.kind == kind)

    def top(self, one: WeightMap, row: int) -> float:
        """Return where a row begins."""
        gaps = 0 if one.kind == "w_hr" else row // self.maps.packed[0].size
        return row * self.cell.height() + gaps * BLOCK_GAP

    def rect(self, place: MapPlace) -> QRectF:
        """Return a number's place."""
        column = self.column(place.kind)
        left = column.left + place.column * column.cell
        return QRectF(left, self.top(column.one, place.row), column.cell, self.cell.height())

    def block_rect(self, column: MapColumn, block: GateBlock) -> QRectF:
        """Return a block's place."""
        top = self.top(column.one, block.rows.start)
        return QRectF(column.left, top, column.width, block.size * self.cell.height())

    def blocks(self) -> Iterator[tuple[MapColumn, GateBlock, QRectF]]:
        """Go through all blocks of all maps."""
        for column in self.columns:
            for block in column.one.blocks:
                yield column, block, self.block_rect(column, block)

    def at(self, point: QPointF) -> MapPlace | None:
        """Return which number lies there."""
        column = self.column_at(point.x())
        row = None if column is None else self._row_at(column.one, point.y())
        if column is None or row is None:
            return None
        return MapPlace(column.one.kind, row, min(int((point.x() - column.left) / column.cell), column.one.columns - 1))

    def column_at(self, x: float) -> MapColumn | None:
        """Return which map lies there."""
        return next((each for each in self.columns if each.left <= x < each.left + each.width), None)

    def _row_at(self, one: WeightMap, y: float) -> int | None:
        for block in one.blocks:
            inside = y - self.top(one, block.rows.start)
            if 0 <= inside < block.size * self.cell.height():
                return int(block.rows.start) + min(int(inside / self.cell.height()), block.size - 1)
        return None


def gap_before(maps: CellMaps, one: WeightMap) -> float:
    """Return how far a map lies from the one before."""
    if one is maps.maps[0]:
        return 0.0
    return _BIAS_GAP if one.kind in ("b_hh", "b_sum") else MAP_GAP


def fitting(maps: CellMaps, room: QSizeF, least: Mapping[str, float], most: QSizeF) -> QSizeF:
    """Return the size of a number at which all maps fit into a room, but for names that take more than there is."""
    rows = max(len(one.numbers) for one in maps)
    height = (room.height() - (len(maps.packed) - 1) * BLOCK_GAP) / rows
    width = room.width() - sum(gap_before(maps, one) for one in maps)
    return QSizeF(min(max(_shared(maps, width, least), 1e-3), most.width()), min(max(height, 1e-3), most.height()))


def _shared(maps: CellMaps, width: float, least: Mapping[str, float]) -> float:
    """Share a width among all columns; a map whose name is wider than its share takes what it needs first."""
    free = list(maps)
    while free:
        each = width / sum(one.columns for one in free)
        wide = [one for one in free if least[one.kind] > each * one.columns]
        if not wide:
            return each
        width -= sum(least[one.kind] for one in wide)
        free = [one for one in free if one not in wide]
    return 0.0
