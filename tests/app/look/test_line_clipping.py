"""Lines are cut to their picture: the same to the eye, and short enough for dashes."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath

from gatescope_app.look.line_clipping import clipped_path

AREA = QRectF(0, 0, 100, 50)


def lines(path: QPainterPath) -> list[list[tuple[float, float]]]:
    """Return the points of each unbroken line, neighbours that are the same once."""
    found: list[list[tuple[float, float]]] = []
    for index in range(path.elementCount()):
        element = path.elementAt(index)
        point = (round(element.x, 6), round(element.y, 6))
        if element.isMoveTo():
            found.append([point])
        elif found[-1][-1] != point:
            found[-1].append(point)
    return found


def clipped(*points: tuple[float, float]) -> list[list[tuple[float, float]]]:
    x, y = np.array(points, dtype=np.float64).T
    return lines(clipped_path(x, y, AREA))


def test_a_line_inside_stays_as_it_is_and_in_one_piece() -> None:
    points = [(0.0, 0.0), (10.0, 50.0), (10.0, 20.0), (60.0, 20.0), (100.0, 49.0)]
    assert clipped(*points) == [points]


@pytest.mark.parametrize("far", [200.0, 1e14, 3e15, 1e16, 1e300])
def test_a_line_is_cut_where_it_leaves_and_where_it_comes_back(far: float) -> None:
    (left, right) = clipped((20, 10), (40, far), (60, 10))
    assert left[0] == (20, 10)
    assert right[-1] == (60, 10)
    crossing = 20 + 20 * 40 / (far - 10)
    assert left[1] == pytest.approx((crossing, 50), abs=1e-5)
    assert right[0] == pytest.approx((80 - crossing, 50), abs=1e-5)


@pytest.mark.parametrize("sign", [1, -1])
def test_nothing_is_left_of_what_lies_beside(sign: int) -> None:
    assert clipped((10, sign * 1e15), (20, sign * 1e15 + 100)) == []
    assert clipped((sign * 1e9, 10), (sign * 1e9, 20)) == []


def test_a_line_across_is_cut_at_both_sides() -> None:
    assert clipped((-1e6, 25), (1e6, 25)) == [[(0, 25), (100, 25)]]
    assert clipped((50, -1e6), (50, 1e6)) == [[(50, 0), (50, 50)]]


def test_what_is_no_number_is_a_gap() -> None:
    for gap in (np.nan, np.inf, -np.inf):
        assert clipped((0, 1), (10, 1), (20, gap), (30, 1), (40, 1)) == [[(0, 1), (10, 1)], [(30, 1), (40, 1)]]
    assert clipped((0, np.nan), (1, np.nan)) == []
    assert clipped((0, 1)) == []
