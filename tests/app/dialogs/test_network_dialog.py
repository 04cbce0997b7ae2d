"""New network: every argument with its preview, its limits, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QLabel
from torch import nn

from gatescope.edits.edits import Hold, InputEdit, WeightEdit
from gatescope.edits.history import History
from gatescope.formats.sequences import Sequence
from gatescope.modules.network import build
from gatescope.modules.spec import ARGUMENTS, KINDS, ModuleSpec, arguments_of
from gatescope_app.dialogs.network_dialog import NetworkDialog
from gatescope_app.look.theme import LIGHT
from gatescope_app.state.revisions import Revision
from gatescope_app.state.runs import Setup
from gatescope_app.state.sources import FromSeed, Source
from gatescope_app.window.main_window import MainWindow


def on(spec: ModuleSpec) -> Revision:
    """Return a network of seed 0 on a sequence for it."""
    return Revision(Setup(spec, Sequence(np.zeros((5, spec.input_size)))))


@pytest.fixture
def dialog(hands: Any) -> Iterator[NetworkDialog]:
    """Return the dialog on nn.LSTM(4, 4), for a sequence of four numbers a step."""
    dialog = NetworkDialog(on(ModuleSpec(4, 4)), ["cpu"], LIGHT)
    hands.bring_up(dialog)
    yield dialog
    dialog.close()
    dialog.deleteLater()


def ok(dialog: NetworkDialog) -> Any:
    return dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)


def fields(dialog: NetworkDialog) -> ModuleSpec:
    """Return the network that the fields make."""
    return dialog.spec


def paste(dialog: NetworkDialog, hands: Any, text: str) -> None:
    dialog.line.setFocus()
    QGuiApplication.clipboard().setText(text)
    hands.press("Ctrl+A", "Ctrl+V")


def test_a_file_that_is_typed_for_a_line_of_pytorch_is_named(dialog: NetworkDialog, hands: Any, tmp_path: Path) -> None:
    torch.save(nn.GRU(4, 3).state_dict(), tmp_path / "my-model.dat")
    (tmp_path / "model.tflite").write_bytes(b"\x1c\0\0\0TFL3" + bytes(50))
    paste(dialog, hands, f'"{tmp_path / "my-model.dat"}"')
    assert "my-model.dat is a file, and no constructor; File > Open (Ctrl+O) opens it." in dialog.line_problem.text()
    assert not ok(dialog).isEnabled()
    paste(dialog, hands, str(tmp_path / "model.tflite"))
    assert "model.tflite cannot be opened: it is a model of TensorFlow Lite" in dialog.line_problem.text()
    paste(dialog, hands, "nn.GRU(4, 2)")
    assert not dialog.line_problem.isVisible()
    assert fields(dialog).kind == "GRU"


@pytest.mark.parametrize("kind", KINDS)
def test_every_argument_of_the_module_has_a_field_and_a_line_on_what_it_does(
    dialog: NetworkDialog, hands: Any, kind: str
) -> None:
    hands.choose(dialog.kind, KINDS.index(kind))
    assert dialog.kind.currentText() == f"nn.{kind}"
    assert list(dialog.fields) == [argument.name for argument in ARGUMENTS]
    for argument in ARGUMENTS:
        field = dialog.fields[argument.name]
        label = next(label for label in dialog.findChildren(QLabel) if label.text() == argument.name)
        assert field.isVisible() is label.isVisible() is (argument.name in arguments_of(kind))
        assert field.accessibleName() == argument.name
        assert argument.help in field.toolTip()
        assert argument.allowed in field.toolTip()
    assert dialog.seed_box.isVisible()


def test_the_preview_follows_every_keystroke(dialog: NetworkDialog, hands: Any) -> None:
    hands.set_number(dialog.fields["input_size"], 10)
    hands.set_number(dialog.fields["hidden_size"], 30)
    text = dialog.preview.toPlainText()
    assert "nn.LSTM(10, 30)" in text
    assert "weight_ih_l0             (120, 10)" in text
    assert "weight_hh_l0             (120, 30)" in text
    assert "5,040 parameters, 20,160 bytes" in text
    hands.set_number(dialog.fields["num_layers"], 2)
    assert "weight_ih_l1             (120, 30)" in dialog.preview.toPlainText()


@pytest.mark.parametrize(
    "line",
    [
        "nn.LSTM(3, 5, num_layers=2, bidirectional=True, proj_size=2)", "nn.LSTM(2, 7, bias=False)",
        "nn.GRU(3, 5, num_layers=2, bidirectional=True)", "nn.RNN(3, 5, nonlinearity='relu')",
        "nn.LSTMCell(3, 5)", "nn.GRUCell(3, 5, bias=False)", "nn.RNNCell(3, 5, nonlinearity='relu')",
    ],
)  # fmt: skip
def test_the_preview_agrees_with_torch(dialog: NetworkDialog, hands: Any, line: str) -> None:
    paste(dialog, hands, line)
    module = eval(line, {"nn": nn})
    shown = dialog.preview.toPlainText()
    assert shown.splitlines()[0] == line
    for name, parameter in module.named_parameters():
        assert f"{name:24} {tuple(parameter.shape)}" in shown
    assert f"{sum(p.numel() for p in module.parameters()):,} parameters" in shown


def test_ticks_and_lists_change_the_network(dialog: NetworkDialog, hands: Any) -> None:
    dialog.fields["bidirectional"].setFocus()
    hands.press("Space")
    dialog.fields["bias"].setFocus()
    hands.press("Space")
    hands.choose(dialog.fields["dtype"], 1)
    assert fields(dialog) == ModuleSpec(4, 4, bias=False, bidirectional=True, dtype="float64")
    assert "weight_ih_l0_reverse" in dialog.preview.toPlainText()
    assert "bias_ih_l0" not in dialog.preview.toPlainText()


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "bfloat16"])
def test_every_dtype_can_be_chosen(dialog: NetworkDialog, hands: Any, dtype: str) -> None:
    box: Any = dialog.fields["dtype"]
    assert box.count() == 4
    hands.choose(box, box.findText(dtype))
    assert fields(dialog) == ModuleSpec(4, 4, dtype=dtype)


def test_another_kind_leaves_out_what_it_does_not_have_until_its_own_kind_comes_back(
    dialog: NetworkDialog, hands: Any
) -> None:
    paste(dialog, hands, "nn.LSTM(5, 7, num_layers=2, bias=False, dropout=0.5, proj_size=3, dtype=torch.float64)")
    hands.choose(dialog.kind, KINDS.index("GRU"))
    kept = {"bias": False, "dtype": "float64"}
    assert fields(dialog) == ModuleSpec(5, 7, num_layers=2, dropout=0.5, **kept, kind="GRU")  # type: ignore[arg-type]
    assert dialog.line.text() == ""  # it is another network than the line's
    assert dialog.preview.toPlainText().startswith("nn.GRU(5, 7, num_layers=2")
    hands.choose(dialog.kind, KINDS.index("GRUCell"))
    assert fields(dialog) == ModuleSpec(5, 7, **kept, kind="GRUCell")  # type: ignore[arg-type]
    hands.choose(dialog.kind, KINDS.index("LSTM"))
    own = {"num_layers": 2, "dropout": 0.5, "proj_size": 3}
    assert fields(dialog) == ModuleSpec(5, 7, **own, **kept)  # type: ignore[arg-type]


def test_the_nonlinearity_is_an_rnns_only(dialog: NetworkDialog, hands: Any) -> None:
    hands.choose(dialog.kind, KINDS.index("RNN"))
    hands.choose(dialog.fields["nonlinearity"], 1)
    assert fields(dialog) == ModuleSpec(4, 4, kind="RNN", nonlinearity="relu")
    hands.choose(dialog.kind, KINDS.index("RNNCell"))  # by the arrow keys, through the kinds between
    assert fields(dialog) == ModuleSpec(4, 4, kind="RNNCell", nonlinearity="relu")
    hands.choose(dialog.kind, KINDS.index("GRU"))
    assert fields(dialog) == ModuleSpec(4, 4, kind="GRU")


@pytest.mark.parametrize("kind", KINDS)
def test_a_pasted_line_sets_the_kind(dialog: NetworkDialog, hands: Any, kind: str) -> None:
    paste(dialog, hands, f"nn.{kind}(6, 3, bias=False)")
    assert dialog.kind.currentText() == f"nn.{kind}"
    assert fields(dialog) == ModuleSpec(6, 3, bias=False, kind=kind)
    assert dialog.fields["proj_size"].isVisible() is (kind == "LSTM")
    assert dialog.line.text() == f"nn.{kind}(6, 3, bias=False)"


def test_a_line_that_the_fields_cannot_hold_leaves_the_kind(dialog: NetworkDialog, hands: Any) -> None:
    paste(dialog, hands, "nn.GRU(6, 3, dropout=0.12345678)")
    assert dialog.line_problem.isVisible()
    assert dialog.kind.currentText() == "nn.LSTM"
    assert dialog.fields["proj_size"].isVisible()


@pytest.mark.parametrize("kind", KINDS)
def test_the_dialog_fits_a_small_screen(dialog: NetworkDialog, hands: Any, kind: str) -> None:
    hands.choose(dialog.kind, KINDS.index(kind))
    hands.set_number(dialog.fields["input_size"], 6)  # with the note on the sequence
    least = dialog.minimumSizeHint()
    assert least.width() <= 1000
    assert least.height() <= 700


def test_the_dialog_opens_on_the_kind_that_runs(hands: Any) -> None:
    dialog = NetworkDialog(on(ModuleSpec(4, 4, kind="RNN", nonlinearity="relu")), ["cpu"], LIGHT)
    hands.bring_up(dialog)
    assert dialog.kind.currentText() == "nn.RNN"
    assert dialog.fields["nonlinearity"].isVisible()
    assert not dialog.fields["proj_size"].isVisible()
    assert fields(dialog) == ModuleSpec(4, 4, kind="RNN", nonlinearity="relu")
    dialog.close()
    dialog.deleteLater()


def test_a_pasted_constructor_fills_in_the_fields(dialog: NetworkDialog, hands: Any) -> None:
    paste(dialog, hands, "torch.nn.LSTM(10, 30, num_layers=2, dropout=0.5, batch_first=True, dtype=torch.float64)")
    assert fields(dialog) == ModuleSpec(10, 30, 2, dropout=0.5, batch_first=True, dtype="float64")
    assert dialog.fields["hidden_size"].value() == 30  # type: ignore[attr-defined]
    assert dialog.fields["batch_first"].isChecked()  # type: ignore[attr-defined]
    assert not dialog.line_problem.isVisible()
    assert ok(dialog).isEnabled()


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("nn.Transformer(4, 3)", "nn.Transformer"),
        ("nn.GRU(4, 3, proj_size=2)", "proj_size"),
        ("nn.LSTMCell(4, 3, num_layers=2)", "num_layers"),
        ("nn.LSTM(4, 3, hidden=2)", "hidden"),
        ("nn.LSTM(4, 2 * 3)", "2 * 3"),
        ("nn.LSTM(4", "character"),
        ("__import__('os').system('true')", "__import__"),
        ("nn.LSTM(4, 0)", "hidden_size must be ≥ 1"),
        ("nn.LSTM(4, 3, dropout=2)", "dropout must be 0 … 1"),
    ],
)
def test_a_bad_constructor_is_refused_naming_the_part_and_the_fields_stay(
    dialog: NetworkDialog, hands: Any, text: str, part: str
) -> None:
    hands.set_number(dialog.fields["hidden_size"], 9)
    paste(dialog, hands, text)
    assert dialog.line_problem.isVisible()
    assert part in dialog.line_problem.text()
    assert fields(dialog) == ModuleSpec(4, 9)
    assert dialog.line.text() == text  # nothing is lost
    hands.press("Ctrl+A", "Del")
    assert not dialog.line_problem.isVisible()


@pytest.mark.parametrize("size", [4, 5])
def test_a_projection_as_large_as_the_hidden_size_disables_ok(dialog: NetworkDialog, hands: Any, size: int) -> None:
    hands.set_number(dialog.fields["proj_size"], size)
    assert not ok(dialog).isEnabled()
    assert dialog.problem.isVisible()
    assert "smaller than hidden_size 4" in dialog.problem.text()
    hands.set_number(dialog.fields["proj_size"], 3)
    assert ok(dialog).isEnabled()
    assert not dialog.problem.isVisible()


def test_sizes_beyond_the_machines_memory_are_refused_with_the_amount(dialog: NetworkDialog, hands: Any) -> None:
    hands.set_number(dialog.fields["hidden_size"], 1_000_000)
    assert not ok(dialog).isEnabled()
    assert "of memory" in dialog.problem.text()
    hands.set_number(dialog.fields["hidden_size"], 5)
    assert ok(dialog).isEnabled()
    assert fields(dialog).hidden_size == 5


@pytest.mark.parametrize(
    ("name", "typed", "least", "most"),
    [("input_size", "0", 1, 1_000_000), ("hidden_size", "-3", 1, 1_000_000), ("num_layers", "0", 1, 1_000_000)],
)
def test_the_fields_take_only_what_is_allowed(
    dialog: NetworkDialog, hands: Any, name: str, typed: str, least: int, most: int
) -> None:
    field: Any = dialog.fields[name]
    hands.set_number(field, typed)
    assert least <= field.value() <= most
    hands.set_number(field, "12345678901234567890")
    assert least <= field.value() <= most


def test_dropout_stays_between_0_and_1(dialog: NetworkDialog, hands: Any) -> None:
    field: Any = dialog.fields["dropout"]
    for typed in ("1.5", "-1", "7"):
        hands.set_number(field, typed)
        assert 0 <= field.value() <= 1


def test_a_width_other_than_the_sequences_is_said_beforehand(dialog: NetworkDialog, hands: Any) -> None:
    hands.set_number(dialog.fields["input_size"], 6)
    assert ok(dialog).isEnabled()
    assert "has 4 numbers a step. The network takes 6" in dialog.problem.text()


def ask_for(window: MainWindow, hands: Any, line: str, seed: int | None = None, key: str = "Return") -> None:
    """Do the whole dialog through the keyboard."""

    def fill(dialog: NetworkDialog) -> None:
        paste(dialog, hands, line)
        if seed is not None:
            hands.set_number(dialog.seed_box, seed)
        hands.press(key, window=dialog)

    hands.in_dialog(lambda: hands.press("Ctrl+N"), fill)
    hands.wait_for_run(window)


def test_accepting_runs_the_network_on_the_same_sequence(window: MainWindow, hands: Any) -> None:
    hands.press("End")
    ask_for(window, hands, "nn.LSTM(4, 9)")
    state = window.session.state
    assert state.setup.spec == ModuleSpec(4, 9)
    assert "".join(state.setup.sequence.tokens or ()) == "hello"
    assert state.run is not None
    assert state.run.trace.cell().h.shape == (5, 1, 9)
    assert window.toolbar.badge.text().startswith("✓")
    assert "nn.LSTM(4, 9)" in window.windowTitle()
    assert window.gates.units.count() == 9


def test_the_seed_gives_torchs_own_weights(window: MainWindow, hands: Any) -> None:
    ask_for(window, hands, "nn.LSTM(4, 3, num_layers=2)", seed=42)
    torch.manual_seed(42)
    wanted = nn.LSTM(4, 3, num_layers=2).state_dict()
    given = window.session.state.run.trace.weights  # type: ignore[union-attr]
    assert list(given) == list(wanted)
    assert all(torch.equal(given[name], wanted[name]) for name in wanted)


def test_another_width_is_fed_an_impulse(window: MainWindow, hands: Any) -> None:
    ask_for(window, hands, "nn.LSTM(6, 3)")
    sequence = window.session.state.setup.sequence
    assert sequence.values.shape == (20, 6)
    assert sequence.values.sum() == 6
    assert (sequence.values[2] == 1).all()
    assert window.toolbar.place.text() == "t = 0 / 19"


def test_cancelling_changes_nothing(window: MainWindow, hands: Any) -> None:
    before = window.session.state
    ask_for(window, hands, "nn.LSTM(6, 3)", key="Esc")
    hands.expect_unchanged(window, before)


def test_the_dialog_starts_with_the_network_that_runs(window: MainWindow, hands: Any) -> None:
    def look(dialog: NetworkDialog) -> None:
        assert fields(dialog) == ModuleSpec(4, 4)
        hands.press("Esc", window=dialog)

    hands.in_dialog(lambda: hands.press("Ctrl+N"), look)


def test_a_run_with_dropout_is_computed_as_in_evaluation(window: MainWindow, hands: Any) -> None:
    ask_for(window, hands, "nn.LSTM(4, 3, num_layers=2, dropout=0.5)")
    assert window.toolbar.badge.text().startswith("✓")


def test_a_refused_line_makes_no_network_whatever_the_fields_hold(dialog: NetworkDialog, hands: Any) -> None:
    hands.replace_text(dialog.line, "nn.LSTM(7, 9)")
    assert ok(dialog).isEnabled()
    hands.replace_text(dialog.line, "nn.LSTM(7, 9) garbage")
    assert not ok(dialog).isEnabled()
    hands.set_number(dialog.fields["hidden_size"], 5)  # from here on the fields count
    assert ok(dialog).isEnabled()
    assert dialog.line.text() == ""
    assert dialog.line_problem.isHidden()


@pytest.mark.parametrize("argument", ["num_layers=2000000", "dropout=0.12345678"])
def test_a_line_is_taken_as_it_is_or_refused(dialog: NetworkDialog, hands: Any, argument: str) -> None:
    hands.replace_text(dialog.line, f"nn.LSTM(4, 3, {argument})")
    assert not dialog.line_problem.isHidden()
    assert argument.split("=")[1] in dialog.line_problem.text()
    assert dialog.spec.hidden_size == 4
    assert not ok(dialog).isEnabled()


# ---- weights that there are ----


@dataclass(frozen=True)
class Trained(Source):
    """The weights of a file: the program cannot make them again."""

    place = "model.pt"

    def network(self, spec: ModuleSpec) -> Any:
        return build(spec, 7)


def trained(spec: ModuleSpec, *shape: int, **fields: Any) -> Revision:
    return Revision(Setup(spec, Sequence(np.zeros(shape or (5, spec.input_size))), Trained(), **fields))


@pytest.fixture
def ask(hands: Any) -> Iterator[Callable[[Revision], NetworkDialog]]:
    """Return a function that shows the dialog on a network with its edits."""
    dialogs: list[NetworkDialog] = []

    def show(revision: Revision) -> NetworkDialog:
        dialogs.append(NetworkDialog(revision, ["cpu"], LIGHT))
        hands.bring_up(dialogs[-1])
        return dialogs[-1]

    yield show
    for dialog in dialogs:
        dialog.close()
        dialog.deleteLater()


Ask = Callable[[Revision], NetworkDialog]


@pytest.mark.parametrize(
    "line",
    [
        "nn.RNN(4, 3, num_layers=2, batch_first=True)", "nn.RNN(4, 3, num_layers=2, dropout=0.5)",
        "nn.RNN(4, 3, num_layers=2, nonlinearity='relu')", "nn.RNN(4, 3, num_layers=2, dtype=torch.float64)",
    ],
)  # fmt: skip
def test_arguments_that_leave_the_shapes_keep_the_weights(ask: Ask, hands: Any, line: str) -> None:
    revision = trained(ModuleSpec(4, 3, 2, kind="RNN"))
    dialog = ask(revision)
    paste(dialog, hands, line)
    assert dialog.weights.currentText() == "keep model.pt"
    assert ok(dialog).isEnabled()
    assert dialog.revision.setup.source is revision.setup.source
    assert dialog.revision.setup.spec.constructor() == line
    assert dialog.problem.isVisible() is ("float64" in line)
    if "float64" in line:
        assert dialog.problem.text() == "⚠ The weights are converted from float32 to float64."


def test_weights_that_do_not_fit_are_replaced_only_when_it_is_said(ask: Ask, hands: Any) -> None:
    dialog = ask(trained(ModuleSpec(4, 3)))
    hands.set_number(dialog.fields["hidden_size"], 5)
    assert dialog.weights.currentIndex() == -1
    assert not ok(dialog).isEnabled()
    assert "model.pt does not fit nn.LSTM(4, 5)" in dialog.problem.text()
    assert "new ones of seed 0 replace it" in dialog.problem.text()
    hands.choose(dialog.weights, 1)
    assert dialog.weights.currentText() == "new ones of seed 0, in place of model.pt"
    assert ok(dialog).isEnabled()
    assert dialog.revision.setup.source == FromSeed(0)
    hands.set_number(dialog.fields["hidden_size"], 3)
    hands.choose(dialog.weights, 0)
    assert dialog.revision.setup.source == Trained()


def test_going_back_to_arguments_that_fit_keeps_the_weights_again(ask: Ask, hands: Any) -> None:
    dialog = ask(trained(ModuleSpec(4, 3)))
    hands.set_number(dialog.fields["hidden_size"], 5)
    hands.set_number(dialog.fields["hidden_size"], 3)
    assert dialog.weights.currentText() == "keep model.pt"
    assert ok(dialog).isEnabled()
    assert dialog.problem.isHidden()


def test_a_seed_asks_for_new_weights(ask: Ask, hands: Any) -> None:
    dialog = ask(trained(ModuleSpec(4, 3)))
    hands.set_number(dialog.seed_box, 6)
    assert dialog.weights.currentText() == "new ones of seed 6, in place of model.pt"
    assert dialog.revision.setup.source == FromSeed(6)


def test_weights_of_a_seed_are_not_asked_for(ask: Ask, hands: Any) -> None:
    dialog = ask(on(ModuleSpec(4, 3)))
    assert not dialog.weights.isVisible()
    hands.set_number(dialog.fields["hidden_size"], 5)
    assert ok(dialog).isEnabled()
    assert dialog.problem.isHidden()


def test_the_same_sequences_stay_in_the_other_layout(ask: Ask, hands: Any) -> None:
    dialog = ask(trained(ModuleSpec(4, 3, batch_first=True), 10, 7, 4))
    dialog.fields["batch_first"].setFocus()
    hands.press("Space")
    new = dialog.revision.setup
    assert (new.steps, new.batch_size, new.sequence.values.shape) == (7, 10, (7, 10, 4))
    assert "The 10 sequences of 7 steps stay, in an array (7, 10, 4)" in dialog.problem.text()
    assert "Sequence (Ctrl+E)" in dialog.problem.text()


def test_what_does_not_fit_is_named(ask: Ask, hands: Any) -> None:
    revision = trained(ModuleSpec(4, 3), states={"h0": np.ones((1, 3))})
    edits = (InputEdit(2, 1, 0.5), Hold("f", 1.0, units=(2,)), WeightEdit("weight_hh_l0", (11, 2), 3.0))
    dialog = ask(replace(revision, history=History().do(*edits)))
    paste(dialog, hands, "nn.LSTM(4, 2)")
    hands.choose(dialog.weights, 1)
    assert dialog.problem.text() == (
        "⚠ Does not fit, and becomes zero: h0.\n"
        "Edits that do not fit are left out: f of unit 2 held at 1 at every step, weight_hh_l0[11, 2] set to 3"
    )
    assert dialog.revision.history.edits == edits[:1]
    assert dialog.revision.setup.states == {}


def test_nothing_is_dropped_in_the_window_and_undo_brings_back_what_is_replaced(
    show_window: Any, make_setup: Any, hands: Any
) -> None:
    window = show_window(replace(make_setup("nn.LSTM(4, 3)"), source=Trained()))
    window.editor.do(InputEdit(2, 1, 0.5))
    hands.wait_for_run(window)
    weights = window.session.state.run.trace.weights

    def keep(dialog: NetworkDialog) -> None:
        hands.choose(dialog.fields["dtype"], 1)
        hands.press("Return", window=dialog)

    hands.in_dialog(lambda: hands.press("Ctrl+N"), keep)
    hands.wait_for_run(window)
    kept = window.session.state
    assert kept.setup.spec == ModuleSpec(4, 3, dtype="float64")
    assert kept.setup.edits == (InputEdit(2, 1, 0.5),)

    def replace_them(dialog: NetworkDialog) -> None:
        paste(dialog, hands, "nn.LSTM(4, 6)")
        hands.press("Return", window=dialog)
        assert dialog.isVisible()
        hands.choose(dialog.weights, 1)
        hands.press("Return", window=dialog)

    hands.in_dialog(lambda: hands.press("Ctrl+N"), replace_them)
    hands.wait_for_run(window)
    now = window.session.state
    assert (now.setup.spec, now.setup.source) == (ModuleSpec(4, 6), FromSeed(0))
    assert now.setup.edits == kept.setup.edits
    hands.press("Ctrl+Z", "Ctrl+Z")
    hands.wait_for_run(window)
    back = window.session.state
    assert back.setup.spec == ModuleSpec(4, 3)
    assert back.setup.edits == kept.setup.edits
    assert all(torch.equal(back.run.trace.weights[name], weights[name]) for name in weights)


def test_an_example_keeps_its_trained_weights_and_notes(window: MainWindow, hands: Any) -> None:
    before = window.session.state

    def fill(dialog: NetworkDialog) -> None:
        assert dialog.weights.currentText() == "keep trained weights"
        hands.choose(dialog.fields["dtype"], 1)
        hands.press("Return", window=dialog)

    hands.in_dialog(lambda: hands.press("Ctrl+N"), fill)
    hands.wait_for_run(window)
    setup = window.session.state.setup
    assert setup.spec.dtype == "float64"
    assert setup.source is before.setup.source
    assert setup.example is before.setup.example
    assert window.session.state.targets == before.targets


def test_ok_without_a_change_runs_nothing(window: MainWindow, hands: Any) -> None:
    before = window.session.state
    hands.in_dialog(lambda: hands.press("Ctrl+N"), lambda dialog: hands.press("Return", window=dialog))
    hands.expect_unchanged(window, before)
