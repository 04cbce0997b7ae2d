"""Curves as they are drawn: dashes only where they can be seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from gatescope_app.look.reduction import Overview
from gatescope_app.look.theme import LIGHT
from gatescope_app.widgets.line_picture import Curves, draw_curves

SIZE = QSize(200, 100)


class DashedPaths(QPainter):
    """Keeps the paths that are stroked with dashes, and draws nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[QPainterPath] = []
        self._pen: Any = QPen()

    def setPen(self, pen: Any) -> None:
        self._pen = pen

    def setRenderHint(self, *_: Any, **__: Any) -> None:
        pass

    def drawPath(self, path: QPainterPath) -> None:
        if self._pen.style() != Qt.PenStyle.SolidLine:
            self.paths.append(path)


@pytest.mark.parametrize("far", [1.5, 1e14, 1e15, 1e16, 1e300, np.inf])
@pytest.mark.parametrize("view", [QRectF(-0.5, -1, 8, 2), QRectF(3.2, -1, 1e-7, 2)], ids=["all", "zoomed in"])
def test_the_dashes_of_another_run_stay_inside_the_picture(view: QRectF, far: float) -> None:
    values = np.zeros((8, 2))
    ghost = values.copy()
    ghost[3], ghost[6] = far, -far
    painter = DashedPaths()
    curves = Curves(values, (0, 1), 0, "c", -1.0, 1.0, heat=False, present=8, ghost=ghost)
    draw_curves(painter, curves, view, SIZE, LIGHT, Overview())
    assert len(painter.paths) == 2
    for path in painter.paths:
        assert path.length() < 10 * (SIZE.width() + SIZE.height())
        ends = path.boundingRect()
        assert min(ends.left(), ends.top()) >= -5
        assert ends.right() <= SIZE.width() + 5
        assert ends.bottom() <= SIZE.height() + 5
