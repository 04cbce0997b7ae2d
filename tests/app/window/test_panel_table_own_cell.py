"""Every panel with a run of a cell that torch does not have, of which there is no drawing, read from a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import gatescope as gs
from gatescope.cells.arithmetic import Arithmetic
from gatescope.cells.cell import Cell
from gatescope.cells.kinds import add_cell
from gatescope.cells.quantities import Quantity
from gatescope.cells.rounding import both_sides, product_error, tanh_error
from gatescope.cells.values import Holding, Values, as_computed
from gatescope.cells.weights import Weights
from gatescope_app.state.runs import Setup, recorded_setup
from gatescope_app.window.panel_table import CENTRE, PANELS


class LeakyCell(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight_ih, self.weight_hh = nn.Parameter(torch.randn(4, 3)), nn.Parameter(torch.randn(4, 4))
        self.gain = nn.Parameter(torch.randn(4))

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        return 0.5 * h + 0.5 * torch.tanh(self.gain * (x @ self.weight_ih.T + h @ self.weight_hh.T))


class Leaky(Cell):
    name = "LeakyCell"
    packed = ("m",)
    memory_state = "h"
    made_of = {"h": ("m",)}  # noqa: RUF012 - read only
    quantities = (
        Quantity("m", "m", "m", "candidate", "m_t = tanh(z_m)", -1.0, 1.0, "z_m"),
        Quantity("h", "h", "h", "hidden state", "h_t = 0.5 * h_(t-1) + 0.5 * m_t", None, None),
    )

    def further_shapes(self, input_size: int, hidden_size: int) -> dict[str, tuple[int, ...]]:
        return {"gain": (hidden_size,)}

    def step(self, xh: Tensor, before: Values, w: Weights, held: Holding = as_computed) -> Values:
        z = w.further["gain"] * w.of_both(xh)[0]
        m = held("m", z.tanh())
        return {"z_m": z, "m": m, "h": held("h", 0.5 * before["h"] + 0.5 * m)}

    def kept_and_written(self, gates: Values) -> tuple[Tensor, Tensor]:
        return torch.full_like(gates["m"], 0.5), 0.5 * gates["m"]

    def bound(self, xh: Tensor, before: Values, w: Weights, step: Values, arithmetic: Arithmetic) -> Values:
        size = w.magnitudes.further["gain"] * w.magnitudes.of_both(xh.abs())[0]
        dm = tanh_error(step["m"], product_error(xh.shape[-1] + 2, size, arithmetic), arithmetic)
        u = arithmetic.unit_roundoff
        return both_sides({"m": dm, "h": 0.5 * dm + 3 * u * (before["h"].abs() + step["m"].abs())}, arithmetic)


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    add_cell(Leaky())
    torch.manual_seed(0)
    trace = gs.trace(LeakyCell(), torch.randn(6, 2, 3))
    assert gs.verify(trace).matches
    trace.save(tmp_path / "own.gates")
    return recorded_setup(gs.load(tmp_path / "own.gates").only, "own.gates")


@pytest.mark.parametrize("panel", [*PANELS, CENTRE], ids=lambda panel: panel.name)
def test_every_panel_shows_such_a_run(panel: Any, setup: Setup, show_alone: Callable[..., Any], hands: Any) -> None:
    _module, name = panel.view.split(":")
    session, _, view = show_alone(panel.make, setup, 700, 500)
    for _ in range(5):
        session.step()
        hands.qtbot.wait(1)
    for quantity in ("m", "h"):
        session.look_at(unit=2, quantity=quantity)
        hands.qtbot.wait(1)
    assert type(view).__name__ == name
    assert not view.grab().isNull()
    assert session.state.run is not None
    assert session.state.run.report.verdict.code == "reference_missing"
