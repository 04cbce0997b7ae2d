"""What the head on top of the network predicts at each step, beside what is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QPushButton, QStackedLayout, QWidget

from gatescope.analysis.heads import Head, UnitsHead
from gatescope.traces.order import Cursor
from gatescope_app.look.theme import Theme
from gatescope_app.panels.predictions.class_rows import ClassRows
from gatescope_app.panels.predictions.class_table import ClassTable
from gatescope_app.panels.predictions.headline import Headline
from gatescope_app.panels.predictions.label_fields import SCORES, LabelFields
from gatescope_app.panels.predictions.labels_and_targets import LabelsAndTargets
from gatescope_app.panels.predictions.prediction_reader import PredictionReader
from gatescope_app.panels.predictions.step_strip import StepStrip, Strip
from gatescope_app.state.known_values import steps_present
from gatescope_app.state.session_state import State
from gatescope_app.widgets.box_layouts import fill_column, fill_row
from gatescope_app.widgets.context_menu import ContextMenu
from gatescope_app.widgets.value_label import ElidedValueLabel
from gatescope_app.widgets.view import PanelParts, View

if TYPE_CHECKING:  # imports torch
    from gatescope.analysis.predictions import Prediction


class PredictionsView(View):
    """The classes of the current step as bars, what is right, and the answers of all steps so far."""

    def __init__(self, parts: PanelParts) -> None:
        super().__init__(parts)
        self.sheet = LabelsAndTargets(self.session)
        self.reader = PredictionReader(self.session, self._show_again)
        self.ghost_reader = PredictionReader(self.session, self._show_again)
        self.headline, self.go_on = ElidedValueLabel(), QPushButton()
        self.table, self.strip = ClassTable(self.theme), StepStrip(self.theme)
        self.fields = LabelFields(self.sheet, self.theme)
        self.missing, self._page = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter, margin=12), QWidget()
        self._set_head(UnitsHead(1))  # until there is one
        self._lay_out()
        self.go_on.clicked.connect(self._go_on)
        self.table.picked.connect(self._on_class)
        self.table.pointed.connect(self._on_pointed)
        self.strip.picked.connect(self.session.run_to)
        self.fields.measure_chosen.connect(self.refresh)
        self.retranslate()
        self.entry = self.table

    def _lay_out(self) -> None:
        self.missing.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        top, middle = fill_row(None, (self.headline, 1), self.go_on), fill_row(None, (self.table, 3), (self.fields, 1))
        fill_column(self._page, top, self.fields.problem, (middle, 1), self.strip, margins=(6, 4, 6, 4))
        self.pages = QStackedLayout(self)
        self.pages.addWidget(self.missing)
        self.pages.addWidget(self._page)

    def retranslate(self) -> None:
        self.fields.retranslate()
        self.go_on.setText(self.tr("Go there"))
        self.headline.setMinimumHeight(self.go_on.sizeHint().height())  # or all below would jump when it comes
        self.go_on.setToolTip(self.tr("Go to where h of the top layer is computed at this step"))
        self.table.setAccessibleName(self.tr("Classes of this step"))
        self.table.classes.set_headers(self.tr("class"), self.tr("value"), self.tr("remark"))
        self.strip.setAccessibleName(self.tr("Predictions of all steps"))
        self.strip.setToolTip(self.tr("Click a step to go there (Left and Right while this has the focus)"))
        self.strip.set_titles(
            {
                "t": "t",
                "token": self.tr("input"),
                "predicted": self.tr("predicted"),
                "target": self.tr("target"),
            }
        )

    def set_theme(self, theme: Theme) -> None:
        self.table.theme = self.strip.theme = theme
        self.fields.set_theme(theme)
        super().set_theme(theme)

    # showing

    def forget(self) -> None:
        for reader in (self.reader, self.ghost_reader):
            reader.follow(None, 0)

    def apply(self, old: State | None, new: State) -> None:
        """Show the current step of the batch element."""
        if old is not None and _same(old, new):
            return
        self.reader.follow(new.run, new.batch)
        self.ghost_reader.follow(new.ghost, new.batch)
        if new.run is None or new.setup.head is None:
            self.pages.setCurrentWidget(self.missing)
            self.missing.setText(self._why_nothing(new))
            return
        self.pages.setCurrentWidget(self._page)
        again = old is None or old.batch != new.batch or not _same_run(old, new)
        if again:
            self._prepare(new, new.setup.head)
        self._show(new, again=again)

    def _prepare(self, state: State, head: Head) -> None:
        """Make room for what the texts of this network may be."""
        self.fields.follow(state.batch, steps_present(state), has_choice=head.is_classifier)
        self.fields.legend.setVisible(state.ghost is not None)
        self._set_head(head)
        self.table.lay_out(self._rows.labels(), self._rows.remarks())

    def _set_head(self, head: Head) -> None:
        self._rows = ClassRows(self.sheet.names, head, scores=self.fields.chosen == SCORES)
        self._headline = Headline(self.sheet.names, head)

    def _show_again(self) -> None:
        """Show what has been computed meanwhile."""
        if self._shown is not None:
            self._show(self._shown, again=True)

    def _show(self, state: State, *, again: bool) -> None:
        known = _known(state)
        self._show_strip(state, known, again=again)
        sight, t = self.strip.window_shown, state.cursor.t
        own = t if t in known else None
        self.reader.read(own, range(max(known.start, sight.start), min(known.stop, sight.stop)))
        self.ghost_reader.read(own, range(0))
        now, before = (None if own is None else reader.at(own) for reader in (self.reader, self.ghost_reader))
        self._show_step(state, known, now, before)

    def _show_step(self, state: State, known: range, now: Prediction | None, before: Prediction | None) -> None:
        targets, t = self.sheet.targets(state.batch), state.cursor.t
        target = targets[t] if targets is not None and t in known else None
        self.table.show_rows(*self._rows.of(now, before, target, self.theme))
        if isinstance(state.setup.head, UnitsHead):
            self._follow_unit(state)
        self.go_on.setVisible(t not in known and t < steps_present(state))
        if now is None:
            self.headline.setText(self._headline.describe_wait(state, computed=t in known))
        else:
            self.headline.setText(self._headline.describe(state, now, target, self._right(state, known)))

    def _show_strip(self, state: State, known: range, *, again: bool) -> None:
        t = state.cursor.t
        if not again:
            self.strip.move_to(t, known)
            return
        tokens, targets = state.setup.sequence.tokens, self.sheet.targets(state.batch)
        strip = Strip(steps_present(state), tokens, self.sheet.names, self._answer, known, targets)
        self.strip.show_strip(strip, t)

    def _answer(self, t: int) -> int | None:
        """Return the class predicted at a step, as far as it is computed."""
        predictions = self.reader.predictions
        answer = -1 if predictions is None else int(predictions.answers[t])
        return answer if answer >= 0 else None

    def _right(self, state: State, known: range) -> tuple[int, int] | None:
        """Return how many predictions so far are right, and of how many that is known."""
        targets, predictions = self.sheet.target_numbers(state.batch), self.reader.predictions
        return None if targets is None or predictions is None else predictions.right(targets, known)

    def _why_nothing(self, state: State) -> str:
        if state.run is None:
            return ""
        spec = state.setup.spec
        text = self.tr(
            "This network has no head: nothing that makes an answer of its output.\n\n"
            "Open a checkpoint (Ctrl+O) that also holds an nn.Linear for {width} numbers, h of the top layer; "
            "then its prediction at each step is shown here."
        )
        both = self.tr(
            "This network has no head: nothing that makes an answer of its output.\n\n"
            "Open a checkpoint (Ctrl+O) that also holds an nn.Linear for {width} numbers, h of the top layer in both "
            "directions; then its prediction at each step is shown here."
        )
        return (both if spec.bidirectional else text).format(width=spec.output_size * len(spec.directions))

    # going and selecting

    def _go_on(self) -> None:
        spec = self.session.state.setup.spec
        self.session.go(Cursor(self.session.state.cursor.t, spec.num_layers - 1, spec.directions[-1]))

    def _on_class(self, number: int) -> None:
        """Where the classes are units, select that unit everywhere."""
        setup = self.session.state.setup
        if isinstance(setup.head, UnitsHead):
            way, unit = divmod(number, setup.spec.output_size)
            layer, direction = setup.spec.num_layers - 1, setup.spec.directions[way]
            self.session.look_at(layer=layer, direction=direction, unit=unit, quantity="h")

    def fill_menu(self, menu: ContextMenu) -> None:
        """Offer to go on to where there is a prediction, and what lies under one: h of the top layer."""
        menu.offer_buttons({"go_on": self.go_on}, **({"go_on": ""} if self.go_on.isVisible() else {}))
        if isinstance(self.session.state.setup.head, UnitsHead):
            self.offer_quantity(menu, "h", self.session.state.unit)

    def _follow_unit(self, state: State) -> None:
        spec, focus = state.setup.spec, state.focus
        row = spec.directions.index(focus.direction) * spec.output_size + focus.unit
        if focus.layer == spec.num_layers - 1 and row != self.table.currentIndex().row():
            self.table.go_to(self.table.classes.index(row, 0))

    def _on_pointed(self, inside: bool) -> None:
        if isinstance(self.session.state.setup.head, UnitsHead):
            self.session.point_at("h" if inside else None)


def _same_run(old: State, new: State) -> bool:
    """Whether nothing differs that all steps show."""
    return all(getattr(old, name) is getattr(new, name) for name in ("setup", "run", "labels", "targets"))


def _same(old: State, new: State) -> bool:
    """Whether nothing differs that is shown here."""
    same = _same_run(old, new) and old.ghost is new.ghost
    return same and (old.cursor, old.batch, old.unit) == (new.cursor, new.batch, new.unit)


def _known(state: State) -> range:
    """Return the steps of the batch element that are predicted by now."""
    from gatescope.analysis.predictions import predicted_steps  # noqa: PLC0415 - imports torch; with a run it is there

    known, steps = predicted_steps(state.setup.spec, state.order, state.cursor), steps_present(state)
    return range(min(known.start, steps), min(known.stop, steps))
