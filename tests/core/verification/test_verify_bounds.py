"""The bounds of a report are those that its cells give for each step, at numbers that were not recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

import gatescope as gs
from gatescope.traces.layers import one_step
from gatescope.traces.trace import CellTrace, Trace

MakeTrace = Callable[..., Trace]

ROUNDING = {"rtol": 2.0**-12, "atol": 0.0}  # that of the bounds themselves, which a processor may add up otherwise
DTYPES = [torch.float32, torch.float64, torch.bfloat16, torch.float16]
each_dtype = pytest.mark.parametrize("dtype", DTYPES, ids=str)
KINDS: list[tuple[str, dict[str, Any]]] = [
    ("LSTM", {}), ("GRU", {}), ("RNN", {}), ("RNN", {"nonlinearity": "relu"}), ("LSTM", {"bidirectional": True}),
]  # fmt: skip


def rows(values: Tensor, dtype: torch.dtype) -> Tensor:
    return values.flatten(0, 1).to(dtype)


def own_bounds(trace: Trace, cell: CellTrace, wide: torch.dtype, step: dict[str, Tensor] | None) -> dict[str, Tensor]:
    """Return what the cell bounds all steps of a record by; at the quantities of `step`, or those of the equations."""
    before = {name: cell.state_before(name).flatten(0, 1) for name in cell.cell.states}
    x = cell.x.flatten(0, 1)
    step = one_step(cell.cell, cell.weights, x, before) if step is None else step
    states = {name: value.to(wide) for name, value in before.items()}
    w = cell.weights.mapped(lambda tensor: tensor.to(wide))
    at = {name: value.to(wide) for name, value in step.items()}
    bounds = cell.cell.bound(torch.cat([x.to(wide), states["h"]], dim=1), states, w, at, trace.arithmetic)
    return {name: bound.view(*cell.quantity(name).shape) for name, bound in bounds.items()}


@each_dtype
@pytest.mark.parametrize(("kind", "options"), KINDS)
def test_each_step_is_bounded_by_its_cell(
    make_trace: MakeTrace, dtype: torch.dtype, kind: str, options: dict[str, Any]
) -> None:
    trace = make_trace(3, 4, kind=kind, dtype=dtype, **options)
    for cell in trace.cells.values():
        trace = trace.with_cell(replace(cell, h_from_kernel=False))  # else h is allowed what C has gathered
    # In 16 bits bounds are computed in float32: one that is rounded to 16 bits, or overflows, is none.
    wide = torch.float32 if dtype.itemsize == 2 else dtype
    plain, shown = gs.verify(trace), gs.verify(trace, gates=True)
    for key, cell in trace.cells.items():
        expected = own_bounds(trace, cell, wide, None)
        for name in plain.compared:
            assert plain.bound(name, *key).dtype == wide
            torch.testing.assert_close(plain.bound(name, *key), expected[name], **ROUNDING)
        references = {name: rows(shown.reference(name, *key), dtype) for name in cell.cell.names}
        expected = own_bounds(trace, cell, wide, references)
        for name in shown.compared:
            torch.testing.assert_close(shown.bound(name, *key), expected[name], **ROUNDING)


@each_dtype
def test_differences_are_taken_in_a_type_that_holds_them(make_trace: MakeTrace, dtype: torch.dtype) -> None:
    trace = make_trace(3, 4, dtype=dtype)
    cell = trace.cell()
    moved = cell.c + 2.0**-4
    report = gs.verify(trace.with_cell(replace(cell, values=cell.values | {"c": moved})))
    found = report.resynced("c")
    assert found.dtype == (torch.float32 if dtype.itemsize == 2 else dtype)
    wide = torch.promote_types(dtype, torch.float32)
    assert torch.equal(found, (moved.to(wide) - report.reference("c").to(wide)).abs())


def test_a_long_trace_is_bounded_in_parts_with_the_same_result(
    make_trace: MakeTrace, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = make_trace(3, 4, dtype=torch.float64, steps=20)
    whole, seen = gs.verify(trace, gates=True), list[float]()
    monkeypatch.setattr("gatescope.verification.verify._ROWS", 7 * 2 * 16)  # seven steps at once
    parts = gs.verify(trace, gates=True, progress=seen.append)
    assert [fraction for fraction in seen if fraction < 1][:2] == pytest.approx([7 / 20, 14 / 20])
    for name in whole.compared:
        torch.testing.assert_close(parts.reference(name), whole.reference(name), rtol=1e-12, atol=1e-12)
        torch.testing.assert_close(parts.bound(name), whole.bound(name), **ROUNDING)


def test_progress_beside_holds_stays_between_0_and_1() -> None:
    seen = list[float]()
    held = gs.trace(torch.nn.LSTM(3, 4), torch.randn(6, 2, 3), holds=[gs.Hold("f", 0.5, start=2)])
    gs.verify(held, progress=seen.append)
    assert len(seen) > 1
    assert all(0 < fraction <= 1 for fraction in seen)


@pytest.mark.parametrize("gates", [False, True])
def test_without_a_reference_there_is_nothing_to_compare(
    make_trace: MakeTrace, monkeypatch: pytest.MonkeyPatch, gates: bool
) -> None:
    trace = make_trace(3, 4, proj_size=2)
    monkeypatch.setattr("gatescope.verification.verify.has_reference", lambda _trace: False)
    report = gs.verify(trace, gates=gates)
    for name in report.compared:
        assert report.bound(name).shape == report.reference(name).shape == trace.cell().quantity(name).shape
        assert bool(report.bound(name).isnan().all())
        assert bool(report.reference(name).isnan().all())
    assert set(report.compared) >= {"h", "c"}
