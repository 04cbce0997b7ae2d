"""Give the sequence and the initial states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QLabel,
    QSpinBox,
    QTabWidget,
    QWidget,
)

from gatescope.formats.sequences import Numbers
from gatescope.messages.message import GatescopeError, Message
from gatescope_app.dialogs.file_page import FilePage
from gatescope_app.dialogs.ok_cancel_dialog import OkCancelDialog
from gatescope_app.dialogs.reading_choice import ReadingChoice
from gatescope_app.dialogs.sequence_page import Page
from gatescope_app.dialogs.sequence_pages import ExamplePage, NumbersPage, TextPage
from gatescope_app.dialogs.state_page import StatePage
from gatescope_app.look.language import format_message, format_named
from gatescope_app.look.theme import Theme
from gatescope_app.state.batch_layouts import has_batch_first, read_as, reading_is_open, require_reading
from gatescope_app.state.runs import Setup
from gatescope_app.state.sources import FromSeed
from gatescope_app.state.worker import Worker
from gatescope_app.widgets.box_layouts import STRETCH, fill_column, fill_row
from gatescope_app.widgets.problem_label import ProblemLabel


class SequenceDialog(OkCancelDialog):
    """Asks for a sequence; `setup` is what is to be run, `element` the batch element to show."""

    def __init__(
        self, current: Setup, element: int, language: str, theme: Theme, parent: QWidget | None = None,
        worker: Worker | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._current = current
        self.setup = current
        self.worker = worker or Worker(self)  # one from outside may go on reading when the dialog is gone
        self._file = FilePage(self.worker)
        self.pages: tuple[Page, ...] = (
            TextPage(current),
            NumbersPage(current),
            self._file,
            ExamplePage(language, current),
        )
        self._edited: Page = self.pages[_page_of(current)]
        self._passed_over: GatescopeError | None = None  # what is wrong with a page that does not count now
        self.states = StatePage(current)
        self.tabs = QTabWidget()
        self.reading, self.reading_label = ReadingChoice(), QLabel()
        self._accepting = False  # OK was pressed, and the page is still reading
        self.fit = QCheckBox()
        self.summary, self.problem = QLabel(), ProblemLabel(theme)
        self.element, self.element_label = QSpinBox(), QLabel()
        self._set_texts()
        self._lay_out()
        self.element.setRange(0, current.batch_size - 1)
        self.element.setValue(element)
        self._connect()
        self._choose_page()
        self._update()

    def _set_texts(self) -> None:
        self.setWindowTitle(self.tr("Sequence"))
        titles = (self.tr("Text"), self.tr("Numbers"), self.tr("File"), self.tr("Example"))
        for page, title in zip(self.pages, titles, strict=True):
            self.tabs.addTab(page, title)
        self.tabs.addTab(self.states, self.tr("Initial state"))
        self.reading_label.setText(self.tr("&Read the batch as"))
        self.reading_label.setBuddy(self.reading)
        self.reading.setToolTip(
            self.tr("Which axis of the array is the batch, and which is time; the network's weights stay (Alt+R)")
        )
        self.element_label.setText(self.tr("Batch &element shown"))
        self.element_label.setBuddy(self.element)

    def _lay_out(self) -> None:
        row = fill_row(None, (self.summary, 1), self.element_label, self.element)
        reading = fill_row(None, self.reading_label, self.reading, STRETCH)
        fill_column(self, (self.tabs, 1), reading, row, self.fit, self.problem, self.buttons)
        self.resize(720, 560)

    def _connect(self) -> None:
        for page in self.pages:
            page.edited.connect(lambda page=page: self._on_edited(page))
            page.refused.connect(self._refuse)
            page.settled.connect(self._on_settled)
        self.states.edited.connect(self._update)
        self.states.refused.connect(self._refuse)
        self.element.valueChanged.connect(self.states.show_element)
        self.reading.currentIndexChanged.connect(self._update)
        self.fit.toggled.connect(self._update)
        self.tabs.currentChanged.connect(self._stop_accepting)
        self.tabs.currentChanged.connect(self._update)
        self._file.path.textEdited.connect(self._stop_accepting)
        by_keys = QShortcut(QKeySequence("Ctrl+Return"), self)  # Return is a character of the text
        by_keys.activated.connect(self.ok.click)
        self.ok.setToolTip(self.tr("Run this sequence (Ctrl+Return)"))
        self.finished.connect(lambda _: self.worker.cancel())

    def _choose_page(self) -> None:
        """Start where the current sequence came from."""
        self.tabs.setCurrentIndex(_page_of(self._current))

    def open_file(self, path: str) -> None:
        """Start with a file."""
        self.tabs.setCurrentWidget(self._file)
        self._file.open(path)

    @property
    def path(self) -> str | None:
        """The file that the sequence is of; None where it was given otherwise."""
        return self._file.path.text() if self._source() is self._file and self._file.is_read else None

    def _on_edited(self, page: Page) -> None:
        self._edited = page
        self._update()

    def _on_settled(self) -> None:
        """Go on with what OK asked for, where what was read can be taken."""
        if self._accepting and self.ok.isEnabled():
            self.accept()
        self._accepting = False

    def _stop_accepting(self) -> None:
        """Stay open: after OK something else was typed or looked at."""
        self._accepting = False

    def _source(self) -> Page:
        """Return the page that counts: the one on show; beside the initial states the last edited, if it is right."""
        on_show, self._passed_over = self.tabs.currentIndex(), None
        if on_show < len(self.pages):
            return self.pages[on_show]
        try:
            self._edited.setup(self._current)
        except GatescopeError as error:
            self._passed_over = error
            return self.pages[_page_of(self._current)]
        return self._edited

    def _refuse(self, message: Message) -> None:
        self.problem.show_problem(format_message(message))

    def _update(self) -> None:
        """Read the page; show what it gives, or why it gives nothing."""
        try:
            page = self._source()
            setup = self._read(page, page.setup(self._current))
            self._offer_fit(setup)
            if self.fit.isChecked():
                setup = _fitted(setup)
            setup.sequence.require_width(setup.spec)
        except GatescopeError as error:
            self.summary.clear()
            self._refuse(error.message)
            self.ok.setEnabled(False)
            if self._accepting and self.reading.isVisible() and self.reading.batch_first is None:
                self.reading.setFocus()
            self._accepting = False
            return
        self.setup = setup
        self.ok.setEnabled(True)
        self.states.fit(setup)
        self._show(page, setup)

    def _read(self, page: Page, setup: Setup) -> Setup:
        """Read a batch as it was chosen; as the network takes it, where that is known and nothing else was chosen."""
        asked = setup.batched and setup.lengths is None
        asked = asked and (has_batch_first(setup.spec) or isinstance(page, FilePage))  # a cell's is turned round once
        for widget in (self.reading, self.reading_label):
            widget.setVisible(asked)
        if not asked:
            return setup
        self.reading.offer(setup, proposed=None if reading_is_open(self._current) else setup.spec.batch_first)
        if self.reading.batch_first is None:
            require_reading(setup, setup.source.place)
            return setup
        page.read_as(batch_first=self.reading.batch_first)
        return read_as(setup, batch_first=self.reading.batch_first)

    def _offer_fit(self, setup: Setup) -> None:
        width = setup.sequence.width
        fits = width == setup.spec.input_size
        self.fit.setVisible(not fits)
        weights = self.tr("new weights from seed {seed}")
        if not setup.source.can_be_made_again:
            weights = self.tr("new weights from seed {seed} replace those of {weights}")
        weights = weights.format(seed=setup.seed, weights=setup.source.name)
        self.fit.setText(
            self.tr("Make the network &fit: input_size = {width}, {weights}").format(width=width, weights=weights)
        )
        if fits and self.fit.isChecked():
            self.fit.setChecked(False)

    def _show(self, page: Page, setup: Setup) -> None:
        sizes = {"steps": setup.steps, "width": setup.sequence.width, "batch": setup.batch_size}
        single, batch = (
            self.tr("{steps} steps of {width} numbers"),
            self.tr("{steps} steps of {width} numbers, batch of {batch}"),
        )
        text = (batch if setup.batched else single).format(**sizes)
        source = self.tabs.tabText(self.pages.index(page))
        known = page is not self._file or self._file.is_read  # a file that is only named gives nothing yet
        self.summary.setText(f"{format_named(source, text)}  →  {setup.spec.constructor()}" if known else "")
        for widget in (self.element, self.element_label):
            widget.setVisible(setup.batched)
        self.element.setMaximum(setup.batch_size - 1)
        if self._passed_over is not None:
            title = self.tabs.tabText(self.pages.index(self._edited))
            note = self.tr("{page} is left out: {problem}")
            self.problem.show_note(note.format(page=title, problem=format_message(self._passed_over.message)))
        elif losses := self.states.describe_losses():
            self.problem.show_note(losses)
        elif setup.lengths is not None or np.isfinite(setup.sequence.values).all():  # NaN stands behind each length
            self.problem.clear()
        else:
            note = self.tr("The sequence has NaN or infinity; from there on nothing can be compared with {module}.")
            self.problem.show_note(note.format(module=f"nn.{setup.spec.kind}"))

    def accept(self) -> None:
        """Add the initial states; what an example says holds for its own, zeros.

        What is still to be read is waited for; Cancel ends that, too.
        """
        self._accepting = self._source().settle()
        if self._accepting:
            return
        states = self.states.values()
        example = None if states else self.setup.example
        source = self.setup.source if _equal(states, self._current.states) else self.setup.source.rerun()
        self.setup = replace(self.setup, states=states, example=example, source=source)
        super().accept()


def _equal(one: Mapping[str, Numbers], other: Mapping[str, Numbers]) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name], equal_nan=True) for name in one)


def _page_of(setup: Setup) -> int:
    """Return which page shows a setup's sequence: as text, or as numbers; recorded tokens tell no vocabulary."""
    return 0 if setup.sequence.vocabulary else 1


def _fitted(setup: Setup) -> Setup:
    """Give the network the sequence's width; its weights are then new ones."""
    if setup.sequence.width == setup.spec.input_size:
        return setup
    spec = replace(setup.spec, input_size=setup.sequence.width)
    return replace(setup, spec=spec, source=FromSeed(setup.seed), example=None)
