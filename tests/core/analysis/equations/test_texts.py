"""Equations as they are written: text, LaTeX and Markdown; and rounding, which is marked and adds up or is told."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

import gatescope as gs
from gatescope.analysis.equations.equation import Equation, expansion
from gatescope.analysis.equations.parts import (
    pieces,
)
from gatescope.analysis.equations.texts import as_latex, as_markdown, as_text
from gatescope.analysis.equations.unit_equations import Equations
from gatescope.traces.trace import Trace

MakeTrace = Callable[..., Trace]


@pytest.fixture
def forget_gate() -> Equations:
    """The example that the product's description gives: unit 1 of a forget gate at step 2."""
    module = nn.LSTM(1, 2)
    x = torch.tensor([[0.5], [0.25], [0.42]])
    with torch.no_grad():
        for weight in module.parameters():
            weight.zero_()
        module.weight_ih_l0[3] = 1.0  # rows 2 and 3 are f
        module.bias_ih_l0[3], module.bias_hh_l0[3] = 0.1, 0.1
        module.bias_ih_l0[4:] = 1.0
        module.weight_hh_l0[3] = torch.tensor([-1.0, -1.0])
    return Equations(gs.trace(module, x), unit=1)


def test_the_example(forget_gate: Equations) -> None:
    assert as_text([forget_gate.of("f", 2)], 2, ["a note"]) == (
        "f_2[1] = σ(W_if[1]·x_2 + b_if[1] + W_hf[1]·h_1 + b_hf[1])\n"
        "       ≈ σ(0.42 + 0.10 − 0.75 + 0.10)\n"
        "       ≈ σ(−0.13) ≈ 0.47\n"
        "\n"
        "a note\n"
    )


def test_the_example_as_latex_and_markdown(forget_gate: Equations) -> None:
    latex = (
        "\\begin{aligned}\n"
        "f_{2}[1] &= \\sigma( W_{if}[1] \\cdot x_{2} + b_{if}[1] + W_{hf}[1] \\cdot h_{1} + b_{hf}[1] ) \\\\\n"
        "&\\approx \\sigma( 0.42 + 0.10 - 0.75 + 0.10 ) \\\\\n"
        "&\\approx \\sigma( -0.13 ) \\approx 0.47\n"
        "\\end{aligned}\n"
    )
    equation = forget_gate.of("f", 2)
    assert as_latex([equation], 2, ["a note"]) == latex + "% a note\n"
    assert as_markdown([equation], 2, ["a note"]) == f"$$\n{latex}$$\n\n- a note\n"


@pytest.mark.parametrize(("style", "write"), [("text", as_text), ("latex", as_latex), ("markdown", as_markdown)])
def test_one_function_writes_one_equation_or_several_in_each_style(
    forget_gate: Equations, style: Any, write: Any
) -> None:
    equation = forget_gate.of("f", 2)
    assert gs.format_equations(equation, style, 2, ["a note"]) == write([equation], 2, ["a note"])
    assert gs.format_equations([equation, forget_gate.of("h", 2)], style) == write([equation, forget_gate.of("h", 2)])


def test_another_style_is_refused(forget_gate: Equations) -> None:
    with pytest.raises(gs.GatescopeError, match="style must be text / latex / markdown, but it is html"):
        gs.format_equations(forget_gate.of("f", 2), "html")  # type: ignore[arg-type]


def test_several_equations_follow_each_other(forget_gate: Equations) -> None:
    equation = forget_gate.of("f", 2)
    term = expansion(next(pieces(equation.formula)))
    assert as_text([equation, term], 2).split("\n\n")[1] == (
        "W_if[1]·x_2 = W_if[1,0]·x_2[0]\n            ≈ 1.00·0.42\n            ≈ 0.42 ≈ 0.42\n"
    )
    assert as_latex([equation, term]).count(r"\begin{aligned}") == 2
    assert as_markdown([equation, term]).count("$$") == 4


def test_what_is_not_known_is_a_dash(forget_gate: Equations) -> None:
    equation = forget_gate.of("f", 2).as_known(())
    assert as_text([equation], 2).splitlines()[1:] == ["       ≈ σ(– + 0.10 + – + 0.10)", "       = σ(–) = –"]
    assert r"\text{–}" in as_latex([equation])


NETWORKS: list[dict[str, Any]] = [
    {}, {"kind": "GRU"}, {"kind": "RNN", "nonlinearity": "relu"}, {"proj_size": 2, "bidirectional": True},
]  # fmt: skip


@pytest.mark.parametrize("options", NETWORKS)
@pytest.mark.parametrize("scale", [1.0, 1e7])
def test_the_latex_can_be_typeset(make_trace: MakeTrace, options: dict[str, Any], scale: float) -> None:
    ziamath = pytest.importorskip("ziamath.zmath")
    trace = make_trace(20, 4, scale=scale, **options)
    equations = Equations(trace, unit=1)
    for name in trace.spec.cell.names:
        equation = equations.of(name, 0)
        terms = [expansion(piece) for piece in pieces(equation.formula) if piece.products is not None]
        for line in as_latex([equation, *terms]).splitlines():
            if not line.startswith(("\\begin", "\\end")):
                assert ziamath.Latex(line.replace("&", " ").removesuffix(r"\\")).getsize()[0] > 0


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_nan_and_infinity_are_shown_as_such(make_trace: MakeTrace, bad: float) -> None:
    module = nn.LSTM(3, 4)
    x = torch.zeros(4, 3)
    x[1, 0] = bad
    trace = gs.trace(module, x)
    for t in range(4):
        for name in trace.spec.cell.names:
            equation = Equations(trace, unit=1).of(name, t)
            text = as_text([equation], 4)
            assert ("nan" in text or "inf" in text) == (not all(map(math.isfinite, _values(equation))))
            terms = [expansion(piece, 1) for piece in pieces(equation.formula) if piece.products is not None]
            assert as_latex([equation, *terms])


def _values(equation: Equation) -> list[float]:
    nodes = [equation.formula, equation.result] + ([] if equation.reduced is None else [equation.reduced])
    return [piece.value for node in nodes for piece in pieces(node) if piece.value is not None]
