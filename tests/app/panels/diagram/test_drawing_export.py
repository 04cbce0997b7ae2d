"""The cell diagram as a file: SVG, PNG and PDF, whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QFileDialog

from gatescope.messages.message import Message
from gatescope_app.panels.diagram.diagram_view import DiagramView
from gatescope_app.panels.diagram.drawing_export import FORMATS
from gatescope_app.state.runs import Setup
from gatescope_app.window.main_window import MainWindow

_SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def view(show_window: Callable[..., MainWindow], make_setup: Callable[..., Setup]) -> DiagramView:
    """Return the diagram of an LSTM at t = 2."""
    window = show_window(make_setup("nn.LSTM(3, 8)"))
    window.panels.show("diagram")
    window.session.run_to(2)
    found = window.views["diagram"]
    assert isinstance(found, DiagramView)
    return found


def strip_colours(view: DiagramView, name: str) -> list[QColor]:
    """Return the colours of a strip's units, as they are to be."""
    picture = view.cell.strips.contents[name].picture
    assert picture is not None
    return [picture.pixelColor(unit, 0) for unit in range(picture.width())]


def colours_in(image: QImage, view: DiagramView, name: str) -> list[QColor]:
    """Return the colours in the middle of a strip's units in a picture of the whole drawing."""
    assert view.cell.layout is not None
    strip, area = view.cell.layout.strip(name).rect, view.cell.sceneRect()
    zoom = image.width() / area.width()
    wide = strip.width() / 8
    places = [(strip.left() + wide * (unit + 0.5) - area.left(), strip.center().y() - area.top()) for unit in range(8)]
    return [image.pixelColor(round(x * zoom), round(y * zoom)) for x, y in places]


def alike(one: list[QColor], other: list[QColor]) -> bool:
    """Whether colours are the same but for rounding."""
    return all(
        abs(a - b) <= 2 for x, y in zip(one, other, strict=True) for a, b in zip(x.getRgb(), y.getRgb(), strict=True)
    )


def test_svg_is_well_formed_and_holds_the_numbers_as_text(view: DiagramView, tmp_path: Path) -> None:
    view.save_picture(tmp_path / "cell.svg")
    root = ET.parse(tmp_path / "cell.svg").getroot()
    assert root.tag == f"{_SVG}svg"
    texts = [(element.text or "").strip() for element in root.iter(f"{_SVG}text")]
    for name, content in view.cell.strips.contents.items():
        assert content.number in texts or name == "x", name
    assert not list(root.iter(f"{_SVG}image")), "pixels would be blurred when the drawing is shown larger"


def test_svg_draws_the_strips_in_their_colours(view: DiagramView, tmp_path: Path) -> None:
    view.save_picture(tmp_path / "cell.svg")
    renderer = QSvgRenderer(str(tmp_path / "cell.svg"))
    image = QImage(renderer.viewBox().size() * 3, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    for name in ("f", "c_tilde", "c", "h", "tanh(C_t)"):
        assert alike(colours_in(image, view, name), strip_colours(view, name)), name


def test_png_shows_the_strips_in_their_colours(view: DiagramView, tmp_path: Path) -> None:
    view.save_picture(tmp_path / "cell.png")
    image = QImage(str(tmp_path / "cell.png"))
    assert image.width() > 2000
    for name in ("f", "c_tilde", "c", "h", "tanh(C_t)"):
        assert alike(colours_in(image, view, name), strip_colours(view, name)), name
    assert not alike(colours_in(image, view, "f"), strip_colours(view, "i"))  # the comparison can fail


def test_the_network_has_no_pixels_in_svg_and_is_whole_in_png(view: DiagramView, tmp_path: Path) -> None:
    view.pages["network"].click()
    view.save_picture(tmp_path / "network.svg")
    assert not list(ET.parse(tmp_path / "network.svg").getroot().iter(f"{_SVG}image"))
    view.save_picture(tmp_path / "network.png")
    image = QImage(str(tmp_path / "network.png"))
    ground = QApplication.palette().window().color()
    assert {image.pixelColor(x, image.height() - 1).name() for x in range(image.width())} == {ground.name()}
    assert {image.pixelColor(image.width() - 1, y).name() for y in range(image.height() - 60, image.height())} == {
        ground.name()
    }


def test_pdf_has_one_page_as_large_as_the_drawing(view: DiagramView, tmp_path: Path) -> None:
    view.save_picture(tmp_path / "cell.pdf")
    data = (tmp_path / "cell.pdf").read_bytes()
    assert data.startswith(b"%PDF-")
    (box,) = re.findall(rb"/MediaBox \[([^\]]*)\]", data)
    left, top, width, height = (float(number) for number in box.split())
    area = view.cell.sceneRect()
    assert (left, top) == (0, 0)
    assert width == pytest.approx(area.width() * 0.75, abs=2)
    assert height > area.height() * 0.75


def test_the_drawing_is_on_the_screen_as_before(view: DiagramView, tmp_path: Path) -> None:
    before = view.canvas.grab().toImage()
    for ending in FORMATS:
        view.save_picture(tmp_path / f"cell{ending}")
    assert view.canvas.grab().toImage() == before


def test_what_cannot_be_written_is_told_and_an_older_file_stays(view: DiagramView, tmp_path: Path) -> None:
    refused: list[Message] = []
    view.session.refused.connect(refused.append)
    view.save_picture(tmp_path / "missing" / "cell.svg")
    (tmp_path / "folder.png").mkdir()
    view.save_picture(tmp_path / "folder.png")
    assert [message.code for message in refused] == ["file_unwritable", "file_is_folder"]
    assert [path.name for path in tmp_path.glob("**/*.part")] == []


def test_both_pages_are_exported_from_the_dialog(
    view: DiagramView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(_parent: object, _title: str, name: str, filters: str) -> tuple[str, str]:
        asked.append(Path(name).name)
        return str(tmp_path / f"drawing{len(asked)}"), filters.split(";;")[len(asked) - 1]

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    view.buttons["export"].click()
    view.pages["network"].click()
    view.buttons["export"].click()
    assert asked == ["cell.svg", "network.svg"]
    assert {path.name for path in tmp_path.glob("drawing*")} == {"drawing1.svg", "drawing2.png"}
    assert not QImage(str(tmp_path / "drawing2.png")).isNull()


def test_a_dialog_that_is_left_writes_nothing(
    view: DiagramView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    before = set(tmp_path.rglob("*"))
    view.buttons["export"].click()
    assert set(tmp_path.rglob("*")) == before
