"""No term of a cell's bounds is below what a correct computation reaches, and none above four times that.

The computation is simulated in the standard model of rounding (Higham, section 2.2): an operation returns its result
times 1 + d, where |d| <= u; a sum of products and a function are off by what they may be. Here each of them is off to
the side that moves the result farthest. All in float64, whose own roundings are far below: no processor's matter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
import torch
from torch import Tensor

from gatescope.cells.arithmetic import IEEE64, Arithmetic
from gatescope.cells.gru import GRU
from gatescope.cells.lstm import LSTM
from gatescope.cells.rnn import RNN_RELU, RNN_TANH
from gatescope.cells.rounding import tanh_error
from gatescope.cells.torch_cell import TorchCell
from gatescope.cells.values import Values
from gatescope.traces.layers import scan

EXACT = replace(IEEE64, unit_roundoff=0.0, tiny=0.0, elementary=0.0)
FIRST_ORDER = 2.0**-20  # an error whose square is nothing beside it, and far above the roundings of float64


@dataclass
class Off:
    """How far everything is off; the sums by the gate that they belong to. What is asked of by `carried`."""

    sums: dict[str, float] = field(default_factory=dict)
    rounding: float = 0.0
    function: float = 0.0
    sizes: dict[str, Tensor] = field(default_factory=dict)
    packed: tuple[str, ...] = ()
    scales: dict[str, float] = field(default_factory=dict)

    def scaled(self, name: str, values: Tensor) -> Tensor:
        return values * self.scales.get(name, 1.0)

    def of(self, name: str) -> float:
        return self.sums.get(name, 0.0)

    def of_both(self, *gates: str) -> Tensor:
        return torch.stack([torch.full((N, 1), self.of(gate), dtype=torch.float64) for gate in gates or self.packed])

    def of_x(self, gate: str) -> tuple[Tensor, Tensor]:
        return self.sizes["x"].abs(), torch.full((N, 1), self.of(f"{gate} from x"), dtype=torch.float64)

    def of_h(self, gate: str) -> tuple[Tensor, Tensor]:
        return self.sizes["h"].abs(), torch.full((N, 1), self.of(f"{gate} from h"), dtype=torch.float64)

    def projected(self, _m: Tensor, dm: Tensor) -> Tensor:
        return dm

    @property
    def arithmetic(self) -> Arithmetic:
        u = self.rounding or 2.0**-80  # else nothing to make `elementary` u of
        return replace(EXACT, unit_roundoff=u, elementary=self.function / u)

    # Each is moved to the side of `to`, +1 or -1.
    def rounded(self, value: Tensor, to: Tensor) -> Tensor:
        return value + to * value.abs() * self.rounding

    def sigmoid(self, z: Tensor, gate: str, to: Tensor) -> Tensor:
        return (z + to * self.of(gate)).sigmoid() + to * self.function

    def tanh(self, z: Tensor, gate: str, to: Tensor) -> Tensor:
        t = (z + to * self.of(gate)).tanh()
        return t + to * t.abs() * self.function


N = 200
UP = torch.ones(N, 1, dtype=torch.float64)


def drawn(seed: int, low: float, high: float) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(N, 1, generator=generator, dtype=torch.float64) * (high - low) + low


def lstm(off: Off) -> tuple[Values, Values]:
    """Return the states before a step, and the step."""
    z = {gate: drawn(seed, -2, 2) for seed, gate in enumerate(LSTM.packed)}
    before = {"h": torch.zeros(N, 1).double(), "c": off.scaled("c before", drawn(9, -2, 2))}
    c_tilde = off.tanh(off.scaled("z_c", z["c_tilde"]), "c_tilde", UP * before["c"].sign())
    f = off.sigmoid(z["f"], "f", UP)
    i = off.sigmoid(z["i"], "i", UP * c_tilde.sign() * before["c"].sign())
    to = before["c"].sign()
    c = off.rounded(off.rounded(f * before["c"], to) + off.rounded(i * c_tilde, to), to)
    o = off.sigmoid(z["o"], "o", to * c.sign())
    h = off.rounded(o * off.tanh(c, "", to), to)
    return before, {"f": f, "i": i, "c_tilde": c_tilde, "o": o, "c": c, "h": h}


def gru(off: Off) -> tuple[Values, Values]:
    # n and the state before are of opposite signs, where an error of z counts most; so the step is n + z (h - n).
    from_x, from_h = off.scaled("from x", drawn(1, 0.2, 1.5)), off.scaled("from h", drawn(2, 0.2, 1.5))
    off.sizes = {"x": from_x, "h": from_h}
    before = {"h": -drawn(3, 0.2, 2)}
    r = off.sigmoid(drawn(4, -2, 2), "r", UP)
    product = off.rounded(r * (from_h + off.of("n from h")), UP)
    z_n = off.rounded(from_x + off.of("n from x") + product, UP)
    n = off.tanh(z_n, "", UP)
    z = off.sigmoid(off.scaled("z_z", drawn(5, 0.5, 3)), "z", -UP)
    h = off.rounded(n + off.rounded(z * off.rounded(before["h"] - n, UP), UP), UP)
    return before, {"r": r, "z": z, "n": n, "h": h}


def rnn(off: Off) -> tuple[Values, Values]:
    a = drawn(1, 0.1, 2) + off.of("a")
    return {"h": UP * 0}, {"a": a, "h": off.tanh(a, "", UP)}


def rnn_relu(off: Off) -> tuple[Values, Values]:
    a = drawn(1, 0.1, 2) + off.of("a")
    return {"h": UP * 0}, {"a": a, "h": a.relu()}


STEPS: dict[TorchCell, Callable[[Off], tuple[Values, Values]]] = {
    LSTM: lstm, GRU: gru, RNN_TANH: rnn, RNN_RELU: rnn_relu,
}  # fmt: skip
NAMES = {LSTM: "LSTM", GRU: "GRU", RNN_TANH: "RNN with tanh", RNN_RELU: "RNN with relu"}
SUMS = {cell: cell.packed for cell in STEPS} | {GRU: ("r", "z", "n from x", "n from h")}
each_cell = pytest.mark.parametrize("cell", STEPS, ids=NAMES.values())


def reached(cell: TorchCell, off: Off) -> dict[str, tuple[Tensor, Tensor]]:
    """Return of each quantity how far one side is off, and half of what both may be."""
    off.packed = cell.packed
    before, exact = STEPS[cell](Off(scales=off.scales))
    _, moved = STEPS[cell](off)
    bounds = cell.carried(off, before, {name: value.clone() for name, value in exact.items()}, off.arithmetic)
    assert set(bounds) == set(cell.names)
    return {name: ((moved[name] - exact[name]).abs(), bounds[name] / 2) for name in cell.names}


def parts_of_bounds(cell: TorchCell, off: Off) -> dict[str, Tensor]:
    """Return of each quantity how large a part of its bound is reached; it may be more by the square of a rounding."""
    second_order, of_float64 = 1 + 8 * (off.rounding + off.function), 2.0**-50
    return {name: (error - of_float64) / (bound * second_order) for name, (error, bound) in reached(cell, off).items()}


@each_cell
def test_the_error_of_a_sum_reaches_all_that_follows_from_it_and_nothing_else(cell: TorchCell) -> None:
    for of_sum in SUMS[cell]:
        for error, bound in reached(cell, Off({of_sum: FIRST_ORDER})).values():
            torch.testing.assert_close(bound, error, rtol=1e-3, atol=2.0**-40)


@each_cell
def test_what_functions_are_off_by_themselves_is_counted_once(cell: TorchCell) -> None:
    for error, bound in reached(cell, Off(function=FIRST_ORDER)).values():
        torch.testing.assert_close(bound, error, rtol=1e-3, atol=2.0**-40)


@each_cell
@pytest.mark.parametrize("rounding", [2.0**-30, 2.0**-12])
def test_each_rounding_of_products_and_sums_counts(cell: TorchCell, rounding: float) -> None:
    for name, part in parts_of_bounds(cell, Off(rounding=rounding)).items():
        if name in ("c", "n", "h") and cell in (LSTM, GRU):
            assert 0.25 <= float(part.min()) <= float(part.max()) <= 1, name


TINY = 2.0**-40


@pytest.mark.parametrize(
    ("cell", "name", "scales"),
    [
        (LSTM, "c", {"c before": TINY}),  # i * C̃, added to nothing
        (LSTM, "c", {"z_c": TINY}),  # f * C_(t-1), and nothing added
        (LSTM, "h", {"c before": 100.0}),  # o * tanh(C), where tanh is flat
        (GRU, "n", {"from x": TINY}),  # r * (W_hn h + b_hn), added to nothing
        (GRU, "h", {"from x": TINY, "from h": TINY, "z_z": 20.0}),  # n + z (h - n), where n is nothing and z is 1
    ],
)  # fmt: skip
def test_where_one_product_is_all_there_is_its_roundings_are_counted_one_by_one(
    cell: TorchCell, name: str, scales: dict[str, float]
) -> None:
    part = parts_of_bounds(cell, Off(rounding=2.0**-20, scales=scales))[name]
    assert 0.98 <= float(part.median()) <= float(part.max()) <= 1


@each_cell
@pytest.mark.parametrize("size", [2.0**-7, 0.05, 0.2, 0.4])
@pytest.mark.parametrize("function", [0.0, 0.01])
def test_large_errors_of_all_at_once_stay_within_the_bound(cell: TorchCell, size: float, function: float) -> None:
    sums = dict.fromkeys(SUMS[cell], size)
    for name, part in parts_of_bounds(cell, Off(sums, function=function)).items():
        assert 0.25 <= float(part.max()) <= 1, name


@pytest.mark.parametrize("size", [2.0**-20, 0.05])
def test_a_product_is_off_by_what_its_factors_make_multiplied_out(size: float) -> None:
    """To the second order, which counts where sums are of rounded operands."""
    off = Off(dict.fromkeys(LSTM.packed, size), function=size / 4, packed=LSTM.packed)
    before, step = lstm(Off())
    bound = {name: value / 2 for name, value in LSTM.carried(off, before, step, off.arithmetic).items()}
    sides = {name: step[name].abs() + bound[name] for name in ("f", "i", "c_tilde", "o")}
    kept, written = (step["f"] * before["c"]).abs(), (step["i"] * step["c_tilde"]).abs()
    dc = sides["f"] * before["c"].abs() - kept + sides["i"] * sides["c_tilde"] - written
    torch.testing.assert_close(bound["c"], dc, rtol=2.0**-20, atol=0.0)
    memory = step["c"].tanh().abs()
    d_memory = tanh_error(memory, bound["c"].clone(), off.arithmetic)
    dh = sides["o"] * (memory + d_memory) - step["o"] * memory
    torch.testing.assert_close(bound["h"], dh, rtol=2.0**-20, atol=0.0)


@pytest.mark.parametrize("size", [2.0**-20, 0.05])
def test_the_new_state_of_a_gru_is_off_by_what_its_factors_make_multiplied_out(size: float) -> None:
    off = Off(dict.fromkeys(SUMS[GRU], size), function=size / 4, packed=GRU.packed)
    before, step = gru(Off())
    off.sizes = {"x": drawn(1, 0.2, 1.5), "h": drawn(2, 0.2, 1.5)}
    bound = {name: value / 2 for name, value in GRU.carried(off, before, step, off.arithmetic).items()}
    r, z, n, h = step["r"], step["z"], step["n"], before["h"]
    dz_n = size + (r + bound["r"]) * (off.sizes["h"] + size) - r * off.sizes["h"]
    torch.testing.assert_close(bound["n"], tanh_error(n, dz_n, off.arithmetic), rtol=2.0**-20, atol=0.0)
    # n and the state before are of opposite signs: z moves the one out and the other in.
    dh = (1 - z + bound["z"]) * (n + bound["n"]) - (1 - z) * n + bound["z"] * h.abs()
    torch.testing.assert_close(bound["h"], dh, rtol=2.0**-20, atol=0.0)


@pytest.mark.parametrize(
    ("cell", "names"), [(LSTM, ("f", "i", "c_tilde", "o")), (GRU, ("r", "n"))], ids=["LSTM", "GRU"]
)
def test_a_gate_that_is_held_below_0_counts_by_its_size(cell: TorchCell, names: tuple[str, ...]) -> None:
    off = Off(dict.fromkeys(SUMS[cell], 2.0**-10), function=2.0**-12, rounding=2.0**-20, packed=cell.packed)
    before, step = STEPS[cell](off)
    bounds = cell.carried(off, before, step, off.arithmetic)
    for name in names:
        held = cell.carried(off, before, step | {name: -step[name]}, off.arithmetic)
        assert all(torch.equal(held[other], bound) for other, bound in bounds.items()), name
    from_below = {name: -state for name, state in before.items()}
    held = cell.carried(off, from_below, step, off.arithmetic)
    assert all(torch.equal(held[other], bound) for other, bound in bounds.items())


def test_an_update_gate_that_is_held_beyond_1_writes_what_is_off_as_well() -> None:
    off = Off({"n from x": FIRST_ORDER}, packed=GRU.packed)
    before, step = gru(off)
    bounds = GRU.carried(off, before, step | {"z": 3 * UP}, off.arithmetic)
    torch.testing.assert_close(bounds["h"], 2 * bounds["n"], rtol=1e-9, atol=0.0)  # |1 - z| = 2


# ---- what C gathers beside torch's own h ----

T = 12


def lstm_run() -> tuple[Values, Tensor]:
    """Return the values of T steps and the bounds of C; of one row in each of the N elements."""
    values = {"f": drawn(1, 0, 1), "o": drawn(2, 0, 1), "c": drawn(3, -3, 3)}
    values = {name: torch.stack([value.roll(7 * t, dims=0) for t in range(T)]) for name, value in values.items()}
    return values, torch.full((T, N, 1), 2.0**-16, dtype=torch.float64)


def gathered(values: Values, bounds: Tensor, arithmetic: Arithmetic = EXACT) -> Tensor:
    kept = bounds.clone()
    shown = LSTM.gathered(values, bounds, scan, arithmetic)
    assert torch.equal(bounds, kept)
    return shown


def apart_at_each_step(values: Values, bounds: Tensor) -> tuple[Tensor, Tensor]:
    """Return how far h is moved by what C has gathered before each step; and C, moved where tanh is steeper."""
    (f, o, c), apart, moved = (values[name] for name in ("f", "o", "c")), bounds[0] * 0, []
    for t in range(T):
        reached = f[t] * apart
        moved.append((o[t] * (c[t].abs().tanh() - (c[t].abs() - reached).tanh()), reached))
        apart = reached + bounds[t]
    h, reached = (torch.stack(part) for part in zip(*moved, strict=True))
    return h, reached


def test_h_may_move_by_what_c_has_gathered_and_by_nothing_more() -> None:
    values, bounds = lstm_run()
    moved, _ = apart_at_each_step(values, bounds)
    for arithmetic in (EXACT, replace(EXACT, unit_roundoff=2.0**-8)):  # far below what rounding makes of tanh
        shown = gathered(values, bounds, arithmetic)
        assert bool((moved <= shown * (1 + 2.0**-40) + 2.0**-50).all())
        torch.testing.assert_close(shown, moved, rtol=2.0**-8, atol=2.0**-50)
        assert float(shown[0].abs().max()) == 0  # nothing is before the first


def test_where_tanh_is_flat_h_moves_no_further_than_tanh_does() -> None:
    values, bounds = lstm_run()
    values["c"] *= 4
    for size in (0.01, 0.3, 2.0):  # beyond first order
        bounds.fill_(size)
        moved, reached = apart_at_each_step(values, bounds)
        shown = gathered(values, bounds)
        across_0 = reached > values["c"].abs()
        assert bool((moved <= shown + 2.0**-50).all())
        assert bool((shown <= 4 * moved + 2.0**-50)[~across_0 & (values["c"].abs() > 2)].all())


def test_where_tanh_is_flat_the_rounding_of_both_tanh_is_allowed_for() -> None:
    values, bounds = lstm_run()
    values["c"] *= 4
    bounds.fill_(2.0)
    u = 2.0**-10
    moved, reached = apart_at_each_step(values, bounds)
    flat = (reached > 0.3) & (values["c"].abs() - reached > 0.5)  # beyond first order, and on one side of 0
    allowed = (gathered(values, bounds, replace(EXACT, unit_roundoff=u)) - moved)[flat]
    assert len(allowed) > 50
    torch.testing.assert_close(
        allowed, 4 * u * values["o"][flat], rtol=1e-9, atol=2.0**-50
    )  # each by 1 u on either side


def test_recorded_numbers_out_of_range_widen_no_more_than_the_range_allows() -> None:
    values, bounds = lstm_run()
    within = gathered({**values, "f": values["f"] * 0 + 1, "o": values["o"] * 0 + 1}, bounds)
    beyond = gathered({**values, "f": values["f"] * 0 + 3, "o": values["o"] * 0 + 3}, bounds)
    assert torch.equal(beyond, within)
    assert float(within[1:].min()) > 0
    for name in ("f", "o"):
        assert float(gathered({**values, name: values[name] - 2}, bounds).abs().max()) == 0


def test_the_sign_of_c_does_not_matter() -> None:
    values, bounds = lstm_run()
    assert torch.equal(gathered({**values, "c": -values["c"]}, bounds), gathered(values, bounds))


def test_a_cell_without_another_state_gathers_nothing() -> None:
    with pytest.raises(NotImplementedError):
        GRU.gathered({}, torch.ones(1), scan, EXACT)
