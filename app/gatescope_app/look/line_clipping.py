"""Lines without what lies outside their picture: Qt would lay the dashes of a pen along all of a line, for minutes."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath

_FAR = 1e9
"""Pixels: a line to a place that is further away looks the same as one to there, and can be reckoned with exactly."""

Places = NDArray[np.float64]


def clipped_path(x: Places, y: Places, area: QRectF) -> QPainterPath:
    """Return what of the line through some points, (n,) each, lies inside `area`; NaN and infinity are gaps."""
    points = np.stack([x, y], axis=1)
    points = np.where(np.isfinite(points), points.clip(-_FAR, _FAR), np.nan)  # (n, 2)
    starts, spans = points[:-1], np.diff(points, axis=0)
    enter, leave = _shares_inside(starts, spans, area)
    kept = enter <= leave  # false of NaN
    starts, spans, enter, leave = starts[kept], spans[kept], enter[kept, None], leave[kept, None]
    ends = np.stack([starts + spans * enter, starts + spans * leave], axis=1).reshape(-1, 2)  # two for each piece
    goes_on = np.ones(len(ends), dtype=np.int32)
    # A piece goes on into the next one where it was not cut, so that the dashes go on as well.
    whole = (leave[:-1, 0] == 1) & (enter[1:, 0] == 0) & (np.diff(np.flatnonzero(kept)) == 1)
    goes_on[1:-1:2] = whole
    path: QPainterPath = pg.arrayToQPath(ends[:, 0].copy(), ends[:, 1].copy(), connect=goes_on)
    return path


def _shares_inside(starts: Places, spans: Places, area: QRectF) -> tuple[Places, Places]:
    """Return where each piece of a line enters the area and leaves it, as shares of its length (Liang and Barsky)."""
    low, high = np.array([area.left(), area.top()]), np.array([area.right(), area.bottom()])
    with np.errstate(divide="ignore", invalid="ignore"):
        crossings = np.sort([(low - starts) / spans, (high - starts) / spans], axis=0)  # (2, n, 2)
    beside = (spans == 0) & ((starts < low) | (starts > high))
    along = (spans == 0) & ~beside
    enter = np.where(along, 0.0, np.where(beside, np.inf, crossings[0])).max(axis=1)
    leave = np.where(along, 1.0, np.where(beside, -np.inf, crossings[1])).min(axis=1)
    return enter.clip(min=0.0), leave.clip(max=1.0)
