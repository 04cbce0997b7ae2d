"""Build a network: every argument of torch's recurrent modules, with its range, and what comes of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, QSize
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

from gatescope.formats.readers import describe_file
from gatescope.messages.message import GatescopeError, Message
from gatescope.modules.constructor import parse_constructor
from gatescope.modules.spec import ARGUMENTS, ITEM_BYTES, KINDS, Argument, ModuleSpec, arguments_of
from gatescope_app.dialogs.network_losses import describe_losses
from gatescope_app.dialogs.ok_cancel_dialog import OkCancelDialog, spin_box
from gatescope_app.dialogs.weights_choice import WeightsChoice
from gatescope_app.look.language import engine_text, format_message, format_remark
from gatescope_app.look.theme import Theme
from gatescope_app.look.typed_paths import read_typed_path
from gatescope_app.state.network_changes import with_arguments, with_fitting_edits, with_network
from gatescope_app.state.revisions import Revision
from gatescope_app.state.sources import FromSeed
from gatescope_app.widgets.box_layouts import fill_column, fill_row
from gatescope_app.widgets.problem_label import ProblemLabel

_MOST = 1_000_000  # no machine has the memory for more
_LAST_SEED = 2**31 - 1  # of a QSpinBox
_DECIMALS = 6
_NONLINEARITIES = ("tanh", "relu")


class NetworkDialog(OkCancelDialog):
    """Asks for a network; `revision` is what was asked for, with what stays of the sequence and the edits."""

    def __init__(self, revision: Revision, devices: list[str], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._former, setup = revision, revision.setup
        self.revision, self.spec, self.seed = revision, setup.spec, setup.seed
        self.kind = QComboBox()
        for kind in KINDS:
            self.kind.addItem(f"nn.{kind}", kind)
        self.fields = _fields(devices)
        self.form = QFormLayout()
        self._rows: dict[str, QHBoxLayout] = {}
        self.weights = WeightsChoice(setup)
        self.seed_box = spin_box(0, _LAST_SEED)
        self.line = QLineEdit(placeholderText="nn.LSTM(10, 30, num_layers=2)", clearButtonEnabled=True)
        self.line_problem, self.problem, self.seed_note = ProblemLabel(theme), ProblemLabel(theme), ProblemLabel(theme)
        self.preview = QPlainTextEdit(readOnly=True)
        self.preview.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._set_texts()
        self._lay_out()
        self._take(setup.spec)
        self._show_seed()
        self._connect()
        self._update()

    def _set_texts(self) -> None:
        self.setWindowTitle(self.tr("New network"))
        self.kind.setToolTip(self.tr("Which module of PyTorch; the cells are fed one step at a time (Alt+M)"))
        self.kind.setAccessibleName(self.tr("Module"))
        self.line.setToolTip(self.tr("Paste a line of PyTorch; it is read, never run, and fills in the fields below"))
        self.seed_box.setToolTip(
            self.tr("torch.manual_seed before the network is made: the same seed, the same weights")
        )
        self.preview.setAccessibleName(self.tr("The network's parameters"))

    def _lay_out(self) -> None:
        form = self.form
        form.addRow(self.tr("&PyTorch line"), self.line)
        form.addRow("", self.line_problem)
        form.addRow(self.tr("&Module"), self.kind)
        for argument in ARGUMENTS:
            self._add_row(argument)
        form.addRow(self.tr("&Weights"), self.weights)
        form.setRowVisible(self.weights, self.weights.asks)
        form.addRow("seed", self.seed_box)
        form.addRow("", self.seed_note)
        self.seed_box.setAccessibleName("seed")
        for field in (self.kind, self.seed_box, *self.fields.values()):
            field.setFixedWidth(130)
        fill_column(self, form, self.problem, (self.preview, 1), self.buttons)
        self.resize(QSize(760, 760).boundedTo(self.screen().availableSize() - QSize(0, 60)))

    def _add_row(self, argument: Argument) -> None:
        field, help_text = (
            self.fields[argument.name],
            QLabel(format_remark(engine_text(argument.help), argument.allowed)),
        )
        row = fill_row(None, field, (help_text, 1))
        self.form.addRow(argument.name, row)
        self._rows[argument.name] = row
        field.setAccessibleName(argument.name)
        field.setToolTip(help_text.text())

    def _show_rows(self) -> None:
        """Show the arguments that the module has, and no others."""
        names = arguments_of(self.kind.currentData())
        for name, row in self._rows.items():
            self.form.setRowVisible(row, name in names)

    def _connect(self) -> None:
        self.kind.currentIndexChanged.connect(lambda _: self._on_kind())
        for field in self.fields.values():
            _changes(field).connect(lambda *_: self._on_field())
        self.line.textEdited.connect(self._on_line)
        self.seed_box.valueChanged.connect(self._on_seed)
        self.weights.activated.connect(lambda _: self._update())

    def _show_seed(self) -> None:
        self.seed_box.setValue(min(self.seed, _LAST_SEED))
        if self.seed > _LAST_SEED:
            note = self.tr("The seed is {seed}, too large for this field; it stays unless you change the field.")
            self.seed_note.show_note(note.format(seed=self.seed))

    def _on_seed(self, seed: int) -> None:
        self.seed = seed
        self.seed_note.clear()
        self.weights.choose_new()
        self._update()

    def _on_kind(self) -> None:
        """Show the arguments of this kind; the hidden ones keep what they hold, for when their kind comes back."""
        self._show_rows()
        self._on_field()

    def _on_field(self) -> None:
        """Let the fields count from now on, not the line."""
        self.line.clear()
        self.line_problem.clear()
        self._update()

    def _on_line(self, text: str) -> None:
        if not text.strip():
            self.line_problem.clear()
            self._update()
            return
        try:
            spec = parse_constructor(text)
        except GatescopeError as error:
            about = describe_file(read_typed_path(text)) or error.message
            self.line_problem.show_problem(format_message(about))
        else:
            self._take(spec)
        self._update()

    def _take(self, spec: ModuleSpec) -> None:
        """Fill in the fields; where one cannot hold its value, say so and keep what they hold."""
        former = self._values()
        wanted = {name: getattr(spec, name) for name in self.fields}
        self._fill_in(wanted)
        found = self._values()
        changed = [name for name in wanted if found[name] != wanted[name]]
        if not changed:
            self._choose_kind(spec.kind)
            self.line_problem.clear()
            return
        self._fill_in(former)
        name = changed[0]
        problem = {"name": name, "allowed": self._allowed(name), "value": wanted[name]}
        self.line_problem.show_problem(format_message(Message("out_of_range", problem)))

    def _choose_kind(self, kind: str) -> None:
        with QSignalBlocker(self.kind):
            self.kind.setCurrentIndex(self.kind.findData(kind))
        self._show_rows()

    def _arguments(self) -> dict[str, Any]:
        """Return what the chosen module is made with."""
        kind = self.kind.currentData()
        own = {name: value for name, value in self._values().items() if name in arguments_of(kind)}
        return own | {"kind": kind}

    def _values(self) -> dict[str, Any]:
        return {name: _read(field) for name, field in self.fields.items()}

    def _fill_in(self, values: dict[str, Any]) -> None:
        for name, value in values.items():
            field = self.fields[name]
            with QSignalBlocker(field):
                _write(field, value)

    def _allowed(self, name: str) -> str:
        field = self.fields[name]
        if isinstance(field, QDoubleSpinBox):
            return self.tr("0 … 1 with at most {count} decimals").format(count=_DECIMALS)
        assert isinstance(field, QSpinBox)
        return f"{field.minimum()} … {field.maximum()}"

    def _update(self) -> None:
        """Read the fields; show the network that they make, or why they make none."""
        try:
            self.spec = ModuleSpec(**self._arguments())
        except GatescopeError as error:
            self.problem.show_problem(format_message(error.message))
            self.ok.setEnabled(False)
            return
        self.problem.clear()
        self.weights.fit(self.spec, self.seed)
        chosen = self.weights.keeps is not None
        self.ok.setEnabled(chosen and self.line_problem.isHidden())  # a refused line makes none, whatever fields hold
        if not chosen:
            self.problem.show_problem(self.weights.describe_misfit(self.spec, self.seed))
        else:
            self._make_revision()
        self.preview.setPlainText(self._preview())

    @property
    def keeps_weights(self) -> bool:
        """Whether the network has the weights that there were."""
        return self.weights.keeps is True

    def _make_revision(self) -> None:
        """Put the network where the former was, and say what does not stay."""
        former = self._former.setup
        new = (
            with_arguments(former, self.spec)
            if self.keeps_weights
            else with_network(former, self.spec, FromSeed(self.seed))
        )
        self.revision = with_fitting_edits(self._former, new)
        if notes := describe_losses(self._former, self.revision, keeps_weights=self.keeps_weights):
            self.problem.show_note("\n".join(notes))

    def _preview(self) -> str:
        lines = [self.spec.constructor(), ""]
        shown = 24  # a deep network's parameters repeat; no need to name all of them for a preview
        parameters = (
            self.spec.parameters() if self.spec.num_layers <= 1000 else replace(self.spec, num_layers=8).parameters()
        )
        lines += [f"{name:24} {shape}" for name, shape in list(parameters.items())[:shown]]
        if len(parameters) > shown:
            lines.append("...")
        size = self.spec.parameter_count
        lines += ["", self.tr("{count} parameters, {bytes} bytes").format(
            count=f"{size:,}", bytes=f"{size * ITEM_BYTES[self.spec.dtype]:,}"
        )]  # fmt: skip
        return "\n".join(lines)


class _DropoutBox(QDoubleSpinBox):
    """A probability, written as short as it is."""

    def __init__(self) -> None:
        super().__init__(minimum=0.0, maximum=1.0, singleStep=0.1, decimals=_DECIMALS)

    def textFromValue(self, value: float) -> str:
        """Leave out the zeros at the end."""
        return f"{value:.{_DECIMALS}f}".rstrip("0").rstrip(".")


def _fields(devices: list[str]) -> dict[str, QWidget]:
    dtype, device, nonlinearity = QComboBox(), QComboBox(), QComboBox()
    dtype.addItems(list(ITEM_BYTES))
    device.addItems(devices)
    nonlinearity.addItems(list(_NONLINEARITIES))
    return {
        "input_size": spin_box(1, _MOST), "hidden_size": spin_box(1, _MOST), "num_layers": spin_box(1, _MOST),
        "nonlinearity": nonlinearity,
        "bias": QCheckBox(), "batch_first": QCheckBox(), "dropout": _DropoutBox(), "bidirectional": QCheckBox(),
        "proj_size": spin_box(0, _MOST), "device": device, "dtype": dtype,
    }  # fmt: skip


def _read(field: QWidget) -> Any:
    if isinstance(field, QSpinBox | QDoubleSpinBox):
        return field.value()
    if isinstance(field, QCheckBox):
        return field.isChecked()
    assert isinstance(field, QComboBox)
    return field.currentText()


def _write(field: QWidget, value: Any) -> None:
    if isinstance(field, QSpinBox | QDoubleSpinBox):
        field.setValue(value)
    elif isinstance(field, QCheckBox):
        field.setChecked(value)
    elif isinstance(field, QComboBox):
        if field.findText(value) < 0:
            field.addItem(value)  # a device of this machine's that is not there; the run will say so
        field.setCurrentText(value)


def _changes(field: QWidget) -> Any:
    if isinstance(field, QSpinBox | QDoubleSpinBox):
        return field.valueChanged
    if isinstance(field, QCheckBox):
        return field.checkStateChanged
    assert isinstance(field, QComboBox)
    return field.currentTextChanged
