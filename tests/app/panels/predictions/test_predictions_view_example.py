"""The panel of predictions opens ready: in the example hello the unit with the largest h is the answer."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtWidgets import QToolTip

from gatescope.traces.order import Cursor
from gatescope_app.panels.predictions.predictions_view import PredictionsView
from gatescope_app.window.main_window import MainWindow


def panel_of(window: MainWindow) -> PredictionsView:
    view = window.views["predictions"]
    assert isinstance(view, PredictionsView)
    return view


def rows(view: PredictionsView) -> list[tuple[str, str, str]]:
    model = view.table.classes
    return [tuple(model.index(row, column).data() for column in range(3)) for row in range(model.rowCount())]  # type: ignore[misc]


def strip(view: PredictionsView, name: str) -> list[str]:
    """Return a row of the strip."""
    return [view.strip.text(name, t) for t in view.strip.window_shown]


def test_hello_answers_with_the_unit_of_the_largest_h(window: MainWindow, hands: Any) -> None:
    window.panels.show("predictions")
    view = panel_of(window)
    assert (view.fields.targets.text(), view.fields.labels.text()) == ("ohlol", "ehlo")
    assert not view.fields.measure.isVisible()  # no softmax was trained
    said = []
    for key in ("Home", "F10", "F10", "F10", "F10"):
        hands.press(key)
        said.append(view.headline.text())
        h = window.session.state.values("h")[window.session.state.cursor.t]
        assert [row.value for row in view.table.classes.rows] == h.tolist()
    assert said[0] == "t = 0 “h”: predicts “o”: h[3] = 0.7598, the largest  ·  target “o” ✓ right"
    assert said[4].startswith("t = 4 “o”, the last step: predicts “l”")
    assert said[4].endswith("·  5/5 right so far")
    assert strip(view, "predicted") == ["o ✓", "h ✓", "l ✓", "o ✓", "l ✓"]
    assert strip(view, "token") == list("hello")
    assert "nats" not in "".join(said)


def test_a_click_on_a_class_that_is_a_unit_selects_it_and_the_selection_follows(window: MainWindow, hands: Any) -> None:
    window.panels.show("predictions")
    table = panel_of(window).table
    hands.click_cell(table, 2)
    assert (window.session.state.unit, window.session.state.quantity) == (2, "h")
    window.session.look_at(unit=1)
    assert table.currentIndex().row() == 1
    table.setFocus()
    hands.press("Down", "Down", "Return")
    assert window.session.state.unit == 3


def test_stepping_into_a_cell_and_back_takes_the_prediction_away(window: MainWindow) -> None:
    window.panels.show("predictions")
    session, view = window.session, panel_of(window)
    session.run_to(1)
    assert rows(view)[1][2] == "✓ predicted, target"
    session.step_into()
    assert session.state.cursor == Cursor(2, 0, "forward", "input")
    assert strip(view, "predicted") == ["o ✓", "h ✓", "–", "–", "–"]
    assert {value for _, value, _ in rows(view)} == {"–"}
    session.step_out()
    assert strip(view, "predicted")[2] == "l ✓"
    session.first()
    assert strip(view, "predicted") == ["o ✓", "–", "–", "–", "–"]


class Painted(QObject):
    """Keeps which parts of a widget are painted."""

    def __init__(self) -> None:
        super().__init__()
        self.region = QRegion()

    def eventFilter(self, _widget: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.region += event.region()
        return False


def test_a_step_paints_the_columns_that_differ_and_no_others(window: MainWindow, qtbot: Any) -> None:
    window.panels.show("predictions")
    session, view = window.session, panel_of(window)
    qtbot.wait(50)  # until the panel is painted as a whole
    painted = Painted()
    view.strip.installEventFilter(painted)
    for t, columns in ((1, {0, 1}), (4, {1, 2, 3, 4}), (3, {3, 4}), (0, {0, 1, 2, 3})):
        painted.region = QRegion()
        session.run_to(t)
        qtbot.waitUntil(lambda: not painted.region.isEmpty())
        assert {step for step in range(5) if painted.region.contains(view.strip.place_of(step).center())} == columns


def test_hovering_over_a_step_says_what_its_column_shows(
    window: MainWindow, hands: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.panels.show("predictions")
    hands.press("F10")
    strip = panel_of(window).strip
    shown: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, text, *_: shown.append(text))
    for place in (strip.place_of(1).center(), strip.place_of(3).center(), QPoint(2, 2)):
        hands.qtbot.mouseMove(strip, place)
    assert shown == [strip.describe_step(1), strip.describe_step(3), strip.toolTip()]
    assert shown[0].startswith("t = 1, input e, predicted ")
