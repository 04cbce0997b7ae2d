"""Typesetting of symbols: off the GUI thread, remembered within bounds, and never waited for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject, QPointF
from PySide6.QtGui import QFontInfo, QImage
from pytestqt.qtbot import QtBot

from gatescope.analysis.equations.parts import FUNCTIONS, PLUS, Symbol
from gatescope_app.look.theme import DARK, LIGHT
from gatescope_app.panels.equations import typesetting
from gatescope_app.panels.equations.equations_view import EquationsView
from gatescope_app.panels.equations.math_font import MathFont
from gatescope_app.panels.equations.strokes import StrokePen, StrokeRun, SymbolStroke, TextStroke
from gatescope_app.panels.equations.typesetting import SymbolRequest, TypesetSymbol, Typesetter
from gatescope_app.state.debugger import Debugger
from gatescope_app.state.editor import Editor
from gatescope_app.state.runs import Setup
from gatescope_app.state.session import Session
from gatescope_app.state.worker import Worker
from gatescope_app.widgets.view import PanelParts

SYMBOL = Symbol("f", "f", "12", "[3]", "f", "f", 12)


@pytest.fixture
def make_typesetter(qtbot: QtBot) -> Iterator[Callable[..., Typesetter]]:
    """Return a function that makes a typesetter; its thread has ended before the test has."""
    owners: list[QObject] = []

    def make(*draw: Callable[[SymbolRequest], TypesetSymbol]) -> Typesetter:
        owners.append(QObject())
        return Typesetter(owners[-1], *draw)

    yield make
    for owner in owners:
        for worker in owner.findChildren(Worker):
            worker.wait()
        owner.deleteLater()


@pytest.fixture
def show_view(hands: Any, qtbot: QtBot) -> Iterator[Callable[[Setup], EquationsView]]:
    """Return a function that shows the panel on a run, without waiting for its symbols."""
    views: list[EquationsView] = []

    def show(setup: Setup) -> EquationsView:
        session = Session(setup)
        session.start(setup)
        qtbot.waitUntil(lambda: session.state.drift_known)
        view = EquationsView(PanelParts(session, LIGHT, Debugger(session), Editor(session)))
        views.append(view)
        view.resize(720, 300)
        view.set_theme(LIGHT)
        return view

    yield show
    for view in views:
        view.close()
        for worker in (*view.session.findChildren(Worker), *view.findChildren(Worker)):
            worker.wait()
        view.deleteLater()


def blank(_wanted: SymbolRequest) -> TypesetSymbol:
    return TypesetSymbol(QImage(2, 2, QImage.Format.Format_ARGB32), QPointF(), 3.0, 4.0, 5.0)


def wanted(number: int) -> SymbolRequest:
    return SymbolRequest(f"x_{number}", 20, "#000000", 1.0)


def texts(run: StrokeRun) -> list[str]:
    return [stroke.text for stroke in run.strokes if isinstance(stroke, TextStroke)]


def written(view: EquationsView) -> list[TextStroke | SymbolStroke]:
    return [stroke for _, _, run in view.canvas._layout.runs for stroke in run.strokes]


def test_a_symbol_is_drawn_in_another_thread_and_then_remembered(
    make_typesetter: Callable[..., Typesetter], qtbot: QtBot
) -> None:
    threads = []

    def draw(one: SymbolRequest) -> TypesetSymbol:
        threads.append(threading.current_thread())
        return blank(one)

    typesetter = make_typesetter(draw)
    assert typesetter.get(wanted(1)) is None
    qtbot.waitUntil(lambda: not typesetter.busy)
    for _ in range(3):
        typeset = typesetter.get(wanted(1))
        assert typeset is not None
        assert (typeset.width, typeset.alone, typeset.subscript) == (3.0, 4.0, 5.0)
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()


def test_no_more_are_remembered_than_allowed(
    make_typesetter: Callable[..., Typesetter], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typesetting, "KEPT", 5)
    typesetter = make_typesetter(blank)
    for start in range(0, 40, 4):
        for number in range(start, start + 4):
            typesetter.get(wanted(number))
        qtbot.waitUntil(lambda: not typesetter.busy)
        assert len(typesetter) <= 5
        assert all(typesetter.get(wanted(number)) for number in range(start, start + 4))


def test_what_cannot_be_typeset_stays_text_and_is_logged_once(
    make_typesetter: Callable[..., Typesetter], qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    asked = []

    def draw(one: SymbolRequest) -> TypesetSymbol:
        asked.append(one)
        if one.latex == "x_3":
            return blank(one)
        raise ValueError("no such symbol")

    typesetter = make_typesetter(draw)
    for _ in range(3):
        for number in range(4):
            typesetter.get(wanted(number))
        qtbot.waitUntil(lambda: not typesetter.busy)
    assert sorted(one.latex for one in asked) == ["x_0", "x_1", "x_2", "x_3"]
    assert typesetter.get(wanted(3)) is not None
    assert [record.getMessage() for record in caplog.records] == ["x_0 cannot be typeset and is shown as plain text"]


def test_ziamath_draws_what_is_asked_for(make_typesetter: Callable[..., Typesetter], qtbot: QtBot) -> None:
    typesetter = make_typesetter()
    pen = StrokePen(typesetter, 20, 2.0)
    plain = pen.symbols((SYMBOL,), lambda _: "#ff0000")
    assert texts(plain) == ["𝑓", "12", "[3]"]
    qtbot.waitUntil(lambda: not typesetter.busy)
    run = pen.symbols((SYMBOL,), lambda _: "#ff0000")
    assert texts(run) == ["12", "[3]"]
    picture = run.strokes[0]
    assert isinstance(picture, SymbolStroke)
    image = picture.typeset.image
    assert image.devicePixelRatio() == 2.0
    colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert "#ff0000" in colours
    step, index = run.strokes[1], run.strokes[2]
    assert 0 < step.x < picture.typeset.width  # under the arm of the f
    assert index.x > step.x
    assert abs(run.width - plain.width) < 0.35 * 20  # nothing jumps far when it comes


def test_signs_are_as_wide_typeset_as_plain(make_typesetter: Callable[..., Typesetter], qtbot: QtBot) -> None:
    typesetter = make_typesetter()
    pen = StrokePen(typesetter, 20, 1.0)
    for mark in (PLUS, *FUNCTIONS.values()):
        plain = pen.mark(mark, "#000000")
        qtbot.waitUntil(lambda: not typesetter.busy)
        typeset = pen.mark(mark, "#000000")
        assert isinstance(typeset.strokes[0], SymbolStroke)
        assert abs(typeset.width - plain.width) < 0.2 * 20


def test_the_font_is_that_of_ziamath(qtbot: QtBot) -> None:
    assert QFontInfo(MathFont(20).letter).family() == "STIX Two Math"
    assert QFontInfo(MathFont(20).script).pixelSize() == 14


def test_widths_are_remembered_within_bounds(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    from gatescope_app.panels.equations import math_font

    monkeypatch.setattr(math_font, "_KEPT", 10)
    font = MathFont(20)
    assert font.width("0.5") == font.width("0.5") > font.width("0.5", script=True)
    for number in range(50):
        font.width(str(number))
    assert len(font._widths) <= 10


# ---- in the panel ----


def test_the_panel_paints_plain_text_while_symbols_are_typeset(
    show_view: Callable[[Setup], EquationsView],
    make_setup: Callable[..., Setup],
    hands: Any,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go, real = threading.Event(), typesetting._latex

    def slow(latex: str, one: SymbolRequest) -> Any:
        go.wait()
        return real(latex, one)

    monkeypatch.setattr(typesetting, "_latex", slow)
    view = show_view(make_setup("nn.LSTM(3, 4)"))
    try:
        hands.bring_up(view)
        for t in (2, 3):  # whatever is asked for, it is of the step
            view.session.run_to(t)
            view.session.look_at(quantity="f", unit=1)
            strokes = written(view)
            assert not any(isinstance(stroke, SymbolStroke) for stroke in strokes)
            shown = [stroke.text for stroke in strokes if isinstance(stroke, TextStroke)]
            assert shown[:3] == ["𝑓", str(t), "[1]"]
            assert f"{view.session.state.values('f')[t, 1]:.4f}" in shown
            assert view.canvas.grab().toImage() != _empty(view)
    finally:
        go.set()
    qtbot.waitUntil(lambda: not view.canvas.typesetter.busy)
    pictures = [stroke for stroke in written(view) if isinstance(stroke, SymbolStroke)]
    assert len(pictures) > 10
    assert [stroke.text for stroke in written(view) if isinstance(stroke, TextStroke)][:2] == ["3", "[1]"]


def _empty(view: EquationsView) -> QImage:
    image = view.canvas.grab().toImage()
    image.fill(view.theme.base)
    return image


def test_stepping_typesets_nothing_new(
    show_view: Callable[[Setup], EquationsView],
    make_setup: Callable[..., Setup],
    hands: Any,
    qtbot: QtBot,
) -> None:
    view = show_view(make_setup("nn.LSTM(3, 4)", steps=130))
    hands.bring_up(view)
    view.session.look_at(quantity="f", unit=1)
    view.session.run_to(0)
    qtbot.waitUntil(lambda: not view.canvas.typesetter.busy)
    view.session.step()  # from h0 to h_0
    qtbot.waitUntil(lambda: not view.canvas.typesetter.busy)
    before = len(view.canvas.typesetter)
    for _ in range(120):
        view.session.step()
        assert not view.canvas.typesetter.busy
    assert len(view.canvas.typesetter) == before


def test_nothing_is_typeset_before_the_panel_is_seen(
    show_view: Callable[[Setup], EquationsView], make_setup: Callable[..., Setup]
) -> None:
    view = show_view(make_setup("nn.LSTM(3, 4)"))
    view.session.run_to(3)
    assert not view.canvas.typesetter.busy
    assert len(view.canvas.typesetter) == 0


def test_another_theme_has_its_own_colours(
    show_view: Callable[[Setup], EquationsView], make_setup: Callable[..., Setup], hands: Any, qtbot: QtBot
) -> None:
    view = show_view(make_setup("nn.LSTM(3, 4)"))
    hands.bring_up(view)
    view.session.look_at(quantity="f")
    for theme in (LIGHT, DARK):
        view.set_theme(theme)
        qtbot.waitUntil(lambda: not view.canvas.typesetter.busy)
        colours = {stroke.colour for stroke in written(view) if isinstance(stroke, TextStroke)}
        assert theme.quantities["f"] in colours
        assert colours <= {theme.text, theme.faint, *theme.quantities.values()}
