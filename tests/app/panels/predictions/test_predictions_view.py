"""The panel of predictions: the user's own model's answers at each step, none before its time, and what is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QPainter
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget
from torch import Tensor, nn

from gatescope.edits.edits import InputEdit
from gatescope.formats.checkpoints import open_checkpoint
from gatescope.formats.sequences import Sequence
from gatescope.messages.number_format import format_number
from gatescope.traces.order import Cursor
from gatescope_app.look import language
from gatescope_app.look.theme import DARK
from gatescope_app.panels.predictions import class_table
from gatescope_app.panels.predictions.predictions_view import PredictionsView
from gatescope_app.state.editor import Editor
from gatescope_app.state.network_changes import with_network
from gatescope_app.state.runs import Setup
from gatescope_app.state.session import Session
from gatescope_app.state.sources import FromCheckpoint, FromSeed

Show = Callable[..., tuple[Session, PredictionsView]]
TIP = Qt.ItemDataRole.ToolTipRole


@pytest.fixture
def show(show_alone: Any) -> Show:
    """Return a function that shows the panel alone on a setup, at its usual size."""

    def alone(setup: Setup, width: int = 720, height: int = 300) -> tuple[Session, PredictionsView]:
        session, _, view = show_alone(PredictionsView, setup, width, height)
        return session, view

    return alone


@pytest.fixture
def settle(qtbot: Any) -> Callable[[Session], None]:
    """Return a function that waits for the run under way."""

    def wait(session: Session) -> None:
        qtbot.waitUntil(lambda: not session.runner.busy and not session.drifter.busy, timeout=60_000)

    return wait


def setup_of(path: Path, sequence: Sequence) -> Setup:
    """Return the module of a checkpoint with its likely head, over a sequence."""
    checkpoint = open_checkpoint(path)
    (found,) = checkpoint.modules
    spec = found.spec("tanh" if found.nonlinearity_unknown else None)
    return Setup(spec, sequence, FromCheckpoint(found, checkpoint.path, found.likely_head))


@pytest.fixture
def hello(hello_checkpoint: Path) -> Setup:
    """Return the RNN of the hello model with its Linear, over the embedded letters."""
    letters = np.load(hello_checkpoint.parent / "letters.npy").astype(np.float64)
    return setup_of(hello_checkpoint, Sequence(letters, tuple("hello")))


@pytest.fixture
def hello_scores(hello_model: Any) -> Tensor:
    """Return what the user's model says, (5, 4)."""
    with torch.no_grad():
        scores: Tensor = hello_model(torch.tensor([[1, 0, 2, 2, 3]]))[0]
    return scores


@pytest.fixture
def make_head(tmp_path: Path) -> Callable[..., Setup]:
    """Return a function that makes a checkpoint of a module and a Linear, and a setup of it."""

    def make(module: nn.Module, features: int, classes: int, values: Any, tokens: Any = None) -> Setup:
        parts = nn.ModuleDict({"rnn": module, "out": nn.Linear(features, classes)})
        torch.save(parts.state_dict(), tmp_path / "model.pt")
        return setup_of(tmp_path / "model.pt", Sequence(values, tokens))

    return make


def rows(view: PredictionsView) -> list[tuple[str, str, str]]:
    model = view.table.classes
    return [tuple(model.index(row, column).data() for column in range(3)) for row in range(model.rowCount())]  # type: ignore[misc]


def strip(view: PredictionsView, name: str) -> list[str]:
    """Return a row of the strip."""
    return [view.strip.text(name, t) for t in view.strip.window_shown]


def enter(hands: Any, field: QLineEdit, text: str) -> None:
    hands.replace_text(field, text)
    hands.press("Return")


# ---- the numbers ----


def test_the_bars_are_the_models_own_probabilities(show: Show, hello: Setup, hello_scores: Tensor) -> None:
    session, view = show(hello)
    for t in range(5):
        session.go(Cursor(t, 1))
        wanted = hello_scores[t].softmax(0)
        values = [row.value for row in view.table.classes.rows]
        assert values == pytest.approx(wanted.tolist(), abs=1e-6)
        assert sum(values) == pytest.approx(1, abs=1e-6)
        for number, (label, value, remark) in enumerate(rows(view)):
            assert (label, value) == (str(number), format_number(view.table.classes.rows[number].value))
            assert remark == ("● predicted" if number == int(wanted.argmax()) else "")
    assert strip(view, "predicted") == [str(int(one.argmax())) for one in hello_scores]


def test_what_is_painted_is_what_the_rows_say(show: Show, hello: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    session, view = show(hello)
    session.go(Cursor(3, 1))
    written: list[tuple[int, str]] = []

    class Recorder(QPainter):
        def drawText(self, place: QRect, flags: int, text: str) -> None:
            written.append((view.table.rowAt(place.center().y()), text))
            super().drawText(place, flags, text)

    monkeypatch.setattr(class_table, "QPainter", Recorder)
    view.table.viewport().grab()
    assert written == [(row, text) for row, texts in enumerate(rows(view)) for text in texts if text]


def test_a_bar_is_as_long_as_its_number(show: Show, hello: Setup) -> None:
    session, view = show(hello)
    session.go(Cursor(4, 1))
    view.table.setCurrentIndex(view.table.classes.index(-1, 0))
    image = view.table.viewport().grab().toImage()
    accent, track = QColor(view.theme.accent), QColor(view.theme.grid)
    for number, row in enumerate(view.table.classes.rows):
        y = view.table.rowViewportPosition(number) + view.table.rowHeight(number) // 2
        colours = [image.pixelColor(x, y) for x in range(image.width())]
        filled, empty = colours.count(accent), colours.count(track)
        assert row.value == pytest.approx(filled / (filled + empty), abs=2 / (filled + empty))


def test_scores_are_shown_instead_where_asked(show: Show, hello: Setup, hello_scores: Tensor, hands: Any) -> None:
    session, view = show(hello)
    session.go(Cursor(2, 1))
    hands.choose(view.fields.measure, 1)
    assert [row.value for row in view.table.classes.rows] == pytest.approx(hello_scores[2].tolist(), abs=1e-6)
    assert view.table.scale_of_bars.low < min(hello_scores[2])
    tip = view.table.classes.index(1, 0).data(TIP)
    assert "class 1: 1" in tip
    assert "probability" in tip


def test_both_directions_are_read_side_by_side(
    show: Show, make_head: Callable[..., Setup], settle: Any, hands: Any
) -> None:
    values = np.random.default_rng(0).normal(size=(6, 3))
    setup = make_head(nn.LSTM(3, 5, bidirectional=True), 10, 4, values)
    session, view = show(setup)
    assert view.headline.text() == "t = 0: not predicted yet, h of both directions of layer 0 is still to come."
    assert view.go_on.isVisible()
    hands.click(view.go_on)
    assert session.state.cursor == Cursor(0, 0, "reverse")
    module = setup.source.network(setup.spec)
    head = setup.head
    with torch.no_grad():
        wanted = head.scores(module(torch.tensor(values, dtype=torch.float32))[0])  # type: ignore[union-attr]
    assert strip(view, "predicted") == [str(number) for number in wanted.argmax(1).tolist()]
    session.go(Cursor(4, 0, "reverse"))
    assert strip(view, "predicted")[:4] == ["–"] * 4
    assert not view.go_on.isVisible()
    assert [row.value for row in view.table.classes.rows] == pytest.approx(wanted[4].softmax(0).tolist(), abs=1e-6)


def test_each_batch_element_has_its_own(show: Show, make_head: Callable[..., Setup], hands: Any) -> None:
    values = np.random.default_rng(0).normal(size=(4, 3, 2)) * 3
    setup = make_head(nn.GRU(2, 5), 5, 9, values)
    session, view = show(setup)
    session.run_to(3)
    enter(hands, view.fields.targets, "8")
    for batch in (1, 0):
        session.look_at(batch=batch)
        with torch.no_grad():
            h = setup.source.network(setup.spec)(torch.tensor(values, dtype=torch.float32))[0][:, batch]
            wanted = setup.head.scores(h).argmax(1)  # type: ignore[union-attr]
        assert strip(view, "predicted")[:3] == [str(number) for number in wanted.tolist()][:3]
        assert view.fields.targets.text() == ("8" if batch == 0 else "")


# ---- none before its time ----


def test_nothing_is_told_of_a_step_before_h_of_the_top_layer(
    show: Show, hello: Setup, hello_scores: Tensor, hands: Any
) -> None:
    session, view = show(hello)
    session.run_to(2)  # in the layer below
    answers = [str(number) for number in hello_scores.argmax(1).tolist()]
    assert strip(view, "predicted") == [*answers[:2], "–", "–", "–"]
    assert all(value == "–" for _, value, _ in rows(view))
    assert "not predicted yet, h of layer 1 is still to come" in view.headline.text()
    hands.click(view.go_on)
    assert session.state.cursor == Cursor(2, 1)
    assert all(value != "–" for _, value, _ in rows(view))
    assert strip(view, "predicted") == [*answers[:3], "–", "–"]


def test_after_the_end_of_a_short_element_there_is_nothing(show: Show, make_head: Callable[..., Setup]) -> None:
    values = np.random.default_rng(0).normal(size=(5, 2, 2))
    values[3:, 1] = np.nan
    setup = replace(make_head(nn.LSTM(2, 4), 4, 3, values), lengths=(5, 3))
    session, view = show(setup)
    session.look_at(batch=1)
    session.run_to(4)
    assert view.headline.text() == "t = 4: this batch element has ended before."
    assert not view.go_on.isVisible()
    assert len(view.strip.window_shown) == 3
    session.run_to(2)
    assert view.headline.text().startswith("t = 2, the last step: predicts ")


def test_nan_has_no_answer(show: Show, make_head: Callable[..., Setup]) -> None:
    values = np.zeros((4, 2))
    values[2, 0] = np.nan
    session, view = show(make_head(nn.LSTM(2, 4), 4, 3, values))
    session.run_to(3)
    assert "NaN among the scores" in view.headline.text()
    assert strip(view, "predicted")[1] != "–"
    assert strip(view, "predicted")[2:] == ["–", "–"]
    view.grab()


# ---- edits ----


def test_edits_change_predictions_and_undo_brings_them_back(show: Show, hello: Setup, settle: Any, hands: Any) -> None:
    session, view = show(hello)
    session.go(Cursor(4, 1))
    enter(hands, view.fields.labels, "ehlo")
    enter(hands, view.fields.targets, "ohlol")
    before, said = [row.value for row in view.table.classes.rows], view.headline.text()
    editor = Editor(session)
    editor.do(InputEdit(4, 0, 25.0))
    settle(session)
    rows_now = view.table.classes.rows
    assert [row.value for row in rows_now] != before
    assert [row.before for row in rows_now] == before
    assert view.fields.legend.isVisible()
    assert view.fields.targets.text() == "ohlol"
    session.undo()
    settle(session)
    assert [row.value for row in view.table.classes.rows] == before
    assert view.headline.text() == said
    assert [row.before for row in view.table.classes.rows] == [None] * 4
    assert not view.fields.legend.isVisible()


# ---- no head ----


def test_without_a_head_it_says_how_to_get_one(show: Show, make_setup: Callable[..., Setup]) -> None:
    _, view = show(make_setup("nn.LSTM(4, 3, bidirectional=True)"))
    assert view.missing.isVisible()
    assert not view.table.isVisible()
    assert "nn.Linear for 6 numbers, h of the top layer in both directions" in view.missing.text()


def test_the_head_stays_with_its_network_and_goes_with_it(show: Show, hello: Setup, settle: Any) -> None:
    session, view = show(hello)
    head = session.state.setup.head
    assert head is not None
    session.start_on("cpu")
    settle(session)
    assert session.state.setup.head is head
    session.start(with_network(session.state.setup, session.state.setup.spec, FromSeed(1)))
    settle(session)
    assert session.state.setup.head is None
    assert view.missing.isVisible()


def test_a_single_score_is_a_value_and_no_probability(show: Show, make_head: Callable[..., Setup]) -> None:
    session, view = show(make_head(nn.LSTM(2, 4), 4, 1, np.ones((3, 2))))
    session.run_to(1)
    assert view.headline.text().startswith("t = 1: out: Linear(4 → 1) gives ")
    assert rows(view)[0][2] == ""
    assert not any(field.isVisible() for field in (view.fields.targets, view.fields.labels, view.fields.measure))


# ---- many classes ----


def test_of_many_classes_the_best_are_shown_and_the_right_one(
    show: Show, make_head: Callable[..., Setup], hands: Any
) -> None:
    setup = make_head(nn.LSTM(2, 6), 6, 300, np.random.default_rng(0).normal(size=(5, 2)))
    session, view = show(setup)
    session.run_to(4)
    with torch.no_grad():
        h = setup.source.network(setup.spec)(torch.tensor(setup.sequence.values, dtype=torch.float32))[0][4]
        order = setup.head.scores(h).argsort(descending=True).tolist()  # type: ignore[union-attr]
    assert [label for label, _, _ in rows(view)] == [str(number) for number in order[:10]]
    enter(hands, view.fields.targets, str(order[200]))
    assert rows(view)[10][0] == str(order[200])
    assert rows(view)[10][2] == "◀ target, place 201"
    assert rows(view)[0][2] == "✗ predicted"


def test_very_many_are_computed_off_the_gui_thread(
    show: Show, make_head: Callable[..., Setup], qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup = make_head(nn.LSTM(2, 64), 64, 50_000, np.random.default_rng(0).normal(size=(40, 2)))
    session, view = show(setup)
    qtbot.waitUntil(lambda: not view.reader.worker.busy)
    session.run_to(39)  # 17 steps in sight
    assert view.headline.text() == "t = 39: the scores are being computed…"
    assert {value for _, value, _ in rows(view)} == {"–"}
    qtbot.waitUntil(lambda: "predicts" in view.headline.text())
    assert "–" not in strip(view, "predicted")


# ---- looks and reach ----


def test_targets_stay_over_theme_language_and_size(show: Show, hello: Setup, hands: Any) -> None:
    session, view = show(hello)
    session.go(Cursor(1, 1))
    enter(hands, view.fields.targets, "3 1 2 2 3")
    view.set_theme(DARK)
    language.use("zh_CN")
    assert view.fields.targets.text() == "3 1 2 2 3"
    assert strip(view, "target") == ["3", "1", "2", "2", "3"]
    view.grab()


def test_the_strip_follows_a_long_run_and_takes_clicks_and_keys(
    show: Show, make_head: Callable[..., Setup], hands: Any
) -> None:
    session, view = show(make_head(nn.LSTM(2, 4), 4, 3, np.ones((500, 2))))
    for t in (0, 40, 499, 250, 251):
        session.run_to(t)
        assert t in view.strip.window_shown
        assert view.rect().contains(view.strip.geometry())
        assert view.strip.rect().contains(view.strip.place_of(t))
    hands.click(view.strip, view.strip.place_of(248).center())
    assert session.state.cursor.t == 248
    view.strip.setFocus()
    hands.press("Right")
    assert session.state.cursor.t == 249
    hands.press("Left", "Left")
    assert session.state.cursor.t == 247
    hands.click(view.strip, QPoint(2, 2))  # on the titles
    assert session.state.cursor.t == 247


def test_every_control_has_a_name_and_is_reached_with_tab(show: Show, hello: Setup, hands: Any) -> None:
    session, view = show(hello)
    session.go(Cursor(1, 1))
    reached: set[QWidget] = set()
    view.table.setFocus()
    for _ in range(8):
        focused = view.window().focusWidget()
        reached.add(focused)
        hands.press("Tab")
    wanted = {view.table, view.strip, *view.findChildren(QLineEdit), *view.findChildren(QComboBox)}
    assert wanted <= reached
    for one in wanted:
        assert QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name)
        assert one.toolTip() or one is view.table
    assert view.strip.describe_step(2) == "t = 2, input l, predicted –"
