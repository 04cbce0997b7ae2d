"""Choose one of the recurrent modules inside a checkpoint, and what answers on top of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from gatescope.formats.readers import read_file
from gatescope.modules.spec import ModuleSpec
from gatescope_app.dialogs.choose_dialog import ChooseDialog
from gatescope_app.look.language import format_message, join_texts
from gatescope_app.look.theme import Theme
from gatescope_app.state.sources import FromCheckpoint
from gatescope_app.state.worker import Worker

if TYPE_CHECKING:  # imports torch
    from gatescope.formats.checkpoints import Checkpoint, FoundModule

_NONLINEARITIES = ("tanh", "relu")


class CheckpointDialog(ChooseDialog):
    """Asks for a module; `spec` and `source` are what was chosen.

    Parameters
    ----------
    width : int
        How many numbers a step of the current sequence has.
    """

    spec: ModuleSpec
    source: FromCheckpoint

    def __init__(self, width: int, theme: Theme, parent: QWidget | None, worker: Worker) -> None:
        self._width = width
        self.nonlinearity, self.head = QComboBox(), QComboBox()
        self._listed: FoundModule | None = None  # whose heads there are to choose from
        super().__init__(theme, parent, worker)
        self.setWindowTitle(self.tr("Open checkpoint"))
        self.table.setAccessibleName(self.tr("Recurrent modules in the file"))
        self.details.setAccessibleName(self.tr("The module's parameters"))
        for box in (self.nonlinearity, self.head):
            box.currentIndexChanged.connect(lambda _: self._choose_again())

    def read(self, path: str) -> Any:
        return read_file(path, "checkpoint")

    def extra(self) -> QWidget:
        """Ask for what no shape tells, and for the head."""
        self.nonlinearity.addItems(_NONLINEARITIES)
        self.nonlinearity.setCurrentIndex(-1)
        self.nonlinearity.setPlaceholderText(self.tr("choose…"))
        self._question = QLabel(self.tr("&Nonlinearity, which the weights of an RNN do not tell"))
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
        rows = ((self._question, self.nonlinearity), (self._head_label, self.head))
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
            self.spec = thing.spec(chosen)
            linear = (None, *thing.heads)[self.head.currentIndex()]
            self.source = FromCheckpoint(thing, Path(self.path), linear)
            self._describe_new_input(self.spec.input_size)

    def _ask(self, thing: FoundModule) -> None:
        """Show the questions that this module leaves."""
        usable = thing.problem is None
        for widget in (self._question, self.nonlinearity):
            widget.setVisible(usable and thing.nonlinearity_unknown)
        for widget in (self._head_label, self.head):
            widget.setVisible(usable)
        if usable and thing is not self._listed:
            self._listed = thing
            self._list_heads(thing)

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

    def _describe_new_input(self, width: int) -> None:
        if width != self._width:
            text = self.tr(
                "The sequence has {old} numbers a step. The network takes {new}, so it starts with an impulse."
            )
            self.note.show_note(text.format(old=self._width, new=width))


def _with_any_nonlinearity(found: FoundModule) -> ModuleSpec:
    """Return its arguments, of which the sizes are certain."""
    return found.spec(_NONLINEARITIES[0] if found.nonlinearity_unknown else None)
