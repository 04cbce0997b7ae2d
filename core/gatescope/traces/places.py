"""Where in a run a number stands, in words. Needs no torch."""

from __future__ import annotations

from gatescope.messages.message import Message
from gatescope.modules.spec import Direction


def describe_place(layer: int, direction: Direction, batch: int, batch_size: int) -> Message:
    """Return which layer, direction and batch element that is; of a single element nothing is said.

    Parameters
    ----------
    layer : int
        From 0.
    direction : {"forward", "reverse"}
        Of the layer.
    batch : int
        The element, from 0.
    batch_size : int
        How many there are.
    """
    cell = {"layer": layer, "direction": Message(direction)}
    return Message("place_in_batch", cell | {"batch": batch}) if batch_size > 1 else Message("place_in_run", cell)
