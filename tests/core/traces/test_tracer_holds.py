"""Quantities held by hand: what follows from them, what does not, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

import gatescope as gs
from gatescope.edits.edits import MOST_HOLDS, Hold
from gatescope.modules.spec import KINDS
from gatescope.traces import layers
from gatescope.traces.trace import CellTrace, Trace, as_numpy

MakeModule = Callable[..., Any]
Array = NDArray[Any]
Kept = Callable[[str, Array], Array]

T, B, K, H = 9, 3, 3, 4
NAMES = {"LSTM": "f i c_tilde c o h", "GRU": "r z n h", "RNN": "a h"}
ALL = [(kind, name) for kind in KINDS for name in NAMES[kind.removesuffix("Cell")].split()]


def sequence(steps: int = T, batch: int = B, dtype: torch.dtype = torch.float32) -> Tensor:
    return torch.randn(steps, batch, K, generator=torch.Generator().manual_seed(5)).to(dtype)


def same(one: Tensor, other: Tensor) -> bool:
    """Whether two tensors are equal bit for bit."""
    return as_numpy(one).tobytes() == as_numpy(other).tobytes()


def assert_same(one: Trace, other: Trace, part: slice = slice(None)) -> None:
    for key, cell in one.cells.items():
        for name, values in cell.values.items():
            assert same(values[part], other.cells[key].values[name][part]), (key, name)


# ---- the same in the tests' own words: a loop in numpy and float64 ----


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def lstm(x: Array, s: dict[str, Array], p: dict[str, Array], kept: Kept) -> dict[str, Array]:
    i, f, c_tilde, o = np.split(x @ p["w_ih"].T + p["b_ih"] + s["h"] @ p["w_hh"].T + p["b_hh"], 4, axis=-1)
    f, i, o, c_tilde = (
        kept("f", sigmoid(f)),
        kept("i", sigmoid(i)),
        kept("o", sigmoid(o)),
        kept("c_tilde", np.tanh(c_tilde)),
    )
    c = kept("c", f * s["c"] + i * c_tilde)
    h = o * np.tanh(c)
    return {"f": f, "i": i, "c_tilde": c_tilde, "c": c, "o": o, "h": kept("h", h @ p["w_hr"].T if "w_hr" in p else h)}


def gru(x: Array, s: dict[str, Array], p: dict[str, Array], kept: Kept) -> dict[str, Array]:
    r, z, n = np.split(x @ p["w_ih"].T + p["b_ih"], 3, axis=-1)
    r_h, z_h, n_h = np.split(s["h"] @ p["w_hh"].T + p["b_hh"], 3, axis=-1)
    r, z = kept("r", sigmoid(r + r_h)), kept("z", sigmoid(z + z_h))
    n = kept("n", np.tanh(n + r * n_h))
    return {"r": r, "z": z, "n": n, "h": kept("h", (1 - z) * n + z * s["h"])}


def rnn(x: Array, s: dict[str, Array], p: dict[str, Array], kept: Kept) -> dict[str, Array]:
    a = kept("a", x @ p["w_ih"].T + p["b_ih"] + s["h"] @ p["w_hh"].T + p["b_hh"])
    return {"a": a, "h": kept("h", np.tanh(a))}


STEPS = {"LSTM": lstm, "GRU": gru, "RNN": rnn}


def expected(cell: CellTrace, x: Array, holds: Sequence[Hold]) -> dict[str, Array]:
    """Run one layer in one direction over x (T, B, K)."""
    weights = [value for value in cell.weights.parameters if value is not None]
    p = {
        name: as_numpy(value).astype(float)
        for name, value in zip(("w_ih", "w_hh", "b_ih", "b_hh", "w_hr"), weights, strict=False)
    }
    state = {name: as_numpy(value).astype(float) for name, value in cell.before.items()}
    mine = [hold for hold in holds if (hold.layer, hold.direction) == (cell.layer, cell.direction)]
    rows: list[Any] = [None] * len(x)
    for t in range(len(x)) if cell.direction == "forward" else reversed(range(len(x))):

        def kept(name: str, values: Array, t: int = t) -> Array:
            values = values.copy()
            for hold, b, u in product(mine, *map(range, values.shape)):
                acts = hold.start <= t < (len(x) if hold.stop is None else hold.stop)
                acts = acts and (hold.units is None or u in hold.units) and (hold.batch is None or b in hold.batch)
                if acts and hold.quantity == name:
                    values[b, u] = hold.value
            return values

        rows[t] = STEPS[cell.cell.name](x[t], state, p, kept)
        state = {name: rows[t][name] for name in state}
    return {name: np.stack([row[name] for row in rows]) for name in rows[0]}


def assert_as_expected(trace: Trace, holds: Sequence[Hold], within: float = 1e-5) -> None:
    x = as_numpy(trace.x).astype(float)
    for layer in range(trace.spec.num_layers):
        outputs = []
        for direction in trace.spec.directions:
            cell = trace.cells[layer, direction]
            right = expected(cell, x, holds)
            for name, values in right.items():
                np.testing.assert_allclose(as_numpy(cell.values[name]), values, rtol=within, atol=within, err_msg=name)
            outputs.append(right["h"])
        x = np.concatenate(outputs, axis=-1)


# ---- what follows ----


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_what_is_computed_from_a_held_value_follows(make_lstm: MakeModule, kind: str, name: str) -> None:
    holds = [gs.Hold(name, 0.75, 3, 5, units=(2,))]
    trace = gs.trace(make_lstm(K, H, kind=kind), sequence(), holds=holds)
    assert bool((trace.cell().quantity(name)[3:5, :, 2] == 0.75).all())
    assert_as_expected(trace, holds)
    assert trace.holds == tuple(holds)


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_a_hold_reaches_the_same_step_and_later_ones_but_no_earlier_one(
    make_lstm: MakeModule, kind: str, name: str
) -> None:
    module = make_lstm(K, H, kind=kind)
    plain, held = gs.trace(module, sequence()), gs.trace(module, sequence(), holds=[gs.Hold(name, 0.75, 3, 4)])
    assert_same(plain, held, slice(0, 3))
    first = gs.effect(plain, held).first
    assert first is not None
    assert (first.t, first.quantity) == (3, name)
    assert not torch.equal(plain.cell().h[3], held.cell().h[3])
    assert not torch.equal(plain.cell().h[4], held.cell().h[4])


@pytest.mark.parametrize(
    "options", [{"num_layers": 2}, {"bidirectional": True}, {"num_layers": 2, "bidirectional": True}]
)
@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_layers_above_read_what_follows(make_lstm: MakeModule, kind: str, options: dict[str, Any]) -> None:
    module = make_lstm(K, H, kind=kind, **options)
    plain = gs.trace(module, sequence())
    for direction in plain.spec.directions:
        holds = [gs.Hold("h", 0.5, 4, 6, layer=0, direction=direction)]
        trace = gs.trace(module, sequence(), holds=holds)
        assert_as_expected(trace, holds)
        unheld = "reverse" if direction == "forward" else "forward"
        if plain.spec.bidirectional:
            assert same(trace.cell(0, unheld).h, plain.cell(0, unheld).h)


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_in_the_reverse_direction_later_means_below(make_lstm: MakeModule, kind: str) -> None:
    module = make_lstm(K, H, kind=kind, bidirectional=True)
    plain = gs.trace(module, sequence())
    held = gs.trace(module, sequence(), holds=[gs.Hold("h", 0.5, 2, 5, direction="reverse")])
    ours, theirs = held.cell(0, "reverse"), plain.cell(0, "reverse")
    for name in ours.cell.names:
        assert same(ours.values[name][5:], theirs.values[name][5:])
        assert not torch.equal(ours.values[name][1], theirs.values[name][1])
    assert_as_expected(held, held.holds)


@pytest.mark.numeric
@pytest.mark.parametrize("kind", KINDS)
def test_batch_elements_and_quantities_without_a_hold_keep_their_bits(make_lstm: MakeModule, kind: str) -> None:
    module = make_lstm(K, H, kind=kind)
    gate = NAMES[kind.removesuffix("Cell")].split()[0]
    holds = [gs.Hold(gate, 0.25, 4, 6, units=(1, 3), batch=(0, 2))]
    plain, held = gs.trace(module, sequence()), gs.trace(module, sequence(), holds=holds)
    for name, values in held.cell().values.items():
        assert same(values[:, 1], plain.cell().values[name][:, 1])
        assert same(values[4, :, 0], plain.cell().values[name][4, :, 0])  # another unit at the first step
    assert_as_expected(held, holds)


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_a_batch_element_keeps_its_bits_until_its_own_first_hold(
    make_lstm: MakeModule, kind: str, direction: Any
) -> None:
    module, steps = make_lstm(K, 5, kind=kind, bidirectional=True), 30
    gate = NAMES[kind].split()[0]
    first, second = (2, 20) if direction == "forward" else (27, 9)
    holds = [
        gs.Hold("h", 1.0, first, first + 1, direction=direction, batch=(0,), units=(3,)),
        gs.Hold(gate, 0.5, second, second + 1, direction=direction, batch=(1,), units=(3,)),
    ]
    plain, held = (gs.trace(module, sequence(steps), holds=own).cell(0, direction) for own in ((), holds))
    for element, begin in ((0, first), (1, second)):
        before = slice(begin) if direction == "forward" else slice(begin + 1, None)
        for name, values in held.values.items():
            assert same(values[before, element], plain.values[name][before, element])
            assert same(values[begin, element, :3], plain.values[name][begin, element, :3])  # other units
            assert same(values[:, 2], plain.values[name][:, 2])
    assert_as_expected(gs.trace(module, sequence(steps), holds=holds), holds)


def test_elements_that_are_held_by_turns_have_run_in_the_kernel_before(make_lstm: MakeModule) -> None:
    holds = [gs.Hold("f", 0.5, 0, 5, batch=(0,)), gs.Hold("f", 0.5, 5, batch=(1, 2))]
    trace = gs.trace(make_lstm(K, H), sequence(), holds=holds)
    assert trace.cell().h_from_kernel
    assert gs.verify(trace, gates=True).matches


def test_of_overlapping_holds_the_later_one_acts(make_lstm: MakeModule) -> None:
    one, other = gs.Hold("f", 0.25, 2, 7), gs.Hold("f", 0.5, 4, 6, units=(1,))
    for holds, value in (([one, other], 0.5), ([other, one], 0.25)):
        trace = gs.trace(make_lstm(K, H), sequence(), holds=holds)
        assert bool((trace.cell().f[4:6, :, 1] == value).all())
        assert bool((trace.cell().f[2:7, :, 0] == 0.25).all())
        assert_as_expected(trace, holds)


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_everything_can_be_held(make_lstm: MakeModule, kind: str, name: str) -> None:
    holds = [gs.Hold(own, 0.125) for own in NAMES[kind.removesuffix("Cell")].split()]
    trace = gs.trace(make_lstm(K, H, kind=kind), sequence(), holds=holds)
    assert bool((trace.cell().quantity(name) == 0.125).all())


def test_a_gate_is_clamped_for_the_whole_run(make_lstm: MakeModule) -> None:
    trace = gs.trace(make_lstm(K, H), sequence(), holds=[gs.Hold("f", 1.0), gs.Hold("i", 0.0)])
    assert bool((trace.cell().c == 0).all())
    assert not trace.cell().h_from_kernel


@pytest.mark.parametrize("value", [-7.5, 3.0])
@pytest.mark.parametrize(
    ("kind", "name"), [("LSTM", "f"), ("LSTM", "c_tilde"), ("GRU", "z"), ("GRU", "r"), ("RNN", "h")]
)
def test_a_value_may_be_beyond_what_a_gate_can_reach(make_lstm: MakeModule, kind: str, name: str, value: float) -> None:
    holds = [gs.Hold(name, value, 2, 4)]
    trace = gs.trace(make_lstm(K, H, kind=kind), sequence(), holds=holds)
    assert_as_expected(trace, holds)
    assert gs.verify(trace, gates=True).matches


def test_torchs_letters_name_quantities_too(make_lstm: MakeModule) -> None:
    trace = gs.trace(make_lstm(K, H), sequence(), holds=[gs.Hold("g", 0.5, 2, 3)])
    assert trace.holds == (gs.Hold("c_tilde", 0.5, 2, 3),)
    assert bool((trace.cell().c_tilde[2] == 0.5).all())


def test_the_pre_activation_of_n_has_passed_the_held_reset_gate(make_lstm: MakeModule) -> None:
    trace = gs.trace(make_lstm(K, H, kind="GRU"), sequence(), holds=[gs.Hold("r", 0.0, 3, 5, units=(1,))])
    cell = trace.cell()
    torch.testing.assert_close(cell.z_n.tanh(), cell.n)
    assert not torch.allclose(cell.z_r[3:5, :, 1].sigmoid(), cell.r[3:5, :, 1])  # what it would have been


@pytest.mark.numeric
@settings(max_examples=settings.default.max_examples // 2)
@given(st.data())
def test_any_holds_are_as_a_plain_loop_makes_them(data: st.DataObject) -> None:
    kind, direction = data.draw(st.sampled_from(["LSTM", "GRU", "RNN"])), st.sampled_from(["forward", "reverse"])
    module = getattr(nn, kind)(K, H, 2, bidirectional=True, dtype=torch.float64)
    some = st.sets(st.integers(0, 2), min_size=1).map(tuple) | st.none()

    def hold(name: str, value: float, start: int, length: int, layer: int, way: Any, units: Any, batch: Any) -> Hold:
        stop = min(start + length, T) if length else None
        return gs.Hold(name, value, start, stop, layer, way, units, batch)

    names = st.sampled_from(NAMES[kind].split())
    steps = st.integers(0, T - 1)
    each = st.builds(
        hold, names, st.floats(-1.0, 1.0), steps, st.integers(0, 4), st.integers(0, 1), direction, some, some
    )
    holds = data.draw(st.lists(each, max_size=6))
    trace = gs.trace(module, sequence(dtype=torch.float64), holds=holds)
    assert_as_expected(trace, holds, within=1e-12)
    report = gs.verify(trace, gates=True)
    assert report.matches or report.verdict.code == "nothing_to_compare"


# ---- every way to run ----


@pytest.mark.parametrize("proj_size", [0, 2])
@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_packed_sequences_keep_their_ends(make_lstm: MakeModule, direction: Any, proj_size: int) -> None:
    module = make_lstm(K, H, bidirectional=True, proj_size=proj_size)
    packed = pack_padded_sequence(sequence(), [4, 9, 6], enforce_sorted=False)
    plain = gs.trace(module, packed)
    held = gs.trace(module, packed, holds=[gs.Hold("f", 0.5, 3, 8, direction=direction, units=(0,))])
    for key, cell in held.cells.items():
        for name, values in cell.values.items():
            assert torch.equal(values.isnan(), plain.cells[key].values[name].isnan())
    assert held.cell(0, direction).f[3:8, :, 0].nan_to_num(0.5).eq(0.5).all()
    report = gs.verify(held, gates=True)
    assert report.verdict.code == "matches_where_comparable"
    assert report.held == 1 + 5 + 3  # of the steps that there are


@pytest.mark.numeric
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_every_dtype_holds_the_nearest_number_that_it_has(make_lstm: MakeModule, kind: str, dtype: torch.dtype) -> None:
    name = NAMES[kind].split()[0]
    trace = gs.trace(make_lstm(K, H, kind=kind, dtype=dtype), sequence(dtype=dtype), holds=[gs.Hold(name, 0.1, 3, 5)])
    assert bool((trace.cell().quantity(name)[3:5] == torch.tensor(0.1, dtype=dtype)).all())
    report = gs.verify(trace, gates=True)
    assert report.verdict.code == "matches_where_comparable"


def test_a_projection_mixes_what_follows(make_lstm: MakeModule) -> None:
    holds = [gs.Hold("o", 0.5, 3, 4, units=(1,)), gs.Hold("h", 0.25, 6, 7, units=(1,))]
    trace = gs.trace(make_lstm(K, H, proj_size=2), sequence(), holds=holds)
    assert_as_expected(trace, holds)
    ratio = gs.verify(trace).ratio("h")
    assert bool(ratio[3].isnan().all())
    assert ratio[6].isnan().all(dim=0).tolist() == [False, True]


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
@pytest.mark.parametrize("grad", [False, True])
def test_in_16_bits_an_element_that_is_not_finite_reaches_no_other(
    make_lstm: MakeModule, kind: str, grad: bool
) -> None:
    module, x = make_lstm(K, 64, kind=kind, dtype=torch.bfloat16), sequence(4, 33, torch.bfloat16)
    plain = gs.trace(module, x)
    x[1, 16, 0] = torch.inf
    x[2, 20, 0] = torch.nan
    trace, finite = gs.trace(module, x, grad=grad), [b for b in range(33) if b not in (16, 20)]
    for name, values in trace.cell().values.items():
        assert same(values[:, finite].detach(), plain.cell().values[name][:, finite])


@pytest.mark.parametrize("batch_first", [False, True])
def test_unbatched_and_batch_first_sequences(make_lstm: MakeModule, batch_first: bool) -> None:
    module = make_lstm(K, H, batch_first=batch_first)
    x = sequence()
    trace = gs.trace(module, x.transpose(0, 1) if batch_first else x, holds=[gs.Hold("f", 0.5, 3, 4, batch=(1,))])
    alone = gs.trace(module, x[:, 1], holds=[gs.Hold("f", 0.5, 3, 4)])
    torch.testing.assert_close(trace.cell().h[:, 1], alone.cell().h[:, 0])


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN", "LSTMCell"])
def test_with_gradients_a_hold_is_a_constant(make_lstm: MakeModule, kind: str) -> None:
    module = make_lstm(K, H, kind=kind)
    name = NAMES[kind.removesuffix("Cell")].split()[0]
    states = ("h", "c") if kind.startswith("LSTM") else ("h",)
    holds = [gs.Hold(name, 0.5, 3, 4), *(gs.Hold(state, 0.25, 6, 7) for state in states)]
    trace = gs.trace(module, sequence().requires_grad_(), holds=holds, grad=True)
    plain = gs.trace(module, sequence(), holds=holds)
    torch.testing.assert_close(trace.cell().h, plain.cell().h)
    trace.cell().h[6:].sum().backward()
    # All that step 6 hands on is held, so that nothing before it counts.
    assert bool((trace.cell().grad("h")[:6] == 0).all())
    assert bool((trace.cell().grad("h")[6] != 0).all())
    assert gs.verify(trace, gates=True).matches


def test_the_gradient_of_a_held_value_is_what_it_would_change(make_lstm: MakeModule) -> None:
    module = make_lstm(K, H, dtype=torch.float64)
    x = sequence(dtype=torch.float64)

    def output(value: float) -> Tensor:
        trace = gs.trace(module, x, holds=[gs.Hold("f", value, 3, 4, units=(1,), batch=(2,))])
        assert isinstance(trace.output, Tensor)
        return trace.output.sum()

    trace = gs.trace(module, x, holds=[gs.Hold("f", 0.5, 3, 4, units=(1,), batch=(2,))], grad=True)
    trace.cell().h.sum().backward()
    change = (output(0.5 + 1e-6) - output(0.5 - 1e-6)) / 2e-6
    assert float(trace.cell().grad("f")[3, 2, 1]) == pytest.approx(float(change), rel=1e-6)


def test_long_runs_in_parts_are_the_same(make_lstm: MakeModule, monkeypatch: pytest.MonkeyPatch) -> None:
    module, x, holds = make_lstm(K, H), sequence(40), [gs.Hold("f", 0.5, 10, 12), gs.Hold("c", 0.5, 30, 31)]
    whole = gs.trace(module, x, holds=holds)
    monkeypatch.setattr(layers, "_PART", 4 * H * B * 7)
    parts = gs.trace(module, x, holds=holds)
    for name, values in parts.cell().values.items():
        torch.testing.assert_close(values, whole.cell().values[name])
    assert gs.verify(parts, gates=True).matches


def test_only_the_steps_of_a_hold_go_by_the_equations(make_lstm: MakeModule, monkeypatch: pytest.MonkeyPatch) -> None:
    module, steps, one_step = make_lstm(K, H), [], layers.one_step
    monkeypatch.setattr(layers, "one_step", lambda *args: steps.append(1) or one_step(*args))
    gs.trace(module, sequence(500), holds=[gs.Hold("f", 0.0, 4, 10), gs.Hold("i", 1.0, 300, 302)])
    assert len(steps) == 8


def test_without_holds_nothing_is_different(make_lstm: MakeModule) -> None:
    module = make_lstm(K, H)
    assert_same(gs.trace(module, sequence()), gs.trace(module, sequence(), holds=()))
    assert gs.trace(module, sequence()).holds == ()


def test_progress_goes_up_to_one_and_may_cancel(make_lstm: MakeModule) -> None:
    module, x, told = make_lstm(K, H, 2), sequence(400), list[float]()
    holds = [gs.Hold("f", 0.5, 100, 300, layer=1)]
    gs.trace(module, x, holds=holds, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0

    def stop(fraction: float) -> None:
        if fraction > 0.8:
            raise gs.Cancelled

    with pytest.raises(gs.Cancelled):
        gs.trace(module, x, holds=holds, progress=stop)


# ---- what is refused ----


@pytest.mark.parametrize(
    ("holds", "words"),
    [
        ([gs.Hold("z_f", 0.5)], "The quantity must be f, i, c_tilde, c, o, h, but it is z_f."),
        ([gs.Hold("r", 0.5)], "The quantity must be f, i, c_tilde, c, o, h, but it is r."),
        ([gs.Hold("f", 0.5, 9)], "start must be 0 … 8, but it is 9."),
        ([gs.Hold("f", 0.5, 3, 10)], "stop must be ≤ 9, but it is 10."),
        ([gs.Hold("f", 0.5, layer=1)], "layer must be from 0 to 0, but it is 1."),
        ([gs.Hold("f", 0.5, direction="reverse")], "direction must be forward, but it is reverse."),
        ([gs.Hold("f", 0.5, units=(0, 4))], "units must be 0 … 3, but it is 4."),
        ([gs.Hold("f", 0.5, batch=(3,))], "batch must be 0 … 2, but it is 3."),
        ([gs.Hold("f", 1e39)], "value must be -3.40282e+38 … 3.40282e+38 (float32), but it is 1e+39."),
        (gs.Hold("f", 0.5), "holds must be a list of gs.Hold(quantity, value, ...), but here is one of type Hold."),
        ([("f", 0.5)], "holds must be a list of gs.Hold(quantity, value, ...), but here is one of type tuple."),
        (3, "holds must be a list of gs.Hold(quantity, value, ...), but here is one of type int."),
        ([gs.Hold("f", 0.5)] * (MOST_HOLDS + 1), "A run can have 1000 holds, but here are 1001."),
    ],
)
def test_a_hold_of_what_is_not_there_is_refused(make_lstm: MakeModule, holds: Any, words: str) -> None:
    with pytest.raises(gs.GatescopeError) as error:
        gs.trace(make_lstm(K, H), sequence(), holds=holds)
    assert str(error.value) == words


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_holds_on_a_cuda_device(make_lstm: MakeModule, kind: str) -> None:
    module, name = make_lstm(K, H, 2, kind=kind, bidirectional=True).cuda(), NAMES[kind].split()[0]
    holds = [gs.Hold(name, 0.5, 3, 5, units=(1,), batch=(0,)), gs.Hold("h", 0.25, 6, 7, layer=1, direction="reverse")]
    plain, held = (gs.trace(module, sequence().cuda(), arithmetic="ieee", holds=own) for own in ((), holds))
    assert_as_expected(held.mapped(Tensor.cpu), holds, within=1e-4)
    first = gs.effect(plain, held).first
    assert first is not None
    assert (first.t, first.quantity) == (3, name)
    assert gs.verify(held, gates=True, arithmetic="ieee").matches
