"""The verdict: always in sight, in words, and never better than the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtWidgets import QApplication, QLabel

from gatescope.formats.sequences import Sequence
from gatescope.messages.message import Message
from gatescope.traces import tracer as tracing
from gatescope_app.look.language import format_message
from gatescope_app.look.theme import DARK, LIGHT, Theme
from gatescope_app.state.runs import Setup, example_setup
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]

IN_FRONT = "compare"


@pytest.fixture
def wrong_from_step_2(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plant a fault: from t = 2 on, unit 1 of C is recorded a little off."""
    right = tracing.by_kernel

    def wrong(*args: Any, **options: Any) -> dict[str, torch.Tensor]:
        values = right(*args, **options)
        values["c"][2:, :, 1] += 0.01
        return values

    monkeypatch.setattr(tracing, "by_kernel", wrong)


def with_nan(setup: Setup, t: int) -> Setup:
    values = np.array(setup.sequence.values)
    values[t, 0] = np.nan
    return replace(setup, sequence=Sequence(values))


def words(label: QLabel) -> str:
    from PySide6.QtGui import QTextDocumentFragment

    return QTextDocumentFragment.fromHtml(label.text()).toPlainText()


def test_a_right_run_matches_and_says_how_closely(window: MainWindow) -> None:
    badge = window.toolbar.badge
    assert badge.isVisible()
    assert badge.text().startswith("✓  matches nn.LSTM (")
    assert badge.text().endswith(" %)")
    assert "% of the rounding bound)" in badge.toolTip()
    assert window.appearance.theme.matches in badge.styleSheet()
    assert badge.accessibleName().startswith("matches nn.LSTM")


@pytest.mark.usefixtures("wrong_from_step_2")
def test_a_planted_fault_turns_the_badge_and_names_the_first_step(show_window: Open) -> None:
    window = show_window(example_setup("hello"))
    badge = window.toolbar.badge
    assert badge.text() == "✗  differs from nn.LSTM at t = 2"
    assert window.appearance.theme.differs in badge.styleSheet()
    assert "first at t = 2, c of unit 1 (layer 0, forward)" in badge.toolTip()
    assert badge.accessibleName().startswith("does not match nn.LSTM")


@pytest.mark.usefixtures("wrong_from_step_2")
def test_compare_says_where_how_much_and_in_which_arithmetic(show_window: Open) -> None:
    window = show_window(example_setup("hello"))
    compare: Any = window.views["compare"]
    assert "does not match nn.LSTM: first at t = 2, c of unit 1" in words(compare.words.verdict)
    worst = window.session.state.run.report.worst  # type: ignore[union-attr]
    detail = words(compare.words.detail)
    assert f"{worst.error:.2g} of {worst.bound:.2g} allowed" in detail
    quantity = {"c": "C", "h": "h"}[worst.quantity]
    assert f"at t = {worst.t}, {quantity} of unit {worst.unit}, layer 0, forward. " in detail
    assert "Computed on cpu in" in detail
    assert "float32" in detail


def test_compare_names_the_arithmetic_that_ran(show_window: Open, make_setup: Any) -> None:
    window = show_window(make_setup("nn.LSTM(2, 3, dtype=torch.float64)"))
    assert "float64" in words(window.views["compare"].words.detail)  # type: ignore[attr-defined]


def test_nan_in_the_input_gives_the_third_badge_and_a_warning(show_window: Open, hands: Any) -> None:
    window = show_window(with_nan(example_setup("hello"), t=3))
    badge = window.toolbar.badge
    assert badge.text() == "?  cannot compare from t = 3 on"
    assert window.appearance.theme.cannot_compare in badge.styleSheet()
    assert window.banner.isVisible()
    assert "cannot compare from t = 3 on: NaN or infinity appears in x" in window.banner.label.text()
    hands.press("Esc")
    assert not window.banner.isVisible()
    assert badge.text() == "?  cannot compare from t = 3 on"


def test_a_run_with_nan_is_stepped_and_drawn_like_any_other(show_window: Open, hands: Any) -> None:
    window = show_window(with_nan(example_setup("hello"), t=1))
    inspector: Any = window.views["inspector"]
    for key in ("Home", "F10", "End", "Ctrl+2", "Home", "End", "Ctrl+1"):
        hands.press(key)
        window.grab()
    assert inspector.model.index(0, 0).data() == "nan"
    assert "[0] = nan" in window.gates.plots["c"].value.text()


def test_the_next_good_run_takes_the_warning_away(show_window: Open, hands: Any) -> None:
    window = show_window(with_nan(example_setup("hello"), t=1))
    window.session.start(example_setup("latch"))
    hands.wait_for_run(window)
    assert not window.banner.isVisible()
    assert window.toolbar.badge.text().startswith("✓")


def test_before_the_first_run_the_badge_claims_nothing(show_window: Open) -> None:
    window = show_window(example_setup("hello"), wait=False)
    assert window.toolbar.badge.text() == "not checked yet"


def test_the_three_badges_differ_by_sign_and_words_not_only_by_colour(
    show_window: Open, monkeypatch: pytest.MonkeyPatch, hands: Any
) -> None:
    window = show_window(example_setup("hello"))
    texts = [window.toolbar.badge.text()]
    window.session.start(with_nan(example_setup("hello"), t=0))
    hands.wait_for_run(window)
    texts.append(window.toolbar.badge.text())
    assert {text[0] for text in texts} == {"✓", "?"}


_PLACE = {"module": "nn.LSTM", "quantity": "f", "unit": 3, "t": 7, "layer": 0, "batch": 0, "error": "0.00012"}
_DEVIATION = _PLACE | {"direction": Message("forward"), "bound": "3e-06", "steps": 90, "units": 8, "where": "layer 0"}
_MODULE = {"place": "output", "error": "0.5", "reasons": "it has the forward hook double"}


@pytest.mark.parametrize(
    ("verdict", "text", "colour"),
    [
        (Message("deviates", _DEVIATION), "≈  deviates in f of unit 3", "warning"),
        (
            Message("deviates_in_gate", _DEVIATION | {"z": "z_f", "z_error": "0.0005"}),
            "≈  deviates in f of unit 3",
            "warning",
        ),
        (Message("deviates_on_average", _DEVIATION), "≈  deviates in f of unit 3 on average", "warning"),
        (Message("deviates_over_units", _DEVIATION), "≈  deviates in f on average over 8 units", "warning"),
        (Message("module_differs", _MODULE), "✗  the module does something else", "differs"),
        (Message("record_differs", {"place": "h"}), "✗  the trace is not what ran", "differs"),
        (Message("batch_empty", _PLACE), "?  nothing to compare: the batch is empty", "cannot_compare"),
        (
            Message("matches_where_comparable", {"module": "nn.LSTM", "percent": "9", "count": 2}),
            "✓  matches nn.LSTM where it can; held by hand: 2",
            "matches",
        ),
    ],
    ids=lambda value: value.code if isinstance(value, Message) else "",
)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_every_verdict_has_its_sign_its_words_and_its_colour(
    window: MainWindow, verdict: Message, text: str, colour: str, theme: Theme
) -> None:
    badge = window.toolbar.badge
    window.resize(1920, 900)
    badge.show_verdict(verdict, theme)
    QApplication.processEvents()  # the toolbar gives it its room
    assert badge.text() == text
    assert f"background: {getattr(theme, colour)};" in badge.styleSheet()
    assert str(verdict) in badge.toolTip()
    assert badge.accessibleName() == str(verdict)


def test_a_reference_that_is_unsure_has_a_badge_of_its_own(window: MainWindow) -> None:
    badge, theme = window.toolbar.badge, window.appearance.theme
    where = {"quantity": "f", "layer": 0, "direction": Message("forward"), "times": "3"}
    badge.show_verdict(Message("reference_unsure", where), theme)
    QApplication.processEvents()  # the toolbar gives it its room
    assert badge.text() == "⚠  cannot be told: the reference's f is unsure"
    assert theme.cannot_compare in badge.styleSheet()
    assert "differ by 3 times the rounding bound" in badge.toolTip()


def test_it_speaks_the_windows_language_in_all_its_parts(window: MainWindow) -> None:
    badge, theme = window.toolbar.badge, window.appearance.theme
    window.appearance.choose_language("zh_CN")
    QApplication.processEvents()
    where = {"quantity": Message("forward"), "layer": 0, "direction": Message("forward"), "times": "3"}
    badge.show_verdict(Message("reference_unsure", where), theme)
    window.resize(1920, 900)
    QApplication.processEvents()
    assert format_message(Message("forward")) in badge.text()
    assert "forward" not in badge.text()


@pytest.mark.parametrize("way", ["click", "Ctrl+M"])
def test_the_badge_and_ctrl_m_open_compare(window: MainWindow, hands: Any, way: str) -> None:
    dock = window.docks["compare"]
    dock.close()
    assert not dock.isVisible()
    hands.click(window.toolbar.badge) if way == "click" else hands.press(way)
    assert dock.isVisible()
    assert window.views["compare"].isVisible()


def test_compare_draws_error_bound_and_drift_of_c_and_h(show_window: Open, make_setup: Any) -> None:
    window = show_window(make_setup("nn.LSTM(3, 8)", steps=30))
    report = window.session.state.run.report  # type: ignore[union-attr]
    for name, plot in window.views["compare"].plots.items():  # type: ignore[attr-defined]
        drawn = {kind: curve.getOriginalDataset()[1] for kind, curve in plot.curves.items()}
        ratio = report.ratio(name)[:, 0].numpy()
        unit = ratio.argmax(axis=1)
        error = report.resynced(name)[:, 0].numpy()[np.arange(30), unit].astype(float)
        bound = report.bound(name)[:, 0].numpy()[np.arange(30), unit].astype(float)
        drift = report.free_running(name)[:, 0].numpy().max(axis=1).astype(float)
        for kind, values in {"error": error, "bound": bound, "drift": drift}.items():
            wanted = np.where(values > 0, values, np.nan) if (values > 0).any() else None  # all of it would be a gap
            assert drawn[kind] is wanted or np.array_equal(drawn[kind], wanted, equal_nan=True), kind
        assert plot.widget.getPlotItem().getAxis("left").logMode


def test_compares_cursor_follows_the_steps(window: MainWindow, hands: Any) -> None:
    for key, t in (("F10", 1), ("End", 4), ("Home", 0)):
        hands.press(key)
        for plot in window.views["compare"].plots.values():  # type: ignore[attr-defined]
            assert plot.cursor.x() == t


def test_an_exact_run_without_any_difference_is_shown_without_curves(show_window: Open) -> None:
    setup = example_setup("impulse")
    spec = replace(setup.spec, hidden_size=1)
    window = show_window(Setup(spec, Sequence(np.zeros((3, spec.input_size)))))
    window.grab()
    assert torch.isfinite(torch.tensor(window.session.state.run.report.worst.ratio))  # type: ignore[union-attr]
    assert window.toolbar.badge.text().startswith("✓")
