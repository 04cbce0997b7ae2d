"""The numbers of the cell diagram: what every strip and label shows, against the trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from gatescope.edits.edits import Hold
from gatescope.messages.number_format import format_number
from gatescope.traces.order import Cursor
from gatescope_app.look.theme import DARK, LIGHT, Theme
from gatescope_app.panels.diagram.cell_painting import tinted
from gatescope_app.panels.diagram.cell_scene import CellScene
from gatescope_app.panels.diagram.cell_strips import CellNumbers, StripContents
from gatescope_app.state.known_values import NOTHING
from gatescope_app.state.runs import Run, Setup, run
from gatescope_app.state.session_state import State

NETWORKS = {
    "LSTM": ("nn.LSTM(3, 4)", None),
    "GRU": ("nn.GRU(3, 4)", None),
    "GRU without biases": ("nn.GRU(3, 4, bias=False)", None),
    "RNN with tanh": ("nn.RNN(3, 4)", None),
    "RNN with relu": ("nn.RNN(3, 4, nonlinearity='relu')", None),
    "LSTM with a projection": ("nn.LSTM(3, 5, proj_size=2)", None),
    "two directions, two layers": ("nn.LSTM(3, 4, num_layers=2, bidirectional=True)", None),
    "a batch": ("nn.GRU(3, 4, num_layers=2, batch_first=True)", 3),
    "float16": ("nn.LSTM(3, 4, dtype=torch.float16)", None),
    "a cell": ("nn.LSTMCell(3, 4)", None),
}


@pytest.fixture(scope="module", params=NETWORKS.values(), ids=NETWORKS.keys())
def computed(request: pytest.FixtureRequest, make_setup: Callable[..., Setup]) -> Run:
    """Return a run of each kind of network, from states that are not zero."""
    line, batch = request.param
    setup = make_setup(line, steps=4, batch=batch)
    random = np.random.default_rng(5)
    states = {name: random.normal(size=setup.spec.state_shape(name, batch)) for name in setup.spec.states}
    return run(replace(setup, states=states))


def places(setup: Setup) -> Iterator[State]:
    """Yield every step and phase of every cell and batch element, the selected unit another one each time."""
    for number, (layer, direction) in enumerate(setup.spec.cells()):
        for t in range(setup.steps):
            for n, phase in enumerate(setup.spec.cell.phases):
                unit, batch = (number + t + n) % setup.spec.hidden_size, (t + n) % setup.batch_size
                yield State(setup, cursor=Cursor(t, layer, direction, phase), unit=unit, batch=batch, quantity="h")


def expected(state: State) -> dict[str, NDArray[Any]]:
    """Return what is to be shown, from the trace alone."""
    assert state.run is not None
    cell, cursor, batch = state.run.trace.cell(state.cursor.layer, state.cursor.direction), state.cursor, state.batch
    done = cell.cell.phases[: cell.cell.phases.index(cursor.phase) + 1]
    every = {name: cell.quantity(name)[cursor.t, batch] for name in cell.cell.names}
    before = {name: cell.state_before(name)[cursor.t, batch] for name in cell.cell.states}
    found = {name: every[name] for name in cell.cell.names if name in done}
    found |= {"x": cell.x[cursor.t, batch]} | {f"{name}_before": value for name, value in before.items()}
    q, b = ({name: value.double() for name, value in of.items()} for of in (every, before))
    if "c" in found:
        found |= {"f_t * C_(t-1)": q["f"] * b["c"], "i_t * C̃_t": q["i"] * q["c_tilde"]}
    if "h" in found and "c" in q:
        found["tanh(C_t)"] = q["c"].tanh()
    if "h" in found and "z" in q:
        found |= {"z_t * h_(t-1)": q["z"] * b["h"], "(1 - z_t) * n_t": (1 - q["z"]) * q["n"]}
    return {name: value.numpy() for name, value in found.items()}


def check(scene: CellScene, state: State) -> None:
    """Compare every strip and every number with the trace."""
    wanted = expected(state)
    assert scene.layout is not None
    for strip in scene.layout.strips:
        content, values = scene.strips.contents[strip.name], wanted.get(strip.name)
        if values is None:
            shown = (content.values, content.picture, content.number)
            assert shown == (None, None, NOTHING), f"{strip.name} is shown too early"
            continue
        assert content.values is not None, f"{strip.name} is missing"
        assert np.array_equal(content.values, values), f"{strip.name} at {state.cursor}"
        there = strip.name != "x" and state.unit < len(values)
        assert content.number == (format_number(float(values[state.unit])) if there else ""), (
            f"{strip.name} at {state.cursor}"
        )
        assert content.picture is not None
        assert content.picture.width() == len(values)


def test_every_strip_and_number_is_the_traces(computed: Run, qapp: Any) -> None:
    scene = CellScene(LIGHT)
    old = None
    for place in places(computed.setup):
        state = replace(place, run=computed)
        scene.apply(old, state)
        check(scene, state)
        old = state


def test_a_strip_in_the_place_of_another_is_found(computed: Run, qapp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault that the test above must find: the first two quantities are exchanged."""
    one, other = computed.setup.spec.cell.names[:2]
    honest = CellNumbers.at

    def exchanged(self: CellNumbers, state: State) -> dict[str, Any]:
        found = honest(self, state)
        if one in found and other in found:
            found[one], found[other] = found[other], found[one]
        return found

    monkeypatch.setattr(CellNumbers, "at", exchanged)
    with pytest.raises(AssertionError):
        test_every_strip_and_number_is_the_traces(computed, qapp)


def test_a_unit_too_far_is_found(computed: Run, qapp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = StripContents.of
    monkeypatch.setattr(
        StripContents, "of", lambda self, state, *rest: honest(self, replace(state, unit=state.unit + 1), *rest)
    )
    with pytest.raises(AssertionError):
        test_every_strip_and_number_is_the_traces(computed, qapp)


def test_the_gates_show_their_pre_activations(computed: Run, qapp: Any) -> None:
    scene, cell = CellScene(LIGHT), computed.setup.spec.cell
    for place in places(computed.setup):
        state = replace(place, run=computed)
        scene.apply(None, state)
        trace = computed.trace.cell(state.cursor.layer, state.cursor.direction)
        for quantity in cell.quantities:
            if quantity.preactivation in (None, quantity.name):
                continue
            text = scene.strips.gate_texts[quantity.name]
            if quantity.preactivation not in cell.known(state.cursor.phase):
                assert text in ("σ", "tanh")
                continue
            z = float(trace.quantity(quantity.preactivation)[state.cursor.t, state.batch, state.unit])
            name, _, number = text.rstrip(")").partition("(")
            assert name == ("tanh" if quantity.low == -1 else "σ")
            assert float(number) == pytest.approx(z, abs=0.5e-3 + 2e-3 * (computed.setup.spec.dtype == "float16"))


def symbols(scene: CellScene) -> dict[str, str]:
    """Return what the strips of the states before are called."""
    return {name: str(content.symbol and content.symbol.plain) for name, content in scene.strips.contents.items()}


def test_the_state_before_is_called_what_it_is(make_setup: Callable[..., Setup], qapp: Any) -> None:
    done = run(make_setup("nn.LSTM(3, 4, bidirectional=True)", steps=4))
    scene = CellScene(LIGHT)
    for t, direction, h, c in (
        (0, "forward", "h0", "c0"), (2, "forward", "h_(t-1)", "C_(t-1)"),
        (2, "reverse", "h_(t+1)", "C_(t+1)"), (3, "reverse", "h0", "c0"), (0, "reverse", "h_(t+1)", "C_(t+1)"),
    ):  # fmt: skip
        scene.apply(None, State(done.setup, done, Cursor(t, 0, direction), quantity="h"))  # type: ignore[arg-type]  # a Literal
        assert (symbols(scene)["h_before"], symbols(scene)["c_before"]) == (h, c), (t, direction)


def test_steps_that_an_element_does_not_have_are_blank(make_setup: Callable[..., Setup], qapp: Any) -> None:
    setup = make_setup("nn.LSTM(3, 4, bidirectional=True)", steps=5, batch=2)
    values = setup.sequence.values.copy()
    values[3:, 1] = np.nan
    done = run(replace(setup, sequence=replace(setup.sequence, values=values), lengths=(5, 3)))
    scene = CellScene(LIGHT)
    scene.apply(None, State(setup, done, Cursor(4, 0, "forward"), batch=1, quantity="h"))
    assert all(content.values is None for content in scene.strips.contents.values())
    assert "only 3 steps" in scene.description
    first = State(setup, done, Cursor(2, 0, "reverse"), batch=1, quantity="h")  # where the element begins in reverse
    scene.apply(None, first)
    check(scene, first)
    assert symbols(scene)["h_before"] == "h0"


def test_before_the_first_run_nothing_is_shown(make_setup: Callable[..., Setup], qapp: Any) -> None:
    scene = CellScene(LIGHT)
    scene.apply(None, State(make_setup("nn.GRU(3, 4)"), quantity="h"))
    assert all(content.values is None for content in scene.strips.contents.values())
    assert not scene.highlight.fed()
    assert not scene.highlight.computed()


def test_what_is_held_carries_a_mark(make_setup: Callable[..., Setup], qapp: Any) -> None:
    hold = Hold("f", 0.25, start=1, stop=2, units=(2,))
    setup = replace(make_setup("nn.LSTM(3, 4)"), holds=(hold,))
    done, scene = run(setup), CellScene(LIGHT)
    for t, unit, held, number in ((1, 2, True, "✎ 0.2500"), (1, 1, True, None), (2, 2, False, None)):
        scene.apply(None, State(setup, done, Cursor(t), unit=unit, quantity="h"))
        content = scene.strips.contents["f"]
        assert content.held is held
        assert content.number == number or (number is None and "✎" not in content.number)
        assert not scene.strips.contents["i"].held


def test_a_strip_of_thousands_of_units_shows_means(qapp: Any) -> None:
    from gatescope_app.look.colour_maps import quantity_colours
    from gatescope_app.panels.diagram.cell_strips import strip_picture

    values = np.repeat([0.0, 1.0], 2048)
    picture = strip_picture(values, 0.0, 1.0, quantity_colours(LIGHT, "f", signed=False))
    assert picture.width() == 512
    edges = [picture.pixelColor(column, 0).name() for column in (0, 255, 256, 511)]
    assert edges == [LIGHT.base, LIGHT.base, LIGHT.quantities["f"], LIGHT.quantities["f"]]


def luminance(colour: QColor) -> float:
    """Return the relative luminance as WCAG 2.2 defines it."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_stands_out_from_what_it_is_written_on(theme: Theme) -> None:
    colours = theme.quantities.values()
    pairs = [(theme.text, tinted(theme, colour)) for colour in colours]
    pairs += [(colour, QColor(below)) for colour in (*colours, theme.faint) for below in (theme.base, theme.window)]
    for text, below in pairs:
        light, dark = sorted((luminance(QColor(text)), luminance(below)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, below.name())


def test_nan_does_not_hide_its_neighbours(make_setup: Callable[..., Setup], qapp: Any) -> None:
    setup = make_setup("nn.LSTM(3, 4)")
    values = setup.sequence.values.copy()
    values[2] = np.nan
    setup = replace(setup, sequence=replace(setup.sequence, values=values))
    done, scene = run(setup), CellScene(LIGHT)
    scene.apply(None, State(setup, done, Cursor(2), quantity="h"))
    assert scene.strips.contents["f"].number == "nan"
    scene.apply(None, State(setup, done, Cursor(1), quantity="h"))
    assert scene.strips.contents["f"].number != "nan"
