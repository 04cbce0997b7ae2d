"""The memory of all units over time, what was written into it beside it, and how long it lasts."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollBar

from gatescope.cells.cell import Cell
from gatescope.cells.quantities import Quantity
from gatescope_app.look.reduction import Bins
from gatescope_app.look.theme import Theme
from gatescope_app.panels.memory.half_life_bars import HalfLifeBars
from gatescope_app.panels.memory.half_life_texts import HalfLifeText
from gatescope_app.panels.memory.map_card import MapCard
from gatescope_app.panels.memory.run_page import RunPage, same_cell
from gatescope_app.panels.memory.time_window import TimeWindow
from gatescope_app.state.session import Session
from gatescope_app.state.session_state import State
from gatescope_app.state.worker import Worker
from gatescope_app.widgets.box_layouts import fill_column
from gatescope_app.widgets.icon_buttons import IconButtons
from gatescope_app.widgets.value_label import ElidedValueLabel

_SHOWN = {"LSTM": ("c", "i", "c_tilde"), "GRU": ("h", "z", "n")}
"""The memory, then what decides what is written into it, in teaching order; of other cells h alone."""

_ICONS = {
    "closer": "mdi6.magnify-plus-outline", "wider": "mdi6.magnify-minus-outline",
    "whole": "mdi6.arrow-expand-horizontal",
}  # fmt: skip


def shown_of(cell: Cell) -> list[Quantity]:
    """Return the quantities that have a map."""
    return [cell.quantity(name) for name in _SHOWN.get(cell.name, ("h",))]


class OverTimePage(RunPage):
    """Heat maps with one axis of time, and the half-lives in the rows of the first."""

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__(session, theme)
        self.cards: dict[str, MapCard] = {}
        self.window_of_time, self.pooler = TimeWindow(), Worker(self)
        self.half_life_heading, self.bars, self.half_life_text = QLabel(), HalfLifeBars(theme), HalfLifeText()
        self.in_view, self.buttons = ElidedValueLabel(), IconButtons(_ICONS)
        self.scroll_bar = QScrollBar(Qt.Orientation.Horizontal)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        beside = self.buttons.beside(self.in_view)
        beside.setContentsMargins(0, 0, 0, 0)
        self.controls.setLayout(beside)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(1)
        self._grid.setRowStretch(2, 1)
        self._grid.addWidget(self.half_life_heading, 1, 1)
        self._grid.addWidget(self.bars, 2, 1)
        fill_column(self, (self._grid, 1), self.scroll_bar, self.half_life_text, margins=(4, 0, 4, 0), spacing=2)

    def _connect(self) -> None:
        window = self.window_of_time
        window.changed.connect(self._on_window)
        self.scroll_bar.valueChanged.connect(window.move_to)
        self.bars.unit_picked.connect(lambda unit: self.session.look_at(unit=unit))
        self.buttons["closer"].clicked.connect(lambda: window.zoom(0.5, self.session.state.cursor.t))
        self.buttons["wider"].clicked.connect(lambda: window.zoom(2.0, self.session.state.cursor.t))
        self.buttons["whole"].clicked.connect(window.show_all)

    def retranslate(self) -> None:
        self.half_life_heading.setText(self.tr("half-life, steps"))
        self.half_life_heading.setToolTip(
            self.tr("After how many steps half of a memory is left, with what the unit typically keeps (whole run)")
        )
        self.bars.setAccessibleName(self.tr("Half-life of each unit"))
        self.buttons.set_texts({
            "closer": self.tr("Show fewer steps (Ctrl+wheel, or + in a map)"),
            "wider": self.tr("Show more steps (Ctrl+wheel, or - in a map)"),
            "whole": self.tr("Show the whole run (double click, or 0 in a map)"),
        })  # fmt: skip
        self.scroll_bar.setAccessibleName(self.tr("Steps in view"))

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.buttons.set_theme(theme)

    def clear(self) -> None:
        self.pooler.cancel()
        self.half_life_text.clear()
        for name, card in self.cards.items():
            card.map.set_data(None, self.theme)
            self.bars.set_half_lives(None, name, self.theme)

    # following the session

    def show_state(self, old: State | None, new: State) -> None:
        """Draw again in another cell; else only mark the current step and unit."""
        if old is None or old.setup.spec.cell is not new.setup.spec.cell:
            self._make_cards(new)
        if old is None or not same_cell(old, new):
            self._show_cell(new)
        self.window_of_time.follow(new.cursor.t)
        for card in self.cards.values():
            card.follow(new)
        self.bars.select(new.focus.unit)
        self.half_life_text.follow(new)

    def _make_cards(self, state: State) -> None:
        for part in (part for card in self.cards.values() for part in card.parts):
            part.hide()
            part.deleteLater()
        quantities = shown_of(state.setup.spec.cell)
        self.cards = {one.name: MapCard(self.theme, self.window_of_time, one) for one in quantities}
        for column, card in zip((0, 2, 3), self.cards.values(), strict=False):
            self._add(card, column)
        self.bars.set_beside(next(iter(self.cards.values())).map)
        for column, stretch in ((0, 5), (2, 4), (3, 4)):
            self._grid.setColumnStretch(column, stretch if column < 2 or len(self.cards) > 1 else 0)
        for widget in (self.half_life_heading, self.bars, self.half_life_text):
            widget.setVisible(state.setup.spec.cell.memory_state is not None)

    def _add(self, card: MapCard, column: int) -> None:
        for row, part in enumerate(card.parts):
            self._grid.addWidget(part, row, column)
        name = card.quantity.name
        card.map.step_picked.connect(self.session.run_to)
        card.map.unit_picked.connect(lambda unit: self.session.look_at(unit=unit, quantity=name))
        card.map.pointed.connect(lambda over: self.session.point_at(name if over else None))

    def _show_cell(self, state: State) -> None:
        for name, card in self.cards.items():
            card.set_values(state.values(name), state, self.theme)
        self.window_of_time.set_steps(state.setup.steps)
        self._on_window()
        self._compute_half_lives(state)

    def _on_window(self) -> None:
        window = self.window_of_time
        with QSignalBlocker(self.scroll_bar):
            self.scroll_bar.setRange(0, window.steps - window.count)
            self.scroll_bar.setPageStep(window.count)
            self.scroll_bar.setValue(window.first)
        self.scroll_bar.setVisible(not window.whole)
        whole = self.tr("the only step") if window.steps == 1 else self.tr("all {steps} steps")
        text = whole if window.whole else self.tr("steps {first} to {last} of {steps}")
        self.in_view.setText(text.format(steps=window.steps, first=window.first, last=window.stop - 1))
        self._pool()

    def _pool(self) -> None:
        """Bring the steps in view down to a few thousand columns."""
        first, data = self.window_of_time.first, {name: card.map.data for name, card in self.cards.items()}
        known = {name: one for name, one in data.items() if one is not None}
        jobs = {name: (one.values, first, min(self.window_of_time.stop, one.present)) for name, one in known.items()}
        size = sum(self.window_of_time.count * one.units for one in known.values())
        self.compute(size, lambda _: {name: Bins.of(*job) for name, job in jobs.items()}, self._on_pooled, self.pooler)

    def _on_pooled(self, found: dict[str, Bins | None]) -> None:
        for name, bins in found.items():
            self.cards[name].map.set_bins(bins)

    def _compute_half_lives(self, state: State) -> None:
        memory = state.setup.spec.cell.memory_state
        self.half_life_text.clear()
        if state.run is None or memory is None:
            return
        trace, focus, theme = state.run.trace, state.focus, self.theme
        self.bars.set_half_lives(None, memory, theme)

        def done(found: Any) -> None:
            self.bars.set_half_lives(found, memory, theme)
            self.half_life_text.set_half_lives(found)
            self.half_life_text.follow(self.session.state)

        def job(progress: Any) -> Any:
            from gatescope.analysis.half_life import half_lives  # noqa: PLC0415 - imports torch, which is there by now

            return half_lives(trace, focus.layer, focus.direction, focus.batch, progress)

        self.compute(len(trace) * state.setup.spec.hidden_size * 3, job, done)
