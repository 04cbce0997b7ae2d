"""The axis of t: what is labelled, and that nothing is written over another."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from gatescope_app.widgets.step_labels import StepLabels

Written = dict[tuple[int, str], QRectF]


@pytest.fixture
def write(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that labels an axis 400 pixels wide, and returns what is written where, by line and text."""

    def of(view: range, now: int, tokens: Any = None, left: float = 0, **more: Any) -> Written:
        written: Written = {}
        image = QImage(420, 60, QImage.Format.Format_RGB32)
        painter, column = QPainter(image), 400 / len(view)
        labels = StepLabels(painter, 10, (left, 410), lambda t: 5 + (t - view.start + 0.5) * column, column)
        usual = StepLabels._write

        def kept(self: StepLabels, t: int, text: str, line: int = 0, **how: Any) -> QRectF:
            place = written[line, text] = usual(self, t, text, line, **how)
            return place

        monkeypatch.setattr(StepLabels, "_write", kept)
        labels.draw(view, now, tokens, **more)
        monkeypatch.undo()
        painter.end()
        return written

    return of


def test_every_step_has_its_number_and_token_where_there_is_room(write: Any) -> None:
    assert {text for _, text in write(range(5), 3, tuple("hello"))} == {*"01234", *"helo"}
    assert {line for line, _ in write(range(5), 3, ("h", "e", "l" * 100, "l", "o"))} == {0}, "one is too long"


@pytest.mark.parametrize("steps", [7, 90, 1000, 123_456])
def test_numbers_are_round_and_apart_and_the_current_one_is_always_there(write: Any, steps: int) -> None:
    for now in (0, 1, steps // 3, steps - 1):
        written = write(range(steps), now)
        assert (0, str(now)) in written
        others = sorted(int(text) for _, text in written if int(text) not in (now, steps - 1))
        assert len({b - a for a, b in pairwise(others)}) <= 2, "all but where the current one is"
        labelled = {int(text) for _, text in written}
        for end in (0, steps - 1):
            assert end in labelled or abs(end - now) < steps / 10, "both ends are, but beside the current one"
        places = sorted(written.values(), key=QRectF.left)
        assert all(a.right() <= b.left() for a, b in pairwise(places))
        assert places[0].left() >= 0
        assert places[-1].right() <= 410


def test_only_what_is_exposed_is_written_and_nothing_in_a_place_that_is_taken(write: Any) -> None:
    every = {int(text) for _, text in write(range(1000), 0)}
    part = {int(text) for _, text in write(range(1000), 0, exposed=range(400, 500))}
    assert {t for t in every if 400 <= t < 500} < part < every
    assert min(part - {0}) > 250
    assert 999 in part
    free = write(range(5), 9, taken=QRectF(0, 0, 160, 60))
    assert {text for _, text in free} == {"2", "3", "4"}


def test_beside_the_labels_stands_what_either_row_is(write: Any) -> None:
    named: dict[int, str] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StepLabels, "_write_name", lambda _self, name, line: named.update({line: name}))
        write(range(5), 3, tuple("hello"))
        assert named == {0: "t", 1: "token"}
        for tokens in (None, ("h", "e", "l" * 100, "l", "o")):  # of the second one is too long to be written
            named.clear()
            write(range(5), 3, tokens)
            assert named == {0: "t"}


def test_the_labels_leave_the_names_their_place(write: Any) -> None:
    written = write(range(100_000), 0, left=30)
    assert min(place.left() for place in written.values()) == 30, "that of the first step is moved there"
