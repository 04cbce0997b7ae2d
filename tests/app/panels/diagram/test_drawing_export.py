"""The cell diagram as a file: SVG, PNG and PDF, whole or not at all."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator, QSvgRenderer
from PySide6.QtWidgets import QApplication, QFileDialog

from gatescope.messages.message import Message
from gatescope_app.look.theme import DARK, LIGHT, Theme
from gatescope_app.panels.diagram.diagram_view import DiagramView
from gatescope_app.panels.diagram.drawing_export import FORMATS
from gatescope_app.panels.diagram.drawing_items import draw_heat_strip
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
    assert_filled_to_the_edges(QImage(str(tmp_path / "network.png")), view)


def assert_filled_to_the_edges(image: QImage, view: DiagramView) -> None:
    """Fail where the last row or column shows anything but the grounds of the page and of the scene."""
    page, scene = QApplication.palette().window().color().name(), view.network.backgroundBrush().color().name()
    right, bottom = image.width() - 1, image.height() - 1
    assert {image.pixelColor(x, bottom).name() for x in range(image.width())} == {page}
    assert {image.pixelColor(right, y).name() for y in range(image.height())} == {page, scene}
    assert image.pixelColor(right, 0).name() == scene


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("line", ["nn.LSTM(3, 8)", "nn.LSTM(3, 300, num_layers=2)"])
def test_the_network_is_sharp_and_filled_whoever_renders_it(
    show_window: Callable[..., MainWindow], make_setup: Callable[..., Setup], tmp_path: Path, line: str, theme: Theme
) -> None:
    window = show_window(make_setup(line))
    window.appearance.choose_theme(theme.name)  # type: ignore[arg-type]  # as a name it is a choice
    window.panels.show("diagram")
    window.session.run_to(2)
    view = window.views["diagram"]
    assert isinstance(view, DiagramView)
    view.turn_to("network")
    view.save_picture(tmp_path / "network.svg")
    root = ET.parse(tmp_path / "network.svg").getroot()
    assert not list(root.iter(f"{_SVG}image")), "pixels are blurred by other renderers"
    assert all(float(number).is_integer() for number in root.attrib["viewBox"].split())
    if shutil.which("rsvg-convert") is None:
        pytest.skip("rsvg-convert is not installed: apt install librsvg2-bin")
    subprocess.run(["rsvg-convert", "-z", "2", tmp_path / "network.svg", "-o", tmp_path / "network.png"], check=True)
    assert_filled_to_the_edges(QImage(str(tmp_path / "network.png")), view)


def test_the_columns_of_a_strip_leave_no_gaps_and_wide_ones_are_averaged(tmp_path: Path) -> None:
    """Areas beside each other let the ground through where both cover a part of a pixel; so they lie on each other."""
    picture = QImage(1000, 1, QImage.Format.Format_RGB32)
    for column in range(1000):
        picture.setPixelColor(column, 0, QColor("#ff0000" if column % 2 else "#0000ff"))
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setFileName(str(tmp_path / "strip.svg"))
    painter = QPainter(generator)
    draw_heat_strip(painter, QRectF(0, 0, 20, 4), picture.copy(0, 0, 7, 1))
    draw_heat_strip(painter, QRectF(0, 10, 20, 4), picture)
    painter.end()
    rects = [
        {key: float(value) for key, value in element.attrib.items()}
        for element in ET.parse(tmp_path / "strip.svg").getroot().iter(f"{_SVG}rect")
    ]
    assert len([rect for rect in rects if rect["y"] == 0]) == 7
    assert len([rect for rect in rects if rect["y"] == 10]) <= 80
    for rect in rects:
        assert rect["x"] + rect["width"] == pytest.approx(20, abs=1e-3)


@pytest.mark.parametrize("page", ["cell", "network"])
def test_the_caption_is_no_larger_than_what_it_is_below(view: DiagramView, tmp_path: Path, page: str) -> None:
    view.turn_to(page)
    view.save_picture(tmp_path / "drawing.svg")
    sizes = {}
    for group in ET.parse(tmp_path / "drawing.svg").getroot().iter(f"{_SVG}g"):
        for element in group.findall(f"{_SVG}text"):
            sizes[(element.text or "").strip()] = float(element.attrib["font-size"])
    caption = sizes.pop(view.caption.text())
    assert 0.5 * max(sizes.values()) < caption < max(sizes.values())


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
