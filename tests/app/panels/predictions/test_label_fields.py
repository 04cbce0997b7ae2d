"""Targets and labels that a person types: taken at Enter, kept over all that does not touch them, refused in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from gatescope.edits.edits import InputEdit, WeightEdit
from gatescope.formats.checkpoints import open_checkpoint
from gatescope.formats.sequences import Sequence, from_text
from gatescope.traces.order import Cursor
from gatescope_app.panels.predictions.labels_and_targets import LabelsAndTargets
from gatescope_app.panels.predictions.predictions_view import PredictionsView
from gatescope_app.state.editor import Editor
from gatescope_app.state.runs import Setup, example_setup, with_sequence
from gatescope_app.state.session import Session
from gatescope_app.state.sources import FromCheckpoint


@pytest.fixture
def hello(hello_checkpoint: Path) -> Setup:
    """Return the RNN of the hello model with its Linear, over the embedded letters."""
    checkpoint = open_checkpoint(hello_checkpoint)
    (found,) = checkpoint.modules
    letters = np.load(hello_checkpoint.parent / "letters.npy").astype(np.float64)
    source = FromCheckpoint(found, checkpoint.path, found.likely_head)
    return Setup(found.spec("tanh"), Sequence(letters, tuple("hello")), source)


@pytest.fixture
def panel(show_alone: Any, hello: Setup) -> tuple[Session, PredictionsView]:
    """Return the panel on that setup, at the last step."""
    session, _, view = show_alone(PredictionsView, hello, 720, 300)
    session.go(Cursor(4, 1))
    return session, view


@pytest.fixture
def enter(hands: Any) -> Callable[..., None]:
    """Return a function that types into a field and presses Enter."""

    def type_in(field: Any, text: str) -> None:
        hands.replace_text(field, text)
        hands.press("Return")

    return type_in


def marks(view: PredictionsView) -> list[str]:
    return [view.strip.text("predicted", t) for t in range(5)]


def test_typed_targets_are_compared_with_the_models_answers(panel: Any, enter: Any, hello_model: Any) -> None:
    _, view = panel
    enter(view.fields.targets, "3 1 2 2 3")
    with torch.no_grad():
        scores = hello_model(torch.tensor([[1, 0, 2, 2, 3]]))[0]
    answers = scores.argmax(1).tolist()
    wanted = [f"{a} {'✓' if a == t else '✗'}" for a, t in zip(answers, (3, 1, 2, 2, 3), strict=True)]
    assert marks(view) == wanted
    right = sum("✓" in one for one in wanted)
    loss = float(F.cross_entropy(scores[4], torch.tensor(3)))
    said = view.headline.text().split("  ·  ")
    assert said[1] == f"target 3 {'✓ right' if answers[4] == 3 else '✗ wrong'}"
    assert float(said[2].removeprefix("loss −ln p = ").removesuffix(" nats")) == pytest.approx(loss, abs=0.5e-4 + 1e-6)
    assert said[3] == f"{right}/5 right so far"


def test_labels_name_the_classes_everywhere(panel: Any, enter: Any) -> None:
    _, view = panel
    enter(view.fields.targets, "3 1 2 2 3")
    enter(view.fields.labels, "ehlo")
    assert view.fields.targets.text() == "ohllo"
    assert [row.label for row in view.table.classes.rows] == list("ehlo")
    assert [view.strip.text("target", t) for t in range(5)] == list("ohllo")
    assert "target “o”" in view.headline.text()
    enter(view.fields.targets, "ohlol")
    assert [view.strip.text("target", t) for t in range(5)] == list("ohlol")
    enter(view.fields.labels, "")
    assert view.fields.targets.text() == "3 1 2 3 2"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ohlox", "There is no class 'x'; write one of ehlo, or a number from 0 to 3."),
        ("ohl", "There are 5 steps, but 3 targets"),
    ],
)
def test_wrong_targets_are_refused_in_one_line_and_the_old_ones_stay(
    panel: Any, enter: Any, text: str, words: str
) -> None:
    session, view = panel
    enter(view.fields.labels, "ehlo")
    enter(view.fields.targets, "ohllo")
    before = marks(view)
    enter(view.fields.targets, text)
    assert words in view.fields.problem.text()
    assert view.fields.problem.isVisible()
    assert words in view.fields.targets.accessibleDescription()
    assert marks(view) == before
    session.go(Cursor(3, 1))
    assert view.fields.targets.text() == text  # to be put right
    enter(view.fields.targets, "ohllo")
    assert not view.fields.problem.isVisible()
    assert view.fields.targets.accessibleDescription() == ""


def test_wrong_labels_are_refused_and_the_old_ones_stay(panel: Any, enter: Any) -> None:
    _, view = panel
    enter(view.fields.labels, "ehlo")
    enter(view.fields.labels, "ehl")
    assert "There are 4 classes, but 3 labels" in view.fields.problem.text()
    assert [row.label for row in view.table.classes.rows] == list("ehlo")


def test_what_is_wrong_leaves_the_fields_their_height_in_a_low_panel(panel: Any, enter: Any, qtbot: Any) -> None:
    _, view = panel
    view.resize(700, view.minimumSizeHint().height())
    fields = (view.fields.labels, view.fields.targets, view.fields.measure)
    enter(view.fields.labels, "e h l o e h l o")
    qtbot.waitUntil(view.fields.problem.isVisible)
    view.grab()
    assert [field.height() >= field.minimumSizeHint().height() for field in fields] == [True] * 3
    assert view.fields.problem.height() < 2 * view.fields.labels.height()


def test_an_empty_field_takes_the_targets_away(panel: Any, enter: Any) -> None:
    _, view = panel
    rows = view.strip.rows()
    enter(view.fields.targets, "3 1 2 2 3")
    assert view.strip.rows() == [*rows, "target"]
    enter(view.fields.targets, "")
    assert view.strip.rows() == rows
    assert "target" not in view.headline.text()


def test_a_single_target_is_that_of_the_last_step(panel: Any, enter: Any) -> None:
    session, view = panel
    enter(view.fields.targets, "2")
    assert [view.strip.text("target", t) for t in range(5)] == ["–", "–", "–", "–", "2"]
    assert "the last step" in view.headline.text()
    assert "target 2" in view.headline.text()
    assert "so far" not in view.headline.text()
    session.go(Cursor(3, 1))
    assert "target" not in view.headline.text()


def test_they_stay_over_edits_undo_and_devices(panel: Any, enter: Any, qtbot: Any) -> None:
    session, view = panel
    enter(view.fields.targets, "3 1 2 2 3")
    editor = Editor(session)
    for change in (lambda: editor.do(InputEdit(1, 0, 3.0)), session.undo, lambda: session.start_on("cpu")):
        change()
        qtbot.waitUntil(lambda: not session.runner.busy and not session.drifter.busy)
        assert view.fields.targets.text() == "3 1 2 2 3"
        assert [view.strip.text("target", t) for t in range(5)] == list("31223")


def test_an_edited_weight_keeps_head_and_targets(panel: Any, enter: Any, qtbot: Any) -> None:
    session, view = panel
    enter(view.fields.targets, "3 1 2 2 3")
    head, before = session.state.setup.head, [row.value for row in view.table.classes.rows]
    Editor(session).do(WeightEdit("weight_ih_l1", (0, 0), 5.0))
    qtbot.waitUntil(lambda: not session.runner.busy and not session.drifter.busy)
    assert session.state.setup.head is head
    now = view.table.classes.rows
    assert [row.value for row in now] != before
    assert [row.before for row in now] == before
    assert view.fields.targets.text() == "3 1 2 2 3"


def test_what_is_being_typed_is_not_lost_to_a_step(panel: Any, hands: Any) -> None:
    session, view = panel
    hands.replace_text(view.fields.targets, "3 1")
    session.go(Cursor(2, 1))
    assert view.fields.targets.text() == "3 1"


# ---- the sheet ----


def sheet_of(setup: Setup) -> LabelsAndTargets:
    return LabelsAndTargets(Session(setup))


def test_a_vocabulary_of_as_many_characters_names_the_classes(hello: Setup, qapp: Any) -> None:
    sheet = sheet_of(with_sequence(example_setup("hello"), from_text("hole", "ehlo")))
    assert sheet.names.labels == tuple("ehlo")
    assert sheet.targets(0) is None  # the example's speak of its own sequence
    assert sheet_of(example_setup("hello")).targets_text(0) == "ohlol"
    sheet = sheet_of(hello)
    assert sheet.names.labels is None
    assert sheet.targets(0) is None


def test_50000_classes_are_not_to_be_labelled_by_hand(make_setup: Any, qapp: Any) -> None:
    assert not sheet_of(make_setup("nn.LSTM(3, 4)")).takes_labels
    assert sheet_of(example_setup("hello")).takes_labels


def test_undo_brings_labels_and_targets_back(panel: Any, enter: Any, qtbot: Any) -> None:
    session, view = panel
    enter(view.fields.labels, "abcd")
    enter(view.fields.targets, "abcda")
    assert [view.strip.text("target", t) for t in range(5)] == list("abcda")
    assert str(session.state.undo_stack.undo_label) == "targets"
    session.undo()
    qtbot.waitUntil(lambda: not session.runner.busy)
    assert (view.fields.targets.text(), view.fields.labels.text()) == ("", "abcd")
    session.undo()
    qtbot.waitUntil(lambda: not session.runner.busy)
    assert view.fields.labels.text() == ""
    session.redo()
    session.redo()
    qtbot.waitUntil(lambda: not session.runner.busy)
    assert (view.fields.targets.text(), view.fields.labels.text()) == ("abcda", "abcd")


def test_targets_of_a_long_run_are_taken_whole(show_alone: Any, hello: Setup) -> None:
    """A line of Qt takes 32,767 characters, unless it is told to take more, and drops the others without a word."""
    steps = 20_000
    letters = np.resize(hello.sequence.values, (steps, hello.sequence.width))
    session, _, view = show_alone(PredictionsView, with_sequence(hello, Sequence(letters)), 720, 300)
    session.go(Cursor(steps - 1, 1))
    text = " ".join("0" * steps)
    view.fields.targets.setText(text)
    view.fields.targets.editingFinished.emit()
    assert view.fields.problem.text() == ""
    assert view.fields.targets.text() == text
    assert len(view.sheet.targets(0) or ()) == steps
