"""The probe changes a kernel's parameters: indicators hold gates, and its own numbers stay what they were."""

from __future__ import annotations

from functools import partial

import pytest
import torch
from torch import Tensor

import gatescope as gs
from gatescope.cells.arithmetic import IEEE64
from gatescope.cells.gru import GRU
from gatescope.cells.probe import Probe
from gatescope.cells.values import Values
from gatescope.cells.weights import Parameters, Weights
from gatescope.modules.kernel import one_cell_step

K, H, N = 3, 4, 5


def probe(dtype: torch.dtype = torch.float64) -> Probe:
    parameters = (torch.randn(3 * H, *shape).to(dtype) for shape in ((K,), (H,), (), ()))
    w = Weights(GRU.packed, Parameters(*parameters, None))
    kernel = partial(one_cell_step, GRU)
    return Probe(kernel, w, torch.randn(N, K).to(dtype), {"h": torch.randn(N, H).to(dtype)})


def test_without_a_change_it_is_the_kernel() -> None:
    plain = probe()
    expected = torch.gru_cell(plain.x, plain.before["h"], *plain.weights.parameters[:4])
    assert torch.equal(plain.step()["h"], expected)
    shown = plain.step(h=0.5)["h"]
    assert torch.equal(shown, torch.gru_cell(plain.x, torch.full((N, H), 0.5).double(), *plain.weights.parameters[:4]))


def test_an_indicator_holds_its_gate_and_no_other() -> None:
    plain = probe()
    held = plain.with_indicators(("z", 1.0), ("z", -1.0))
    h = plain.before["h"]
    assert torch.equal(held.step()["h"], plain.step()["h"])  # none acts: exact zeros
    xh = torch.cat([plain.x, h], dim=1)
    step = GRU.step(xh, {"h": h}, plain.weights)
    # z = 1: h stays, but for three roundings of n + z (h - n), as some kernels write it.
    assert bool(((held.step(on=(0,))["h"] - h).abs() <= 3 * 2.0**-53 * (step["n"].abs() + h.abs())).all())
    bound = GRU.bound(xh, {"h": h}, plain.weights, step, IEEE64)["n"]
    assert bool(((held.step(on=(1,))["h"] - step["n"]).abs() <= bound).all())  # z = 0: n as without indicators


def test_feedback_can_be_fed_as_input() -> None:
    plain = probe()
    fed = plain.fed_by_input()
    assert not fed.weights.parameters.w_hh.any()
    assert torch.equal(fed.x, torch.cat([plain.x, plain.before["h"]], dim=1))
    assert not fed.before["h"].any()
    assert plain.without_projection() is plain


def test_a_silenced_gate_is_fed_by_one_bias_alone() -> None:
    silenced = probe().silenced("n", b_hh=0.25)
    parts = [part for part in silenced.weights.parameters if part is not None]
    rows = silenced.weights.rows("n")
    assert [float(part[rows].abs().max()) for part in parts] == [0, 0, 0, 0.25]
    whole = [part for part in probe().weights.parameters if part is not None]
    assert all(part[: rows.start].all() for part in parts)
    assert [part.shape for part in parts] == [part.shape for part in whole]


def test_scaling_multiplies_every_pre_activation() -> None:
    plain = probe()
    for part, other in zip(plain.scaled(-1.0).weights.parameters, plain.weights.parameters, strict=True):
        assert part is other is None or torch.equal(torch.as_tensor(part), -torch.as_tensor(other))


@pytest.mark.parametrize(
    ("dtype", "small", "wide"),
    [(torch.float64, 2.0**-27, True), (torch.float32, 2.0**-13, True), (torch.float16, 2.0**-6, False)],
)
def test_small_is_where_tanh_is_its_argument(dtype: torch.dtype, small: float, wide: bool) -> None:
    # a^2 / 3 < u: 2^-54 / 3 < 2^-53, 2^-26 / 3 < 2^-24, 2^-12 / 3 < 2^-11
    found = probe(dtype)
    assert found.small == small
    assert found.small**2 / 3 < torch.finfo(dtype).eps / 2
    assert found.wide_range == wide


def test_an_indicator_reaches_beyond_every_pre_activation() -> None:
    seen: list[Tensor] = []

    def kernel(w: Weights, x: Tensor, before: Values) -> Values:
        seen.append(x)
        return before

    plain = probe()
    big = Weights(GRU.packed, plain.weights.parameters.mapped(lambda part: part * 1e6))
    Probe(kernel, big, plain.x, plain.before).with_indicators(("z", 1.0)).step(on=(0,))
    largest = float(big.magnitudes.of_both(torch.cat([plain.x, plain.before["h"]], dim=1).abs()).max())
    assert float(seen[0][:, -1].min()) > largest


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64], ids=str)
def test_what_is_shown_while_nothing_outdoes_a_pre_activation_is_no_number(dtype: torch.dtype) -> None:
    largest = torch.finfo(dtype).max
    plain = probe(dtype)
    plain.weights.parameters.b_ih[H + 1] = largest / 3  # z of unit 1
    held = plain.with_indicators(("z", 1.0))
    values = torch.ones(N, H, dtype=dtype)
    assert held.shown(values, "z").isnan().any(dim=0).tolist() == [False, True, False, False]
    assert torch.equal(held.shown(values, "r"), values)
    plain.weights.parameters.b_ih[H + 1] = largest / 5
    assert torch.equal(plain.with_indicators(("z", 1.0)).shown(values, "z"), values)


def test_only_the_rows_with_large_inputs_are_not_shown() -> None:
    plain = probe(torch.float16)
    plain.weights.parameters.w_ih.fill_(1.0)
    plain.x[2] = 1e4
    shown = plain.with_indicators(("z", 1.0)).shown(torch.ones(N, H).half(), "z")
    assert shown.isnan().all(dim=1).tolist() == [False, False, True, False, False]
    assert shown.isnan().sum() == H


@pytest.mark.parametrize("bad", [torch.inf, -torch.inf, torch.nan])
def test_nothing_outdoes_what_is_not_finite(bad: float) -> None:
    plain = probe()
    plain.weights.parameters.b_hh[H] = bad
    assert plain.with_indicators(("z", 1.0)).shown(torch.ones(N, H), "z").isnan().any(dim=0).tolist() == [
        True,
        *[False] * 3,
    ]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16, torch.float16])
def test_an_indicator_holds_a_gate_also_where_all_weights_are_0(dtype: torch.dtype) -> None:
    module = torch.nn.LSTM(2, 3, dtype=dtype)
    with torch.no_grad():
        for weight in module.parameters():
            weight.zero_()
        report = gs.verify(gs.trace(module, torch.randn(4, 1, 2, dtype=dtype)), gates=True)
    for name, value in (("f", 0.5), ("i", 0.5), ("o", 0.5), ("c_tilde", 0.0)):
        assert bool(((report.reference(name) - value).abs() <= report.bound(name)).all()), name


@pytest.mark.parametrize("gate", [0, 1, 2, 3])
@pytest.mark.parametrize("far", [-2e4, 2e4, -1e6, 1e6])
def test_an_indicator_outdoes_the_largest_pre_activation(gate: int, far: float) -> None:
    module = torch.nn.LSTM(1, 1, bias=False)
    weights = torch.tensor([0.3, -0.4, 0.5, 0.7])
    weights[gate] = far
    with torch.no_grad():
        module.weight_ih_l0.copy_(weights[:, None])
        report = gs.verify(gs.trace(module, torch.ones(3, 1, 1)), gates=True)
    expected = dict(zip(("i", "f", "c_tilde", "o"), weights, strict=True))
    for name, z in expected.items():
        right = z.tanh() if name == "c_tilde" else z.sigmoid()
        # At h_0 = 0, where x is all that there is.
        assert abs(float(report.reference(name)[0]) - float(right)) <= float(report.bound(name)[0]), name
