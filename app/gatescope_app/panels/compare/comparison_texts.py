"""A comparison in words: the verdict, where the largest difference is, and what the curves beside it mean."""

from __future__ import annotations

from html import escape
from math import isnan
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gatescope.messages.message import Message
from gatescope.traces.places import describe_place
from gatescope_app.look.edit_marks import describe_edits
from gatescope_app.look.language import format_message, join_texts
from gatescope_app.look.theme import Theme
from gatescope_app.panels.compare.arbiter_panel import ArbiterPanel
from gatescope_app.panels.compare.detectable_label import DetectableLabel
from gatescope_app.panels.compare.error_plot import MARKS, curve_colours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gatescope.edits.edits import Edit
    from gatescope.verification.effects import Effect
    from gatescope.verification.findings import Deviation, Worst
    from gatescope.verification.report import Report
    from gatescope_app.state.runs import Run
    from gatescope_app.state.session_state import Focus, State


_HEADLINE = 120  # characters


def found_in(state: State) -> Worst | Deviation | None:
    """Return what the verdict on show found in one place of the run; None where it found no such thing."""
    if state.run is None or state.comparison is not None or state.effect_shown:
        return None
    report = state.run.report
    if report.verdict.code == "differs":
        return report.first_difference
    return report.deviation if report.verdict.code.startswith("deviates") else None


class ComparisonWords(QScrollArea):
    """Speaks of the run against torch's module; or of two runs, where the session compares two.

    Signals
    -------
    place_asked()
        A person wants to see what `found_in` returns.
    """

    place_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.verdict, self.detail, self.obtained, self.legend = QLabel(), QLabel(), QLabel(), QLabel()
        self.place, self.detectable = QPushButton(autoDefault=False), DetectableLabel()
        self.place.clicked.connect(self.place_asked)
        self.arbiter = ArbiterPanel()
        self.arbiter.answered.connect(self._show_answer)
        self._page = QWidget()
        column = self._column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        for label in (self.verdict, self.detail, self.obtained, self.legend):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
        column.insertWidget(1, self.place, alignment=Qt.AlignmentFlag.AlignLeft)
        column.insertWidget(3, self.detectable)
        column.insertWidget(5, self.arbiter)
        column.addStretch(1)
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.setWidget(self._page)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)

    def retranslate(self) -> None:
        """Set again what `show_state` does not."""
        self.setAccessibleName(self.tr("Verdict"))
        self.place.setToolTip(self.tr("Show the step, the cell and the unit that the verdict names, in all panels"))
        self.place.setAccessibleName(self.place.toolTip())
        self.arbiter.retranslate()
        self.detectable.retranslate()

    def show_state(self, state: State, names: tuple[str, ...], theme: Theme) -> None:
        """Say how the run compares, and how what the curves of these quantities are held against was obtained."""
        symbols = {quantity.name: quantity.symbol for quantity in state.setup.spec.cell.quantities}
        if state.effect_shown and state.effect is not None:
            self.place.hide()
            self.detectable.show_run(None)
            self._show_effect(state.effect, state.focus, theme)
            return
        of_runs = state.comparison is not None
        if state.run is None:
            self.verdict.setText(self.tr("Not computed yet."))
            self.setAccessibleDescription(self.verdict.text())
            self.detail.setText("")
        else:
            self._show_verdict(state.comparison.verdict if state.comparison else state.run.report.verdict, theme)
            detail = self._pair(state.run, state.other) if state.other else self._largest(state.run, symbols)
            asked = [] if of_runs else self._asked(state.run.report)
            self.detail.setText("\n".join([detail, *asked, *self._edited(state.history.edits)]))
        self._show_place(found_in(state), symbols)
        self.detectable.show_run(None if of_runs else state.run)
        self.obtained.setText("" if of_runs or state.run is None else self._origins(state.run, names, symbols))
        self.obtained.setVisible(bool(self.obtained.text()))
        self.arbiter.setVisible(not of_runs)
        self.arbiter.show_run(None if of_runs else state.run, {name: symbols[name] for name in names}, state.focus)
        drift = of_runs or any(name in state.setup.spec.cell.states for name in names)
        lines = self._between_runs() if of_runs else self._against_module(f"nn.{state.setup.spec.kind}", drift=drift)
        self._show_legend(lines, theme)

    def _show_effect(self, effect: Effect, focus: Focus, theme: Theme) -> None:
        """Say what the edits changed; nothing of it is judged by rounding."""
        headline, *others = (format_message(message) for message in effect.summary)
        self.setAccessibleDescription(headline)
        self.verdict.setText(f"<b style='color:{theme.accent}; font-size:large'>{escape(headline)}</b>")
        back = self.tr("Ctrl+M goes back to the comparison with PyTorch.")
        self.detail.setText("\n".join([*others, back]))
        self.obtained.hide()
        self.arbiter.hide()
        self.arbiter.show_run(None, {}, focus)
        changed = self.tr("the edited run less what it is held against: the largest difference of any unit")
        self._show_legend({"error": changed}, theme)

    def _show_answer(self) -> None:
        """Scroll to the answer, which in a low panel appears out of sight."""
        self._column.activate()  # Qt would let the page grow only later
        self._page.resize(self._page.width(), self._column.heightForWidth(self._page.width()))
        self.ensureWidgetVisible(self.arbiter.answer, 0, 0)

    def _show_verdict(self, verdict: Message, theme: Theme) -> None:
        self.setAccessibleDescription(format_message(verdict))
        text = format_message(verdict)
        size = "large" if len(text) <= _HEADLINE else "medium"  # a long one would fill a low panel
        colour = theme.of_verdict(verdict.code)
        self.verdict.setText(f"<b style='color:{colour}; font-size:{size}'>{escape(text)}</b>")

    def _show_place(self, found: Worst | Deviation | None, symbols: dict[str, str]) -> None:
        """Offer to go where the verdict found something; a mean has no step, and may have no unit."""
        if found is not None:
            text = self.tr("Go to {quantity} of unit {unit}, t = {t}")
            if found.t < 0:
                text = self.tr("Go to {quantity}") if found.unit < 0 else self.tr("Go to {quantity} of unit {unit}")
            self.place.setText(text.format(quantity=symbols[found.quantity], unit=found.unit, t=found.t))
        self.place.setVisible(found is not None)

    def _asked(self, report: Report) -> list[str]:
        """Say whether the module itself was called, where the verdict does not say what came of it."""
        if report.module_difference is not None:
            return []
        if report.not_asked is not None:
            return [format_message(report.not_asked)]
        return [self.tr("The module itself was called as well, and returned the same.")]

    def _largest(self, run: Run, symbols: dict[str, str]) -> str:
        worst, trace = run.report.worst, run.trace
        if isnan(worst.ratio):
            return self.tr("Nothing can be compared. Computed on {device} in {arithmetic}.").format(
                device=trace.spec.device, arithmetic=trace.arithmetic.name
            )
        return (
            self.tr(
                "Largest difference: {error} of {bound} allowed, at t = {t}, {quantity} of unit {unit}, "
                "{where}. Computed on {device} in {arithmetic}."
            ).format(
                error=f"{worst.error:.2g}", bound=f"{worst.bound:.2g}", t=worst.t,
                quantity=symbols[worst.quantity], unit=worst.unit,
                where=format_message(describe_place(worst.layer, worst.direction, worst.batch, trace.batch_size)),
                device=trace.spec.device, arithmetic=trace.arithmetic.name,
            )
        )  # fmt: skip

    def _pair(self, run: Run, other: Run) -> str:
        """Say which two runs are compared."""

        def describe_run(one: Run) -> str:
            trace = one.trace
            text = self.tr("{network} on {device} in {arithmetic}")
            return text.format(
                network=trace.spec.constructor(), device=trace.spec.device, arithmetic=trace.arithmetic.name
            )

        text = self.tr("This run: {this}. The other run: {other}.")
        return text.format(this=describe_run(run), other=describe_run(other))

    def _edited(self, edits: Sequence[Edit]) -> list[str]:
        """Say that the run is an edited one."""
        return [self.tr("This is the edited run, with these edits:"), describe_edits(edits)] if edits else []

    def _origins(self, run: Run, names: tuple[str, ...], symbols: dict[str, str]) -> str:
        """Say how the reference of each quantity was obtained; once for those that were obtained alike."""
        told: dict[str, list[str]] = {}
        for name in names:
            told.setdefault(format_message(run.report.obtained(name)), []).append(symbols[name])
        line = self.tr("Reference of {quantities}: {how}.")
        return "\n".join(line.format(quantities=join_texts(those), how=how) for how, those in told.items())

    def _against_module(self, module: str, *, drift: bool) -> dict[str, str]:
        lines = {
            "error": self.tr("re-synced: each step of {module} starts from this run's state before it").format(
                module=module
            ),
            "bound": self.tr("rounding bound of that step, for the unit nearest to it"),
        }
        return lines | ({"drift": self.tr("free-running: each side on its own history")} if drift else {})

    def _between_runs(self) -> dict[str, str]:
        return {
            "error": self.tr("each run's steps computed again with the other's network, from the state before them"),
            "bound": self.tr("rounding bound of that step, for the unit nearest to it"),
            "drift": self.tr("this run and the other as they are, each on its own history"),
        }

    def _show_legend(self, lines: dict[str, str], theme: Theme) -> None:
        colours = curve_colours(theme)
        self.legend.setText(
            "<br>".join(f"<b style='color:{colours[kind]}'>{MARKS[kind]}</b> {text}" for kind, text in lines.items())
            + "<br><br>"
            + self.tr(
                "A gap means no difference at all (zero has no place on a logarithmic axis), or a step that cannot be "
                "compared."
            )
        )
