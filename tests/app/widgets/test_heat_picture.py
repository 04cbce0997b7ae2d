"""Numbers as colours in a picture: each in its place, however few pixels there are."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter

from gatescope_app.look.colour_maps import quantity_colours
from gatescope_app.look.reduction import MOST_BINS, Bins
from gatescope_app.look.theme import LIGHT
from gatescope_app.widgets.heat_picture import draw_heat

COLOURS = quantity_colours(LIGHT, "f", signed=False)


def drawn(bins: NDArray[np.float64], width: float, size: QSize, ratio: float = 1.0) -> QImage:
    """What is drawn of bins, in a picture with nothing else in it."""
    image = QImage(size * ratio, QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    painter = QPainter(image)
    draw_heat(
        painter, QRectF(2, 1, size.width() - 4, size.height() - 2), bins, width, low=0.0, high=1.0, colours=COLOURS
    )
    painter.end()
    return image


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_every_number_has_its_place(ratio: float) -> None:
    bins = np.array([[0.0, 1.0], [1.0, 0.0], [0.5, 0.5]])
    image = drawn(bins, 3, QSize(64, 42), ratio)
    for step in range(3):
        for unit in range(2):
            pixel = image.pixel(round((2 + (step + 0.5) * 20) * ratio), round((1 + (unit + 0.5) * 20) * ratio))
            assert pixel == COLOURS[int(bins[step, unit] * 255)]
    assert image.pixel(0, round(20 * ratio)) == 0, "nothing beside its place"


def test_a_last_bin_of_fewer_steps_is_narrower() -> None:
    image = drawn(np.array([[0.0], [0.0], [1.0]]), 2.5, QSize(104, 12))
    assert [image.pixel(x, 6) for x in (81, 83)] == [COLOURS[0], COLOURS[255]]
    assert image.pixel(102, 6) == 0


def test_of_more_units_and_steps_than_pixels_each_counts_where_it_is() -> None:
    """A single bright unit, and a single bright stretch of steps, stay where they are among thousands."""
    values = np.zeros((3 * MOST_BINS, 300))
    values[:, 250] = 1.0
    values[MOST_BINS : MOST_BINS + 40] = 1.0
    bins = Bins.of(values, 0, len(values))
    assert bins is not None
    image = drawn(bins.values, bins.width, QSize(304, 102))
    rows = [y for y in range(102) if image.pixel(290, y) not in (0, COLOURS[0])]
    columns = [x for x in range(304) if image.pixel(x, 5) not in (0, COLOURS[0])]
    assert rows
    assert columns
    assert all(abs(y - (1 + 250.5 / 3)) <= 2 for y in rows)
    assert all(abs(x - (2 + 100.5)) <= 3 for x in columns)
