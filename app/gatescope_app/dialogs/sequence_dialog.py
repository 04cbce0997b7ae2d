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
from gatescope_app.dialogs.ok_cancel_dialog import OkCancelDialog
from gatescope_app.dialogs.sequence_pages import ExamplePage, FilePage, NumbersPage, Page, TextPage
from gatescope_app.dialogs.state_page import StatePage
from gatescope_app.look.language import format_message, format_named
from gatescope_app.look.theme import Theme
from gatescope_app.state.runs import Setup
from gatescope_app.state.sources import FromSeed
from gatescope_app.state.worker import Worker
from gatescope_app.widgets.box_layouts import fill_column, fill_row
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
        self.pages: tuple[Page, ...] = (
            TextPage(current),
            NumbersPage(current),
            FilePage(self.worker),
            ExamplePage(language, current),
        )
        self._edited: Page = self.pages[_page_of(current)]
        self.states = StatePage(current)
        self.tabs = QTabWidget()
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
        self.element_label.setText(self.tr("Batch &element shown"))
        self.element_label.setBuddy(self.element)

    def _lay_out(self) -> None:
        row = fill_row(None, (self.summary, 1), self.element_label, self.element)
        fill_column(self, (self.tabs, 1), row, self.fit, self.problem, self.buttons)
        self.resize(720, 560)

    def _connect(self) -> None:
        for page in self.pages:
            page.edited.connect(lambda page=page: self._on_edited(page))
            page.refused.connect(self._refuse)
        self.states.edited.connect(self._update)
        self.states.refused.connect(self._refuse)
        self.element.valueChanged.connect(self.states.show_element)
        self.fit.toggled.connect(self._update)
        self.tabs.currentChanged.connect(self._update)
        by_keys = QShortcut(QKeySequence("Ctrl+Return"), self)  # Return is a character of the text
        by_keys.activated.connect(self.ok.click)
        self.ok.setToolTip(self.tr("Run this sequence (Ctrl+Return)"))
        self.finished.connect(lambda _: self.worker.cancel())

    def _choose_page(self) -> None:
        """Start where the current sequence came from."""
        self.tabs.setCurrentIndex(_page_of(self._current))

    def open_file(self, path: str) -> None:
        """Start with a file."""
        page = self.pages[2]
        assert isinstance(page, FilePage)
        self.tabs.setCurrentWidget(page)
        page.open(path)

    def _on_edited(self, page: Page) -> None:
        self._edited = page
        self._update()

    def _source(self) -> Page:
        """Return the page that counts: the one on show, or beside the initial states the one last edited."""
        on_show = self.tabs.currentIndex()
        return self.pages[on_show] if on_show < len(self.pages) else self._edited

    def _refuse(self, message: Message) -> None:
        self.problem.show_problem(format_message(message))

    def _update(self) -> None:
        """Read the page; show what it gives, or why it gives nothing."""
        try:
            setup = self._source().setup(self._current)
            self._offer_fit(setup)
            if self.fit.isChecked():
                setup = _fitted(setup)
            setup.sequence.require_width(setup.spec)
        except GatescopeError as error:
            self.summary.clear()
            self._refuse(error.message)
            self.ok.setEnabled(False)
            return
        self.setup = setup
        self.ok.setEnabled(True)
        self._show(setup)
        self.states.fit(setup)

    def _offer_fit(self, setup: Setup) -> None:
        width = setup.sequence.width
        fits = width == setup.spec.input_size
        self.fit.setVisible(not fits)
        self.fit.setText(
            self.tr("Make the network &fit: input_size = {width}, new weights from seed {seed}").format(
                width=width, seed=setup.seed
            )
        )
        if fits and self.fit.isChecked():
            self.fit.setChecked(False)

    def _show(self, setup: Setup) -> None:
        text = self.tr("{steps} steps of {width} numbers").format(steps=setup.steps, width=setup.sequence.width)
        source = self.tabs.tabText(self.pages.index(self._source()))
        self.summary.setText(f"{format_named(source, text)}  →  {setup.spec.constructor()}")
        for widget in (self.element, self.element_label):
            widget.setVisible(setup.batched)
        self.element.setMaximum(setup.batch_size - 1)
        if setup.lengths is not None or np.isfinite(setup.sequence.values).all():  # NaN stands behind each length
            self.problem.clear()
        else:
            note = self.tr("The sequence has NaN or infinity; from there on nothing can be compared with {module}.")
            self.problem.show_note(note.format(module=f"nn.{setup.spec.kind}"))

    def accept(self) -> None:
        """Add the initial states; what an example says holds for its own, zeros."""
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
