"""Choose one of the recurrent modules inside a checkpoint, and what answers on top of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from gatescope.formats.readers import read_file
from gatescope.messages.message import Message, describe_several
from gatescope.modules.spec import ModuleSpec
from gatescope_app.dialogs.choose_dialog import ChooseDialog
from gatescope_app.dialogs.network_losses import describe_misfits
from gatescope_app.dialogs.reading_choice import ReadingChoice
from gatescope_app.look.language import format_message, join_texts
from gatescope_app.look.theme import Theme
from gatescope_app.state.batch_layouts import has_batch_first, read_as
from gatescope_app.state.network_changes import takes_sequence, with_network
from gatescope_app.state.runs import Setup, impulse
from gatescope_app.state.sources import FromCheckpoint
from gatescope_app.state.worker import Worker

if TYPE_CHECKING:  # imports torch
    from gatescope.formats.checkpoints import Checkpoint, FoundModule

_NONLINEARITIES = ("tanh", "relu")


class CheckpointDialog(ChooseDialog):
    """Asks for a module; `setup` is what was chosen.

    Parameters
    ----------
    current : Setup
        Whose sequence the module is fed, where it can take it.
    """

    setup: Setup

    def __init__(self, current: Setup, theme: Theme, parent: QWidget | None, worker: Worker) -> None:
        self._current = current.unedited
        self.nonlinearity, self.head, self.reading = QComboBox(), QComboBox(), ReadingChoice()
        self._listed: FoundModule | None = None  # whose heads there are to choose from
        super().__init__(theme, parent, worker)
        self.setWindowTitle(self.tr("Open checkpoint"))
        self.table.setAccessibleName(self.tr("Recurrent modules in the file"))
        self.details.setAccessibleName(self.tr("The module's parameters"))
        for box in (self.nonlinearity, self.reading, self.head):
            box.currentIndexChanged.connect(lambda _: self._choose_again())

    def read(self, path: str) -> Any:
        return read_file(path, "checkpoint")

    def extra(self) -> QWidget:
        """Ask for what no shape tells, and for the head."""
        self.nonlinearity.addItems(_NONLINEARITIES)
        self.nonlinearity.setCurrentIndex(-1)
        self.nonlinearity.setPlaceholderText(self.tr("choose…"))
        self._question = QLabel(self.tr("&Nonlinearity, which the weights of an RNN do not tell"))
        self._reading_label = QLabel(self.tr("&Batch, whose place the weights do not tell"))
        self._head_label = QLabel(self.tr("&Head, for predictions"))
        self.head.setToolTip(
            self.tr(
                "The nn.Linear that reads the module's output itself; that there is nothing in between, no file tells "
                "(Alt+H)"
            )
        )
        extra = QWidget()
        grid = QGridLayout(extra)
        grid.setContentsMargins(0, 0, 0, 0)
        self.reading.setToolTip(
            self.tr(
                "Which axis of the array is the batch, and which is time: both run, and only one is right. It can be "
                "changed in Sequence (Ctrl+E) later, and the weights stay (Alt+B)"
            )
        )
        rows = ((self._question, self.nonlinearity), (self._reading_label, self.reading), (self._head_label, self.head))
        for row, (label, box) in enumerate(rows):
            label.setBuddy(box)
            grid.addWidget(label, row, 0)
            grid.addWidget(box, row, 1)
            label.hide()
            box.hide()
        grid.setColumnStretch(2, 1)
        return extra

    def titles(self) -> Sequence[str]:
        return self.tr("Module"), self.tr("Kind"), self.tr("Sizes"), self.tr("Type"), self.tr("Problem")

    def texts(self, found: FoundModule) -> Sequence[str]:
        kind = f"nn.{found.kind}" if found.kind else "?"
        problem = "" if found.problem is None else format_message(found.problem)
        return found.prefix or self.tr("(the file itself)"), kind, self._sizes(found), found.dtype, problem

    def _sizes(self, found: FoundModule) -> str:
        if found.problem is not None:
            return ""
        spec = _with_any_nonlinearity(found)
        parts = [f"{spec.input_size} → {spec.hidden_size}"]
        if spec.num_layers > 1:
            parts.append(self.tr("{count} layers").format(count=spec.num_layers))
        if spec.bidirectional:
            parts.append(self.tr("both directions"))
        if spec.proj_size:
            parts.append(f"proj_size {spec.proj_size}")
        return join_texts(parts)

    def things_of(self, result: Checkpoint) -> Sequence[FoundModule]:
        return result.modules

    def is_called(self, thing: FoundModule, inside: str) -> bool:
        return thing.prefix == inside

    def choose(self, thing: FoundModule) -> None:
        """Show the parameters; a module with a problem cannot be taken, an RNN not before its nonlinearity is known."""
        self.details.setPlainText("\n".join(f"{name:28} {shape}" for name, shape in thing.shapes.items()))
        self.note.clear()
        self._ask(thing)
        if thing.problem is not None:
            self.refuse(thing.problem)
            return
        chosen = self.nonlinearity.currentText() if thing.nonlinearity_unknown else None
        self.ok.setEnabled(chosen != "")
        if chosen != "":
            self.setup = self._setup_with(thing, chosen)
        self._show_notes(thing)

    def _setup_with(self, thing: FoundModule, nonlinearity: str | None) -> Setup:
        batch_first = bool(self.reading.batch_first)
        spec = thing.spec(nonlinearity)
        read = read_as(self._current, batch_first=batch_first) if self.reading.isEnabled() else self._current
        if has_batch_first(spec):
            spec = replace(spec, batch_first=batch_first)
        linear = (None, *thing.heads)[self.head.currentIndex()]
        return with_network(read, spec, FromCheckpoint(thing, Path(self.path), linear))

    def _ask(self, thing: FoundModule) -> None:
        """Show the questions that this module leaves."""
        usable = thing.problem is None
        for widget in (self._question, self.nonlinearity):
            widget.setVisible(usable and thing.nonlinearity_unknown)
        for widget in (self._reading_label, self.reading, self._head_label, self.head):
            widget.setVisible(usable)
        if usable and thing is not self._listed:
            self._listed = thing
            self._list_heads(thing)
            self._list_readings(thing)

    def _list_readings(self, thing: FoundModule) -> None:
        """List how the sequence can be read; as it is now, until another is chosen."""
        now, spec = self._current, _with_any_nonlinearity(thing)
        fed = replace(now, spec=spec) if takes_sequence(now, spec) else Setup(spec, impulse(spec.input_size))
        self.reading.offer(fed, proposed=now.spec.batch_first)

    def _list_heads(self, thing: FoundModule) -> None:
        """List what fits; nothing is chosen where it is not certain."""
        none = self.tr("none")
        if not thing.heads:
            spec = _with_any_nonlinearity(thing)
            none = self.tr("none: no Linear in the file reads {width} numbers")
            none = none.format(width=spec.output_size * len(spec.directions))
        with QSignalBlocker(self.head):
            self.head.clear()
            self.head.addItems([none, *(linear.label for linear in thing.heads)])
            self.head.setCurrentIndex((None, *thing.heads).index(thing.likely_head))
        self.head.setEnabled(bool(thing.heads))

    def _choose_again(self) -> None:
        row = self.table.currentIndex().row()
        if row >= 0:
            self.choose(self.model.rows[row])

    def _show_notes(self, thing: FoundModule) -> None:
        """Say what the module has beyond torch's, and what becomes of the sequence."""
        notes, spec = [], _with_any_nonlinearity(thing)
        if thing.others:
            fields = {"path": thing.prefix or Path(self.path).name, "names": describe_several(thing.others)}
            notes.append(format_message(Message("module_has_more", {**fields, "module": spec.module_name})))
        new = self._setup_with(thing, spec.nonlinearity)
        notes += describe_misfits(self._current, new)
        if new.states:
            text = self.tr("It starts from what was given: {states}.")
            notes.append(text.format(states=join_texts(new.states)))
        if notes:
            self.note.show_note("\n".join(notes))


def _with_any_nonlinearity(found: FoundModule) -> ModuleSpec:
    """Return its arguments, of which the sizes are certain."""
    return found.spec(_NONLINEARITIES[0] if found.nonlinearity_unknown else None)
