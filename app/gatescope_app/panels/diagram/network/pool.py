"""Items that are used again: nothing is deleted, not even while one of them is told of a click."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

Item = TypeVar("Item", bound=QGraphicsItem)


class Pool(Generic[Item]):
    """Makes items as they are needed, hides those that are not, and shows them when they are again."""

    def __init__(self, scene: QGraphicsScene, make: Callable[[], Item], z: float) -> None:
        self._scene, self._make, self._z = scene, make, z
        self._items: list[Item] = []
        self._used = 0

    @property
    def used(self) -> list[Item]:
        """Those that were taken since `restart`."""
        return self._items[: self._used]

    def restart(self) -> None:
        """Take all back; whoever needs some takes them again before `hide_rest`."""
        self._used = 0

    def take(self) -> Item:
        """Return one that nobody else has."""
        if self._used == len(self._items):
            item = self._make()
            item.setZValue(self._z)
            self._scene.addItem(item)
            self._items.append(item)
        item = self._items[self._used]
        item.show()
        self._used += 1
        return item

    def hide_rest(self) -> None:
        """Hide what was not taken."""
        for item in self._items[self._used :]:
            item.hide()
