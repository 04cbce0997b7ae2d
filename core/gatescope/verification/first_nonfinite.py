"""Where NaN or infinity first comes into a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

from gatescope.messages.message import Message
from gatescope.modules.spec import Direction
from gatescope.traces.order import Cursor, Order
from gatescope.traces.trace import Trace
from gatescope.verification.findings import CellReport, NonFinite


def first_nonfinite(trace: Trace, cells: Mapping[tuple[int, Direction], CellReport]) -> NonFinite | None:
    """Find where NaN or infinity first comes in, in the order of the run: also into a bound.

    Parameters
    ----------
    trace : Trace
        The run.
    cells : dict
        The comparison of each cell, (layer, direction).
    """
    states = {f"{name}0": [cell.before[name] for cell in trace.cells.values()] for name in trace.spec.cell.states}
    for name, tensors in {**{name: [w] for name, w in trace.weights.items()}, **states}.items():
        if not all(torch.isfinite(tensor).all() for tensor in tensors):
            return NonFinite(name, 0)
    in_x = _first_step(trace.x, "forward", next(iter(trace.cells.values())).present)
    if in_x is not None:
        down = trace.spec.bidirectional
        return NonFinite(Message("and_down", {"place": "x"}) if down else "x", in_x)
    order = Order(trace.spec, len(trace))
    found = [
        (order.number(Cursor(first.t, layer, direction)), first)
        for (layer, direction), report in cells.items()
        for first in _in_cell(report, layer, direction)
    ]
    return min(found, key=lambda first: first[0], default=(None, None))[1]


def _in_cell(report: CellReport, layer: int, direction: Direction) -> Iterator[NonFinite]:
    """Yield where each quantity and each bound of a cell is first not finite."""
    fields = {"layer": layer, "direction": Message(direction)}
    cell = report.cell
    checked = [(Message("in_cell", {"quantity": name, **fields}), values) for name, values in cell.values.items()]
    compared = [name for name in cell.cell.names if name in report.reference]
    checked += [(Message("in_bound", {"quantity": name, **fields}), _bound(report, name)) for name in compared]
    for place, values in checked:
        t = _first_step(values, direction, cell.present)
        if t is not None:
            yield NonFinite(Message("and_down", {"place": place}) if direction == "reverse" else place, t)


def _bound(report: CellReport, quantity: str) -> Tensor:
    """Return a bound with zeros for what has none since torch has no counterpart of it."""
    masks = report.without_counterpart
    return report.bound[quantity] if masks is None else report.bound[quantity].masked_fill(masks[quantity], 0)


def _first_step(values: Tensor, direction: str, present: Tensor | None) -> int | None:
    if torch.isfinite(values).all():  # nearly always, and fast
        return None
    bad = ~torch.isfinite(values)
    if present is not None:
        bad &= present[..., None]
    steps = bad.flatten(1).any(dim=1).nonzero()  # (steps with one, 1)
    return int(steps[0 if direction == "forward" else -1]) if len(steps) else None
