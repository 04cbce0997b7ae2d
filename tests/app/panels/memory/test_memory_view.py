"""The Memory panel: its pages, each at work only in front; languages, type sizes and themes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QToolButton

from gatescope_app.look import language
from gatescope_app.look.theme import DARK, LIGHT
from gatescope_app.panels.memory.memory_view import MemoryView
from gatescope_app.panels.memory.over_time_page import OverTimePage
from gatescope_app.panels.memory.saturation_page import SaturationPage
from gatescope_app.panels.memory.text_page import TokenTextPage
from gatescope_app.state.debugger import Debugger
from gatescope_app.state.editor import Editor
from gatescope_app.state.runs import Setup, example_setup
from gatescope_app.state.session import Session
from gatescope_app.widgets.view import PanelParts
from gatescope_app.window.main_window import MainWindow

Make = Callable[..., Setup]
Show = Callable[..., tuple[Session, MemoryView]]
_PAGES = (SaturationPage, OverTimePage, TokenTextPage)


@pytest.fixture
def show(show_memory: Show) -> Show:
    """Return a function that shows the panel alone, on a run."""
    return show_memory


def test_it_is_a_panel_of_the_window(window: MainWindow) -> None:
    window.panels.show("memory")
    view = window.views["memory"]
    assert isinstance(view, MemoryView)
    assert isinstance(view.page, SaturationPage)
    assert view.page.isVisible()


def test_up_and_down_turn_the_pages_and_left_and_right_step(window: MainWindow, hands: Any) -> None:
    window.panels.show("memory")
    view = window.views["memory"]
    assert isinstance(view, MemoryView)
    view.tabs.setFocus()
    seen = []
    for _ in range(4):
        seen.append(type(view.page))
        hands.press("Down")
    assert tuple(seen) == (*_PAGES, TokenTextPage)
    assert view.page.controls.isVisible()
    hands.press("Right", "Right", "Left")
    assert window.session.state.cursor.t == 1
    assert isinstance(view.page, TokenTextPage)
    hands.press("Up")
    assert isinstance(view.page, OverTimePage)


def test_a_page_is_made_when_it_is_first_shown(show: Show, make_setup: Make) -> None:
    _, view = show(make_setup("nn.LSTM(3, 4)"))
    assert [page is None for page in view.pages] == [False, True, True]
    view.tabs.setCurrentIndex(2)
    assert [page is None for page in view.pages] == [False, True, False]


@pytest.mark.parametrize("front", range(3))
def test_pages_behind_do_nothing(show: Show, make_setup: Make, monkeypatch: pytest.MonkeyPatch, front: int) -> None:
    session, view = show(make_setup("nn.LSTM(3, 4)"))
    for index in (*(index for index in range(3) if index != front), front):
        view.tabs.setCurrentIndex(index)
    followed = []
    for page in _PAGES:
        monkeypatch.setattr(page, "show_state", lambda self, _old, _new: followed.append(type(self)))
    session.step()
    session.look_at(unit=2)
    assert followed == [_PAGES[front]] * 2
    followed.clear()
    view.hide()
    session.step()
    assert followed == []


def test_a_page_that_comes_back_shows_what_has_changed_since(show: Show, make_setup: Make) -> None:
    session, view = show(make_setup("nn.LSTM(3, 4)"))
    view.tabs.setCurrentIndex(1)
    page = view.page
    assert isinstance(page, OverTimePage)
    view.tabs.setCurrentIndex(0)
    session.run_to(3)
    session.look_at(unit=2)
    view.tabs.setCurrentIndex(1)
    heat = page.cards["c"].map
    assert (heat.t, heat.known, heat.unit) == (3, range(4), 2)


def test_a_page_behind_keeps_nothing_of_the_run(show: Show, make_setup: Make) -> None:
    _, view = show(make_setup("nn.LSTM(3, 4)"))
    view.tabs.setCurrentIndex(1)
    page = view.page
    view.tabs.setCurrentIndex(2)
    assert isinstance(page, OverTimePage)
    assert all(card.map.data is None for card in page.cards.values())
    assert page._shown is None


def test_another_run_of_another_kind_takes_the_place_of_the_first(show: Show, make_setup: Make, qtbot: Any) -> None:
    session, view = show(make_setup("nn.LSTM(3, 4)"))
    for index in range(3):
        view.tabs.setCurrentIndex(index)
        for line in ("nn.GRU(3, 6)", "nn.RNN(3, 2)", "nn.LSTM(3, 5, proj_size=2)", "nn.LSTM(3, 4)"):
            setup = make_setup(line)
            session.start(setup)
            qtbot.waitUntil(lambda setup=setup: session.state.setup is setup)
            session.last()
            view.grab()


def test_controls_have_names_and_tips(show: Show, make_setup: Make) -> None:
    _, view = show(make_setup("nn.LSTM(3, 4)", batch=2))
    for index in range(3):
        view.tabs.setCurrentIndex(index)
        controls = [one for kind in (QComboBox, QToolButton) for one in view.page.controls.findChildren(kind)]
        assert controls
        for control in controls:
            assert control.accessibleName()
            assert control.toolTip()


def test_it_speaks_the_windows_language_at_once(show: Show, make_setup: Make) -> None:
    _, view = show(make_setup("nn.LSTM(3, 4)", batch=2))
    for index in range(3):
        view.tabs.setCurrentIndex(index)
    language.use("zh_CN")
    QApplication.processEvents()
    view.tabs.setCurrentIndex(0)
    assert isinstance(view.page, SaturationPage)
    assert view.page.cards["f"].title.text() == "遗忘门"


def test_it_takes_the_colours_of_another_theme(show: Show, make_setup: Make) -> None:
    _, view = show(make_setup("nn.LSTM(3, 4)"))
    for index in range(3):
        view.tabs.setCurrentIndex(index)
        before = view.page.grab().toImage()
        view.set_theme(DARK)
        assert view.page.theme is DARK
        assert view.page.grab().toImage() != before
        view.set_theme(LIGHT)


@pytest.mark.parametrize(("width", "height"), [(720, 260), (300, 120), (1600, 1000)])
@pytest.mark.parametrize("points", [7, 20])
def test_it_can_be_painted_in_any_size(show: Show, width: int, height: int, points: int, qapp: QApplication) -> None:
    session, view = show(example_setup("hello"), width, height)
    font = qapp.font()
    font.setPointSize(points)
    qapp.setFont(font)
    for index in range(3):
        view.tabs.setCurrentIndex(index)
        for t in range(5):
            session.run_to(t)
            picture = view.grab().toImage()
            assert picture.size() == view.size()
            assert len({picture.pixel(x, y) for x in range(0, width, 7) for y in range(0, height, 7)}) > 2


def test_before_the_first_run_there_is_nothing_to_show(qtbot: Any, make_setup: Make) -> None:
    session = Session(make_setup("nn.LSTM(3, 4)"))
    view = MemoryView(PanelParts(session, DARK, Debugger(session), Editor(session)))
    qtbot.addWidget(view)
    view.show()
    for index in range(3):
        view.tabs.setCurrentIndex(index)
        view.grab()
        if isinstance(view.page, SaturationPage):
            assert all(card.saturation is None for card in view.page.cards.values())
        elif isinstance(view.page, OverTimePage):
            assert all(card.map.data is None for card in view.page.cards.values())
        else:
            assert isinstance(view.page, TokenTextPage)
            assert view.page.legend.text() == ""


@pytest.mark.parametrize("index", [0, 1])
def test_what_is_selected_or_pointed_at_anywhere_is_marked(show: Show, make_setup: Make, index: int) -> None:
    session, view = show(make_setup("nn.LSTM(3, 4)"))
    view.tabs.setCurrentIndex(index)
    page = view.page
    assert isinstance(page, SaturationPage | OverTimePage)
    heading = page.cards["i"].heading
    before = heading.text()
    session.point_at("i")
    assert page.theme.raised in heading.text()
    session.point_at("f")
    assert heading.text() == before
    session.look_at(quantity="i")
    assert "underline" in heading.text()
