"""Verification of runs with values held by hand: what torch has is judged as ever, nothing is taken on trust."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import torch
from torch import Tensor
from torch.nn.utils.rnn import pack_padded_sequence

import gatescope as gs
from gatescope.cells.kinds import TORCH_CELLS
from gatescope.traces.layers import one_step
from gatescope.traces.trace import Trace
from gatescope.verification.error_curves import error_curves
from gatescope.verification.report import Report

MakeModule = Callable[..., Any]

T, B, K, H = 8, 2, 3, 4
NAMES = ("f", "i", "c_tilde", "c", "o", "h")
FOLLOWS = {
    ("LSTM", "f"): "fch", ("LSTM", "i"): "ich", ("LSTM", "c_tilde"): ("c_tilde", "c", "h"), ("LSTM", "c"): "ch",
    ("LSTM", "o"): "oh", ("LSTM", "h"): "h", ("GRU", "r"): "rnh", ("GRU", "z"): "zh", ("GRU", "n"): "nh",
    ("GRU", "h"): "h", ("RNN", "a"): "ah", ("RNN", "h"): "h",
}  # fmt: skip


def sequence(steps: int = T, dtype: torch.dtype = torch.float32) -> Tensor:
    return torch.randn(steps, B, K, generator=torch.Generator().manual_seed(6)).to(dtype)


@pytest.fixture
def held(make_lstm: MakeModule) -> Trace:
    """Return an LSTM with f of unit 2 held at steps 3 and 4."""
    return gs.trace(make_lstm(K, H), sequence(), holds=[gs.Hold("f", 1.0, 3, 5, units=(2,))])


def changed(
    trace: Trace, name: str, place: tuple[int, int, int], by: float, layer: int = 0, way: Any = "forward"
) -> Trace:
    """Return the trace with one number of its record changed."""
    cell = trace.cells[layer, way]
    values = cell.values[name].clone()
    values[place] += by
    return trace.with_cell(dataclasses.replace(cell, values=cell.values | {name: values}))


def assert_differs_at(report: Report, name: str, place: tuple[int, int, int]) -> None:
    assert report.verdict.code == "differs"
    assert not report.matches
    first = report.first_difference
    assert first is not None
    assert (first.quantity, first.t, first.batch, first.unit) == (name, *place)
    assert first.ratio > 1
    assert first.error > 0


# ---- what is left out ----


@pytest.mark.parametrize("cell", TORCH_CELLS, ids=lambda cell: f"{cell.name} {cell.nonlinearity}")
def test_what_a_cell_says_each_quantity_is_made_of_is_what_its_equations_use(cell: Any, make_trace: Any) -> None:
    options = {} if cell.nonlinearity is None else {"nonlinearity": cell.nonlinearity}
    plain = make_trace(K, H, kind=cell.name, scale=3.0, **options).cell()
    x, before = plain.x[3], {name: plain.state_before(name)[3] for name in cell.states}

    def differing(source: str) -> set[str]:
        def one(name: str, value: Tensor) -> Tensor:
            return value + 0.25 if name == source else value

        def other(name: str, value: Tensor) -> Tensor:
            return torch.zeros_like(value) if name == source else value

        step, again = (one_step(cell, plain.weights, x, before, hold) for hold in (one, other))
        return {name for name in cell.names if not torch.equal(step[name], again[name])}

    for source in cell.names:
        following, last = {source}, set[str]()
        while following != last:
            last = following
            following = following | {name for name, of in cell.made_of.items() if following & {*of}}
        assert differing(source) == following


@pytest.mark.numeric
@pytest.mark.parametrize(("kind", "name"), FOLLOWS)
@pytest.mark.parametrize("cell_module", [False, True])
def test_only_what_is_held_and_what_follows_in_that_step_is_left_out(
    make_lstm: MakeModule, kind: str, name: str, cell_module: bool
) -> None:
    module = make_lstm(K, H, kind=kind + ("Cell" if cell_module else ""))
    trace = gs.trace(module, sequence(), holds=[gs.Hold(name, 0.25, 3, 5, units=(2,), batch=(1,))])
    report = gs.verify(trace, gates=True)
    for own in trace.spec.cell.names:
        out = torch.zeros(T, B, H, dtype=torch.bool)
        out[3:5, 1, 2] = own in FOLLOWS[kind, name]
        assert torch.equal(report.ratio(own).isnan(), out)
        assert torch.equal(report.reference(own).isnan(), out)
        assert float(report.ratio(own).nan_to_num(0).max()) <= 1
    assert report.verdict.code == "matches_where_comparable"
    assert report.matches
    assert report.held == 2


def test_the_verdict_says_how_many_values_were_held(held: Trace) -> None:
    report = gs.verify(held, gates=True)
    percent = report.verdict.params["percent"]
    assert str(report.verdict) == (
        f"matches nn.LSTM wherever it has a counterpart ({percent} % of the rounding bound); values held by hand: 4"
    )


@pytest.mark.parametrize("gates", [False, True])
def test_where_all_is_held_nothing_is_compared_and_nothing_matches(make_lstm: MakeModule, gates: bool) -> None:
    holds = [gs.Hold(name, 0.5) for name in NAMES]
    report = gs.verify(gs.trace(make_lstm(K, H), sequence(), holds=holds), gates=gates)
    assert str(report.verdict) == (
        "nothing can be compared with nn.LSTM: every value is held by hand or follows from one that is"
    )
    assert not report.matches
    assert report.first_difference is None
    assert report.nonfinite is None


def test_the_curves_have_a_gap_only_where_no_unit_can_be_compared(make_lstm: MakeModule, held: Trace) -> None:
    curves = error_curves(gs.verify(held, gates=True), "f", 0, "forward", 0, drift=False)
    assert not torch.tensor(curves.bound).isnan().any()
    whole = gs.trace(make_lstm(K, H), sequence(), holds=[gs.Hold("f", 1.0, 3, 5)])
    curves = error_curves(gs.verify(whole, gates=True), "f", 0, "forward", 0, drift=False)
    assert torch.tensor(curves.error).isnan().nonzero().flatten().tolist() == [3, 4]


def test_there_is_no_drift_beside_a_held_run(held: Trace) -> None:
    report = gs.verify(held)
    assert not report.drifts
    for ask in (report.run_freely, lambda: report.free_running("h")):
        with pytest.raises(gs.GatescopeError) as error:
            ask()
        assert error.value.code == "no_drift"
    assert gs.verify(dataclasses.replace(held, holds=())).drifts


def test_the_arbiter_leaves_out_what_torch_does_not_have(held: Trace) -> None:
    arbiter = gs.verify(held, gates=True).arbiter("c")
    for side in arbiter:
        assert side.ulps.isnan().nonzero().tolist() == [[t, b, 2] for t in (3, 4) for b in range(B)]
        assert side.largest < 1000  # C without the hold would be millions of units off


@pytest.mark.parametrize("value", [-1e4, -30.0, 30.0, 1e4])
@pytest.mark.parametrize(("kind", "name"), FOLLOWS)
def test_what_follows_from_values_beyond_every_gate_is_no_difference(
    make_lstm: MakeModule, kind: str, name: str, value: float
) -> None:
    trace = gs.trace(
        make_lstm(K, 64, kind=kind), sequence(64), holds=[gs.Hold(name, value, 3, 7, units=range(0, 64, 2))]
    )
    report = gs.verify(trace, gates=True)
    assert report.matches
    assert all(float(report.bound(own).nan_to_num(0).min()) >= 0 for own in report.compared)


# ---- planted faults ----


@pytest.mark.parametrize("place", [(3, 0, 2), (4, 1, 2)])
@pytest.mark.parametrize("by", [1e-5, -0.5, torch.nan, torch.inf])
def test_a_held_value_that_is_not_what_was_held_is_a_difference(held: Trace, place: Any, by: float) -> None:
    report = gs.verify(changed(held, "f", place, by), gates=True)
    if math.isfinite(by):
        assert_differs_at(report, "f", place)
    else:
        assert report.verdict.code == "differs"
    assert float(report.reference("f")[place]) == 1.0


@pytest.mark.parametrize("name", ["c", "h"])
@pytest.mark.parametrize("gates", [False, True])
def test_what_does_not_follow_from_a_held_value_is_a_difference(held: Trace, name: str, gates: bool) -> None:
    place = (4, 1, 2)
    assert_differs_at(gs.verify(changed(held, name, place, 1e-3), gates=gates), name, place)


@pytest.mark.parametrize("name", ["f", "i", "c_tilde", "c", "o", "h"])
@pytest.mark.parametrize("place", [(3, 0, 1), (4, 1, 3), (5, 1, 2), (2, 0, 2), (7, 0, 0)])
def test_a_fault_beside_a_held_value_is_found(held: Trace, name: str, place: tuple[int, int, int]) -> None:
    assert_differs_at(gs.verify(changed(held, name, place, 1e-4), gates=True), name, place)


@pytest.mark.numeric
@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
@pytest.mark.parametrize(("layer", "way"), [(0, "forward"), (0, "reverse"), (1, "forward"), (1, "reverse")])
def test_faults_are_found_in_every_layer_and_direction(make_lstm: MakeModule, kind: str, layer: int, way: Any) -> None:
    module = make_lstm(K, H, 2, kind=kind, bidirectional=True)
    holds = [gs.Hold("h", 0.5, 3, 5, units=(1,), direction="reverse"), gs.Hold("h", 0.5, 3, 5, layer=1)]
    trace = gs.trace(module, sequence(), holds=holds)
    assert gs.verify(trace, gates=True).verdict.code == "matches_where_comparable"
    report = gs.verify(changed(trace, "h", (6, 1, 3), 1e-3, layer, way), gates=True)
    assert report.verdict.code == "differs"
    over = (report.ratio("h", layer, way) > 1).nonzero().tolist()
    assert [6, 1, 3] in over


def test_a_hold_that_was_not_kept_to_is_found(make_lstm: MakeModule) -> None:
    plain = gs.trace(make_lstm(K, H), sequence())
    claimed = dataclasses.replace(plain, holds=(gs.Hold("f", 1.0, 3, 5, units=(2,)),))
    assert_differs_at(gs.verify(claimed, gates=True), "f", (3, 0, 2))
    assert not gs.verify(claimed).matches  # C did not follow either


def test_a_hold_that_is_not_told_of_is_found(held: Trace) -> None:
    assert_differs_at(gs.verify(dataclasses.replace(held, holds=()), gates=True), "f", (3, 0, 2))


def test_a_hold_that_was_kept_to_too_long_is_found(held: Trace) -> None:
    shorter = dataclasses.replace(held, holds=(gs.Hold("f", 1.0, 3, 4, units=(2,)),))
    first = gs.verify(shorter, gates=True).first_difference
    assert first is not None
    assert (first.quantity, first.t, first.unit) == ("f", 4, 2)


def test_the_cells_own_word_on_what_was_held_does_not_count(held: Trace) -> None:
    cell = dataclasses.replace(held.cell(), holds=(gs.Hold("f", 1.0),))
    ours, theirs = (gs.verify(trace, gates=True).ratio("f") for trace in (held, held.with_cell(cell)))
    torch.testing.assert_close(ours, theirs, rtol=0, atol=0, equal_nan=True)


def test_wrong_wiring_above_a_held_layer_is_found(make_lstm: MakeModule) -> None:
    module = make_lstm(H, H, 2)
    x = torch.randn(T, B, H, generator=torch.Generator().manual_seed(1))
    trace = gs.trace(module, x, holds=[gs.Hold("h", 0.5, 3, 5)])
    unheld = gs.trace(module, x)
    assert not gs.verify(trace.with_cell(unheld.cell(1)), gates=True).matches


def test_nan_in_the_input_is_told_as_ever(make_lstm: MakeModule) -> None:
    x = sequence()
    x[5, 0, 1] = torch.nan
    report = gs.verify(gs.trace(make_lstm(K, H), x, holds=[gs.Hold("f", 1.0, 3, 4)]), gates=True)
    assert report.verdict.code == "cannot_compare"
    assert report.verdict.params["t"] == 5


@pytest.mark.numeric
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_faults_in_other_dtypes_are_found(make_lstm: MakeModule, dtype: torch.dtype) -> None:
    trace = gs.trace(make_lstm(K, H, dtype=dtype), sequence(dtype=dtype), holds=[gs.Hold("f", 0.3, 3, 5, units=(2,))])
    assert gs.verify(trace, gates=True).matches
    step = 2 * torch.finfo(dtype).eps
    assert_differs_at(gs.verify(changed(trace, "f", (4, 1, 2), step), gates=True), "f", (4, 1, 2))
    assert_differs_at(gs.verify(changed(trace, "c", (4, 1, 2), 0.5), gates=True), "c", (4, 1, 2))


def test_faults_in_held_packed_sequences_are_found(make_lstm: MakeModule) -> None:
    packed = pack_padded_sequence(sequence(), [8, 4], enforce_sorted=False)
    trace = gs.trace(make_lstm(K, H, bidirectional=True), packed, holds=[gs.Hold("f", 0.5, 2, 6, units=(1,))])
    assert gs.verify(trace, gates=True).matches
    assert_differs_at(gs.verify(changed(trace, "f", (3, 1, 1), 0.1), gates=True), "f", (3, 1, 1))


def test_a_long_memory_beside_a_held_unit_is_still_bounded(make_lstm: MakeModule) -> None:
    module = make_lstm(K, H)
    with torch.no_grad():
        module.bias_ih_l0[H : 2 * H] += 10.0
    x = torch.randn(5000, 1, K, generator=torch.Generator().manual_seed(2))
    trace = gs.trace(module, x, holds=[gs.Hold("c", 0.5, 2000, 2003, units=(0,)), gs.Hold("i", 0.1, 4000, 4001)])
    report = gs.verify(trace, gates=True)
    assert report.verdict.code == "matches_where_comparable"
    assert float(report.bound("h").nan_to_num(0).max()) < 0.1
    place = (4999, 0, 3)
    assert_differs_at(gs.verify(changed(trace, "h", place, 0.2), gates=True), "h", place)


@pytest.mark.parametrize("direction", ["forward", "reverse"])
@pytest.mark.parametrize(
    "later", [[gs.Hold("c", 0.0, 4, 5)], [gs.Hold("f", 0.0, 4, 5), gs.Hold("i", 0.5, 4, 5)]], ids=["c", "f and i"]
)
def test_what_a_large_memory_gathered_ends_where_a_later_hold_resets_it(
    make_lstm: MakeModule, later: list[gs.Hold], direction: Any
) -> None:
    holds = [gs.Hold("c", 1e6, 2, 3), *later] if direction == "forward" else [gs.Hold("c", 1e6, 6, 7), *later]
    holds = [dataclasses.replace(hold, direction=direction) for hold in holds]
    trace = gs.trace(make_lstm(K, H, bidirectional=True), sequence(9), holds=holds)
    assert gs.verify(trace, gates=True).verdict.code == "matches_where_comparable"
    place = (7, 1, 0) if direction == "forward" else (1, 1, 0)
    assert_differs_at(gs.verify(changed(trace, "h", place, 0.01, way=direction), gates=True), "h", place)


def test_a_memory_that_is_held_again_for_one_element_stays_uncertain_for_the_other(make_lstm: MakeModule) -> None:
    holds = [gs.Hold("c", 1e6, 2, 3), gs.Hold("c", 0.0, 4, 5, batch=(0,))]
    bound = gs.verify(gs.trace(make_lstm(K, H), sequence(), holds=holds), gates=True).bound("h")
    assert float(bound[6, 0].max()) < 1e-4
    assert float(bound[6, 1].max()) > 1e-4


def test_a_fault_after_a_nan_that_holds_have_ended_is_found(make_lstm: MakeModule) -> None:
    x = sequence()
    x[2, 1, 0] = torch.nan
    trace = gs.trace(make_lstm(K, H), x, holds=[gs.Hold("c", 0.5, 4, 5), gs.Hold("h", 0.5, 4, 5)])
    assert gs.verify(trace, gates=True).verdict.code == "cannot_compare"
    place = (6, 1, 3)
    assert_differs_at(gs.verify(changed(trace, "h", place, 0.01), gates=True), "h", place)


@pytest.mark.parametrize("gates", [False, True])
def test_in_16_bits_an_element_that_overflows_is_no_difference_in_another(make_lstm: MakeModule, gates: bool) -> None:
    module = make_lstm(K, 5, kind="GRU", bias=False, dtype=torch.bfloat16, scale=10.0)
    x = torch.randn(40, 3, K, generator=torch.Generator().manual_seed(0)).bfloat16()
    trace = gs.trace(module, x, holds=[gs.Hold("z", 30.0, 7, batch=(0, 1))])
    assert not trace.cell().h[-1, :2].isfinite().any()
    report = gs.verify(trace, gates=gates)
    assert report.verdict.code == "cannot_compare"
    assert bool((report.ratio("h")[:, 2] <= 1).all())
    assert_differs_at(gs.verify(changed(trace, "h", (36, 2, 4), 0.5), gates=gates), "h", (36, 2, 4))


def test_in_16_bits_a_held_value_beside_a_nan_is_still_checked(make_lstm: MakeModule) -> None:
    x = torch.randn(T, 33, K, generator=torch.Generator().manual_seed(0)).bfloat16()
    x[3, 20, 0] = torch.nan
    holds = [gs.Hold("f", 0.5, 2, 6, batch=(19,))]
    trace = gs.trace(make_lstm(K, 64, dtype=torch.bfloat16), x, holds=holds)
    assert gs.verify(trace).verdict.code == "cannot_compare"
    assert_differs_at(gs.verify(changed(trace, "c", (4, 19, 2), 0.5)), "c", (4, 19, 2))


def test_long_traces_are_checked_in_parts_with_the_same_result(held: Trace, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = gs.verify(held, gates=True)
    monkeypatch.setattr("gatescope.verification.verify._ROWS", 4 * 4 * B)  # a step in a part
    parts = gs.verify(held, gates=True)
    for name in parts.compared:
        assert torch.equal(parts.ratio(name).isnan(), whole.ratio(name).isnan())
    assert_differs_at(gs.verify(changed(held, "f", (4, 1, 2), 0.1), gates=True), "f", (4, 1, 2))


# ---- two runs ----


def test_runs_that_were_held_alike_are_compared_and_others_are_not(make_lstm: MakeModule, held: Trace) -> None:
    module = make_lstm(K, H)
    assert gs.compare(held, gs.trace(module, sequence(), holds=held.holds)).matches
    double = gs.trace(make_lstm(K, H).double(), sequence(dtype=torch.float64), holds=[gs.Hold("f", 0.1, 3)])
    single = gs.trace(module, sequence(), holds=[gs.Hold("f", 0.1, 3)])
    assert gs.compare(single, double).matches
    comparison = gs.compare(gs.trace(module, sequence()), held)
    assert not comparison.matches
    assert str(comparison.verdict) == (
        "the two runs were not held by hand alike (one: none; the other: f of unit 2 held at 1 at t = 3 to 4)"
    )


def test_two_runs_with_everything_held_cannot_be_compared(make_lstm: MakeModule) -> None:
    holds = [gs.Hold(name, 0.5) for name in NAMES]
    trace = gs.trace(make_lstm(K, H), sequence(), holds=holds)
    assert gs.compare(trace, trace).verdict.code == "nothing_to_compare"


def test_another_network_is_found_in_runs_that_were_held_alike(make_lstm: MakeModule, held: Trace) -> None:
    other = gs.trace(make_lstm(K, H, seed=9), sequence(), holds=held.holds)
    assert gs.compare(held, other).verdict.code == "runs_differ"


# ---- files ----


def test_a_held_trace_is_saved_and_read_back(make_lstm: MakeModule, tmp_path: Path) -> None:
    holds = [gs.Hold("f", 0.1, 3, 5, units=(2, 0), batch=(1,)), gs.Hold("h", -2.0, layer=1, direction="reverse")]
    trace = gs.trace(make_lstm(K, H, 2, bidirectional=True), sequence(), holds=holds)
    trace.save(tmp_path / "held.gates")
    found = gs.load(tmp_path / "held.gates").only
    assert found.holds == trace.holds == (dataclasses.replace(holds[0], units=(0, 2)), holds[1])
    for key, cell in trace.cells.items():
        assert found.cells[key].holds == cell.holds
    assert gs.verify(found, gates=True).verdict == gs.verify(trace, gates=True).verdict
    assert gs.effect(trace, found).first is None


@pytest.mark.parametrize(
    ("hold", "words"),
    [
        ({"quantity": "f"}, "holds does not fit the rest"),
        ({"quantity": "f", "value": 1, "code": "x"}, "holds does not fit the rest"),
        ({"quantity": "f", "value": "1"}, "value must be a finite number"),
        ({"quantity": "f", "value": float("nan")}, "value must be a finite number"),
        ({"quantity": ["f"], "value": 1}, "quantity must be text"),
        ({"quantity": "z", "value": 1}, "The quantity must be f, i"),
        ({"quantity": "f", "value": 1, "start": 8}, "start must be 0"),
        ({"quantity": "f", "value": 1, "stop": 10**400}, "stop must be 0"),
        ({"quantity": "f", "value": 1, "units": [9]}, "units must be 0"),
        ({"quantity": "f", "value": 1, "units": "0"}, "units must be one or more"),
        ({"quantity": "f", "value": 1, "batch": [True]}, "batch must be a whole number"),
        ({"quantity": "f", "value": 1, "direction": "up"}, "direction must be forward"),
        ("f", "holds does not fit the rest"),
    ],
)
def test_holds_in_a_file_are_not_believed(
    held: Trace, hold: Any, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = dataclasses.asdict
    forged = lambda value: hold if isinstance(value, gs.Hold) else right(value)  # noqa: E731 - used once
    monkeypatch.setattr("gatescope.formats.trace_segment.asdict", forged)
    held.save(tmp_path / "forged.gates")
    with pytest.raises(gs.GatescopeError) as error:
        gs.load(tmp_path / "forged.gates")
    assert words in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_tables_say_what_was_held(held: Trace, tmp_path: Path) -> None:
    held.to_csv(tmp_path / "held.csv")
    origin = json.loads((tmp_path / "held.csv.json").read_text())
    assert [gs.Hold(**hold) for hold in origin["holds"]] == list(held.holds)
    assert origin["verdict"] == "matches_where_comparable"
    assert "values held by hand: 4" in origin["verdict_text"]
    table = pl.read_csv(tmp_path / "held.csv")
    out = table.filter(pl.col("c_ref").is_nan())
    assert sorted(out.select("t", "batch", "unit").rows()) == [(t, b, 2) for t in (3, 4) for b in range(B)]
    held.to_parquet(tmp_path / "held.parquet")
    assert pl.read_parquet(tmp_path / "held.parquet").height == T * B * H
    assert held.to_xarray().attrs["holds"] == "f of unit 2 held at 1 at t = 3 to 4"
