"""Choose one of the recurrent modules inside a checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from gatescope.messages import Progress
from gatescope.spec import ModuleSpec
from gatescope_app.dialogs.choose_dialog import ChooseDialog
from gatescope_app.language import say
from gatescope_app.sources import FromCheckpoint
from gatescope_app.theme import Theme
from gatescope_app.work import Worker

if TYPE_CHECKING:  # imports torch
    from gatescope.checkpoints import Checkpoint, Found

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
        self.nonlinearity = QComboBox()
        super().__init__(theme, parent, worker)
        self.setWindowTitle(self.tr("Open checkpoint"))
        self.table.setAccessibleName(self.tr("Recurrent modules in the file"))
        self.details.setAccessibleName(self.tr("The module's parameters"))
        self.nonlinearity.currentIndexChanged.connect(lambda _: self._on_nonlinearity())

    def open_file(self, path: str, prefix: str | None = None) -> None:
        """Read a file; the module with the prefix is chosen at first."""

        def job(_progress: Progress) -> Checkpoint:
            from gatescope.checkpoints import open_checkpoint  # noqa: PLC0415 - imports torch

            return open_checkpoint(Path(path))

        self.read(path, job, prefix)

    def extra(self) -> QWidget:
        """Ask for what no shape tells."""
        self.nonlinearity.addItems(_NONLINEARITIES)
        self.nonlinearity.setCurrentIndex(-1)
        self.nonlinearity.setPlaceholderText(self.tr("choose…"))
        label = QLabel(self.tr("&Nonlinearity, which the weights of an RNN do not tell"))
        label.setBuddy(self.nonlinearity)
        self._question = QWidget()
        row = QHBoxLayout(self._question)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(self.nonlinearity)
        row.addStretch(1)
        self._question.hide()
        return self._question

    def titles(self) -> Sequence[str]:
        """Return the titles of the columns."""
        return self.tr("Module"), self.tr("Kind"), self.tr("Sizes"), self.tr("Type"), self.tr("Problem")

    def texts(self, found: Found) -> Sequence[str]:
        """Describe a module."""
        kind = f"nn.{found.kind}" if found.kind else "?"
        problem = "" if found.problem is None else say(found.problem)
        return found.prefix or self.tr("(the file itself)"), kind, self._sizes(found), found.dtype, problem

    def _sizes(self, found: Found) -> str:
        if found.problem is not None:
            return ""
        spec = found.spec(_NONLINEARITIES[0] if found.nonlinearity_unknown else None)
        parts = [f"{spec.input_size} → {spec.hidden_size}"]
        if spec.num_layers > 1:
            parts.append(self.tr("{count} layers").format(count=spec.num_layers))
        if spec.bidirectional:
            parts.append(self.tr("both directions"))
        if spec.proj_size:
            parts.append(f"proj_size {spec.proj_size}")
        return ", ".join(parts)

    def things_of(self, result: Checkpoint) -> Sequence[Found]:
        """List the modules."""
        self._path = result.path
        return result.modules

    def is_called(self, thing: Found, inside: str) -> bool:
        """Compare the prefix."""
        return thing.prefix == inside

    def choose(self, thing: Found) -> None:
        """Show the parameters; a module with a problem cannot be taken, an RNN not before its nonlinearity is known."""
        self.details.setPlainText("\n".join(f"{name:28} {shape}" for name, shape in thing.shapes.items()))
        self.note.clear()
        self._question.setVisible(thing.nonlinearity_unknown and thing.problem is None)
        if thing.problem is not None:
            self.refuse(thing.problem)
            return
        chosen = self.nonlinearity.currentText() if thing.nonlinearity_unknown else None
        self.ok.setEnabled(chosen != "")
        if chosen != "":
            self.spec, self.source = thing.spec(chosen), FromCheckpoint(thing, self._path)
            self._say_what_is_fed(self.spec.input_size)

    def _on_nonlinearity(self) -> None:
        row = self.table.currentIndex().row()
        if row >= 0:
            self.choose(self.rows.things[row])

    def _say_what_is_fed(self, width: int) -> None:
        if width != self._width:
            text = self.tr(
                "The sequence has {old} numbers a step. The network takes {new}, so it starts with an impulse."
            )
            self.note.show_note(text.format(old=self._width, new=width))
