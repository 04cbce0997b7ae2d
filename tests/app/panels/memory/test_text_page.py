"""The Text page: colours of the tokens, lines, clicks, and ink that can be read on every colour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, Qt, QTextDocument
from PySide6.QtWidgets import QApplication, QToolTip

from gatescope.formats.sequences import Sequence, from_text
from gatescope.modules.constructor import parse_constructor
from gatescope_app.look.colour_maps import quantity_colours
from gatescope_app.look.contrast import ink_on
from gatescope_app.look.theme import DARK, LIGHT, Theme
from gatescope_app.panels.memory import token_text
from gatescope_app.panels.memory.line_breaks import line_starts
from gatescope_app.panels.memory.text_page import TokenTextPage
from gatescope_app.panels.memory.token_text import TokenText, format_running_token
from gatescope_app.state.known_values import NOTHING
from gatescope_app.state.runs import Setup, example_setup
from gatescope_app.state.session import Session

Make = Callable[..., Setup]
Show = Callable[..., tuple[Session, TokenTextPage]]
PROSE = "It was a bright cold day in April, and the clocks were striking thirteen.\nThe hallway smelt of cabbage. "


@pytest.fixture
def show(show_memory: Any) -> Show:
    """Return a function that shows the page on a run."""

    def of(setup: Setup, width: int = 720, height: int = 280) -> tuple[Session, TokenTextPage]:
        session, view = show_memory(setup, width, height, page=2)
        assert isinstance(view.page, TokenTextPage)
        return session, view.page

    return of


def reading(text: str, line: str = "nn.LSTM(1, 4)") -> Setup:
    """A network that reads a text."""
    sequence = from_text(text)
    return Setup(replace(parse_constructor(line), input_size=sequence.width), sequence)


def paper_of(text: TokenText, t: int) -> str:
    """The colour beside a token, inside its place."""
    corner = text.place_of(t).topLeft() + QPoint(1, 2)
    return text.viewport().grab().toImage().pixelColor(corner).name()


def expected(page: TokenTextPage, value: float, low: float, high: float, quantity: str) -> str:
    table = quantity_colours(page.theme, quantity, signed=low < 0)
    return QColor.fromRgb(int(table[int(np.clip((value - low) / (high - low), 0, 1) * 255)])).name()


# colours and numbers


def test_tokens_have_the_colours_of_tanh_c(show: Show) -> None:
    session, page = show(reading("abcabca bc"))
    session.run_to(8)
    for unit in (0, 3):
        session.look_at(unit=unit)
        values = np.tanh(session.state.values("c")[:, unit].astype(np.float64))
        for t in range(7):
            assert paper_of(page.text, t) == expected(page, values[t], -1, 1, "c")
        assert page.legend.text() == f"unit {unit} of tanh(C): {values[8]:.4f}"


def test_what_is_not_computed_yet_is_plain(show: Show) -> None:
    session, page = show(reading("abcabcabc"))
    for t in (0, 5, 2):
        session.run_to(t)
        assert [paper_of(page.text, later) for later in range(t + 2, 9)] == [page.theme.base] * (7 - t)
    session.go(replace(session.state.cursor, t=5, phase="i"))
    assert paper_of(page.text, 5) == page.theme.base or page.legend.text().endswith(NOTHING)
    assert page.legend.text() == f"unit 0 of tanh(C): {NOTHING}"


def test_the_selected_quantity_can_colour_it_instead(show: Show, hands: Any) -> None:
    session, page = show(reading("abcabca bc"))
    session.run_to(8)
    hands.choose(page.choice, 1)
    for name, low, high in (("f", 0.0, 1.0), ("c_tilde", -1.0, 1.0)):
        session.look_at(quantity=name, unit=2)
        values = session.state.values(name)[:, 2]
        assert page.scale.ends == (low, high)
        assert paper_of(page.text, 3) == expected(page, float(values[3]), low, high, name)
        assert page.legend.text().endswith(f": {values[8]:.4f}")
    hands.choose(page.choice, 0)
    assert page.legend.text().startswith("unit 2 of tanh(C)")


@pytest.mark.parametrize("kind", ["GRU", "RNN"])
def test_without_c_it_is_the_selected_quantity(show: Show, kind: str) -> None:
    session, page = show(reading("abcabc", f"nn.{kind}(1, 4)"))
    assert not page.choice.isVisible()
    assert page.legend.text() == f"unit 0 of h: {session.state.values('h')[0, 0]:.4f}"


def test_with_a_projection_h_may_lack_the_unit(show: Show, hands: Any) -> None:
    session, page = show(reading("abcabc", "nn.LSTM(1, 4, proj_size=2)"))
    hands.choose(page.choice, 1)
    session.look_at(quantity="h", unit=3)
    assert page.legend.text().startswith("h[3]: there is no such unit")
    assert paper_of(page.text, 0) == page.theme.base
    session.look_at(unit=1)
    assert page.legend.text().startswith("unit 1 of h: ")


def test_a_sequence_without_tokens_shows_its_steps(show: Show, make_setup: Make) -> None:
    _, page = show(make_setup("nn.LSTM(3, 4)", steps=12))
    assert page.text._tokens == tuple(map(str, range(12)))


def test_a_shorter_element_is_plain_behind_its_end(show: Show, make_setup: Make) -> None:
    setup = make_setup("nn.LSTM(3, 4)", steps=9, batch=2)
    setup.sequence.values[4:, 1] = np.nan
    session, page = show(replace(setup, lengths=(9, 4)))
    session.look_at(batch=1)
    session.run_to(8)
    assert page.text._known == range(4)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_ink_can_be_read_on_every_colour(theme: Theme) -> None:
    for quantity in theme.quantities:
        for signed in (False, True):
            for paper in quantity_colours(theme, quantity, signed=signed).tolist():
                assert contrast(ink_on(paper), QColor.fromRgb(paper)) >= 4.5
    assert contrast(QColor(theme.text), QColor(theme.base)) >= 4.5


@given(st.integers(0, 0xFFFFFF))
def test_ink_can_be_read_on_any_colour_at_all(paper: int) -> None:
    assert contrast(ink_on(0xFF000000 | paper), QColor.fromRgb(paper)) >= 4.5


def contrast(first: QColor, second: QColor) -> float:
    """Return the contrast ratio of the Web Content Accessibility Guidelines 2."""

    def luminance(colour: QColor) -> float:
        parts = (colour.redF(), colour.greenF(), colour.blueF())
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


# lines


def broken(text: str, room: int) -> list[str]:
    """The lines of a text whose characters are one wide."""
    ends_word, ends_line = (np.array([char in kind for char in text]) for kind in (" \n", "\n"))
    starts = [*line_starts(np.ones(len(text), dtype=np.int64), room, ends_line, ends_word).tolist(), len(text)]
    return [text[start:stop] for start, stop in pairwise(starts)]


def test_lines_end_between_words_and_at_line_breaks() -> None:
    assert broken("one two three\nfour", 8) == ["one two ", "three\n", "four"]
    assert broken("one two\n\nx", 80) == ["one two\n", "\n", "x"]
    assert broken("extraordinary", 5) == ["extra", "ordin", "ary"]
    assert broken("a", 0) == ["a"]


@given(st.text(alphabet="ab \n", min_size=1, max_size=60), st.integers(1, 12))
def test_lines_hold_all_and_only_what_fits(text: str, room: int) -> None:
    lines = broken(text, room)
    assert "".join(lines) == text
    assert all(len(line) <= room for line in lines)
    assert all("\n" not in line[:-1] for line in lines)
    for line, after in pairwise(lines):
        whole_words = line[-1] in " \n" or " " not in line
        assert whole_words
        if line[-1] != "\n":  # nothing that would have fitted was left for the next line
            word = len(after) - len(after.lstrip("ab"))
            assert len(line) + word + (after[word : word + 1] in {" ", "\n"}) > room or len(line) == room


def test_each_token_has_its_place_and_no_two_share_one(show: Show) -> None:
    _, page = show(reading(PROSE), width=400)
    text = page.text
    assert len(text._starts) > 2
    for t in range(len(PROSE)):
        place = text.place_of(t)
        assert text.step_at(place.center()) == t
        assert place.left() >= 0
        assert place.right() <= text.viewport().width()
    after_break = PROSE.index("\n") + 1
    assert text.place_of(after_break).top() > text.place_of(after_break - 1).top()


def test_short_texts_are_set_in_larger_type(show: Show) -> None:
    _, page = show(example_setup("hello"))
    assert page.text.type.pointSizeF() == 2 * page.text.font().pointSizeF()
    _, page = show(reading(PROSE * 20))
    assert page.text.type.pointSizeF() == page.text.font().pointSizeF()


@pytest.mark.parametrize(("token", "text"), [(" ", " "), ("\n", "⏎"), ("\t", "⇥"), ("a", "a"), ("word", "word")])
def test_white_space_is_seen_but_a_space_is_a_space(token: str, text: str) -> None:
    assert format_running_token(token) == text


def test_words_stand_apart(show: Show, make_setup: Make) -> None:
    setup = make_setup("nn.LSTM(3, 4)", steps=3)
    _, page = show(replace(setup, sequence=Sequence(setup.sequence.values, ("to", "be", "or"))))
    widths = [page.text.place_of(t).width() - page.text.fontMetrics().horizontalAdvance("to") for t in range(3)]
    assert min(widths) >= 10


# the mouse and the keys


def test_a_click_goes_to_the_step(show: Show, hands: Any) -> None:
    session, page = show(reading(PROSE))
    for t in (40, 3, 80):
        hands.click(page.text.viewport(), page.text.place_of(t).center())
        assert session.state.cursor.t == t
    hands.click(page.text.viewport(), QPoint(700, page.text.place_of(80).center().y()))  # behind the line's end
    assert session.state.cursor.t == 80


def test_hovering_tells_the_number(show: Show, hands: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    session, page = show(reading("ab\ncd"))
    session.run_to(2)
    told: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, text, *_: told.append(text))
    for t in (2, 4):
        hands.qtbot.mouseMove(page.text.viewport(), page.text.place_of(t).center())
    value = np.tanh(float(session.state.values("c")[2, 0]))
    assert told == [f"t = 2 “⏎”: tanh(C[0]) = {value:.4f}", f"t = 4 “d”: tanh(C[0]) = {NOTHING}"]


def test_up_and_down_go_through_the_units(show: Show, hands: Any) -> None:
    session, page = show(reading("abcabc"))
    page.text.setFocus()
    seen = []
    for key in ("Down", "Down", "Down", "Down", "Up"):
        hands.press(key)
        seen.append(session.state.focus.unit)
    assert seen == [1, 2, 3, 3, 2]


def test_the_current_token_stays_in_sight(show: Show) -> None:
    session, page = show(reading(PROSE * 30))
    for t in (0, 1500, 2500, 10, 2999):
        session.run_to(t)
        assert page.text.viewport().rect().contains(page.text.place_of(t))


def test_a_step_repaints_what_a_full_repaint_would(show: Show) -> None:
    session, page = show(reading(PROSE * 3))
    for t in (1, 2, 80, 79, 3, 250):
        session.run_to(t)
        QApplication.processEvents()
        stepped = page.screen().grabWindow(page.window().winId()).toImage()
        page.text.viewport().update()
        QApplication.processEvents()
        assert page.screen().grabWindow(page.window().winId()).toImage() == stepped


def test_a_long_text_is_painted_only_where_it_is_seen(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    session, _ = show(reading(PROSE * 40))
    drawn: list[int] = []
    draw = TokenText._draw
    monkeypatch.setattr(
        TokenText, "_draw", lambda self, painter, tokens: (drawn.append(len(tokens)), draw(self, painter, tokens))[1]
    )
    session.run_to(2_000)
    QApplication.processEvents()
    assert 0 < sum(drawn) < 2000
    drawn.clear()
    session.step()
    QApplication.processEvents()
    assert 0 < sum(drawn) < 100


def test_a_text_is_measured_once_in_whatever_room_it_is(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or every pixel of a resize would take a quarter of a second at 100,000 steps."""
    _, page = show(reading(PROSE * 40))
    measured: list[str] = []
    width = token_text._width
    monkeypatch.setattr(token_text, "_width", lambda metrics, token: (measured.append(token), width(metrics, token))[1])
    starts = page.text._starts
    page.window().resize(500, 280)
    QApplication.processEvents()
    assert len(page.text._starts) > len(starts)
    assert measured == []


def test_numbers_of_as_many_digits_are_measured_as_one(
    show: Show, make_setup: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[str] = []
    width = token_text._width
    monkeypatch.setattr(token_text, "_width", lambda metrics, token: (measured.append(token), width(metrics, token))[1])
    _, page = show(make_setup("nn.LSTM(2, 3)", steps=3000))
    assert len(set(measured)) == 13  # the digits, and 00, 000, 0000
    fits = page.text.fontMetrics().horizontalAdvance
    assert all(page.text.place_of(t).width() >= fits(str(t)) for t in range(3000))


def test_a_token_that_looks_like_html_is_shown_as_it_is(
    show: Show, hands: Any, make_setup: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup = make_setup("nn.LSTM(3, 4)", steps=3)
    session, page = show(replace(setup, sequence=Sequence(setup.sequence.values, ("<s>", "a  &amp; b", "c"))))
    session.run_to(2)
    told: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, text, *_: told.append(text))
    for t in (0, 1):
        hands.qtbot.mouseMove(page.text.viewport(), page.text.place_of(t).center())
    value = np.tanh(session.state.values("c")[:, 0].astype(float))
    read = []
    for text in told:
        document = QTextDocument()
        document.setHtml(text) if Qt.mightBeRichText(text) else document.setPlainText(text)
        read.append(document.toPlainText())
    assert read == [
        f"t = 0 “<s>”: tanh(C[0]) = {value[0]:.4f}", f"t = 1 “a  &amp; b”: tanh(C[0]) = {value[1]:.4f}",
    ]  # fmt: skip


def test_a_shorter_text_takes_the_place_of_a_longer_one_at_its_end(show: Show, hands: Any) -> None:
    session, page = show(reading("hello there"))
    session.last()
    for text in ("hi", "hello", "h"):
        session.start(reading(text))
        hands.qtbot.waitUntil(lambda text=text: session.state.setup.steps == len(text))
        session.last()
        page.text.grab()
        assert page.text.step_at(page.text.place_of(len(text) - 1).center()) == len(text) - 1
