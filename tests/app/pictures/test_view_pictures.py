"""Every view has its pictures, and the tool that takes them brings up every panel."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from gatescope_app.pictures.view_pictures import APPEARANCES, NETWORK, NETWORKS, PAGES
from gatescope_app.window.panel_table import CENTRE, PANELS

FOLDER = Path(__file__).parents[3] / ".github" / "screenshots"
LARGEST = 120_000  # bytes


@pytest.mark.parametrize("appearance", APPEARANCES)
@pytest.mark.parametrize("name", [CENTRE.name, *(panel.name for panel in PANELS), *PAGES, *NETWORKS, NETWORK])
def test_every_view_has_a_small_picture_in_every_appearance(qapp: QApplication, name: str, appearance: str) -> None:
    path = FOLDER / "views" / f"{name}-{appearance}.png"
    image = QImage(str(path))
    assert not image.isNull()
    assert path.stat().st_size < LARGEST
    colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert len(colours) > 5  # something is on it
    scale = APPEARANCES[appearance][1]
    assert image.width() >= 250 * scale


@pytest.mark.parametrize("name", ["light", "dark", "chinese", "debugger", "teach"])
def test_the_readme_shows_pictures_that_are_there(qapp: QApplication, name: str) -> None:
    assert f".github/screenshots/{name}.png" in (FOLDER.parents[1] / "README.md").read_text(encoding="utf-8")
    assert not QImage(str(FOLDER / f"{name}.png")).isNull()
