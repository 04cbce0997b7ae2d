"""A session with a cell that torch does not have: it is kept by its name, and asked for where it is not known."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

import gatescope as gs
from gatescope.cells import kinds
from gatescope.cells.arithmetic import Arithmetic
from gatescope.cells.cell import Cell
from gatescope.cells.quantities import Quantity
from gatescope.cells.values import Holding, Values, as_computed
from gatescope.cells.weights import Weights
from gatescope.formats.trace_segment import same_trace
from gatescope_app.state.document import new_document
from gatescope_app.state.recorded_traces import read_recording
from gatescope_app.state.runs import recorded_setup
from gatescope_app.state.session_file import SessionContent, read_session, save_session


class PlainCell(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight_ih, self.weight_hh = nn.Parameter(torch.randn(4, 3)), nn.Parameter(torch.randn(4, 4))

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        return torch.tanh(x @ self.weight_ih.T + h @ self.weight_hh.T)


class Plain(Cell):
    name = "PlainCell"
    packed = ("h",)
    made_of = {"h": ()}  # noqa: RUF012 - read only
    quantities = (Quantity("h", "h", "h", "hidden state", "h_t = tanh(z_h)", -1.0, 1.0, "z_h"),)

    def step(self, xh: Tensor, before: Values, w: Weights, held: Holding = as_computed) -> Values:
        z = w.of_both(xh)[0]
        return {"z_h": z, "h": held("h", z.tanh())}

    def bound(self, xh: Tensor, before: Values, w: Weights, step: Values, arithmetic: Arithmetic) -> Values:
        raise AssertionError("nothing is verified here")


def test_an_own_cell_is_kept_by_name_and_asked_for_where_it_is_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(kinds, "_known", dict(kinds._known))
        gs.add_cell(Plain())
        trace = gs.trace(PlainCell(), torch.ones(5, 3))
        trace.save(tmp_path / "own.gates")
        (entry,) = read_recording(tmp_path / "own.gates").entries
        document = new_document(recorded_setup(entry.trace, f"{tmp_path / 'own.gates'}::{entry.label}"))
        save_session(SessionContent(document), tmp_path / "own.gatescope")
        again = read_session(tmp_path / "own.gatescope").document.setup
        assert again.spec.kind == "PlainCell"
        assert again.source.recorded is not None
        assert same_trace(again.source.recorded, entry.trace)
    with pytest.raises(gs.GatescopeError) as caught:
        read_session(tmp_path / "own.gatescope")
    assert caught.value.code == "session_cell"
    assert "PlainCell" in str(caught.value)
    assert "add_cell" in str(caught.value)
