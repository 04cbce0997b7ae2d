"""Modules of torch.nn from a spec, and a spec and weights from a module."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn.utils.parametrizations import weight_norm

import gatescope as gs
from gatescope.modules.network import (
    arguments,
    cell_weights,
    first_weight,
    live_weights,
    spec_of,
    weights_of,
    with_weights,
)
from gatescope.modules.spec import KINDS, ModuleSpec


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_is_the_network_that_torch_makes_of_it(kind: str) -> None:
    state = torch.get_rng_state()
    built = gs.build(ModuleSpec(4, 3, kind=kind), 11)
    assert torch.equal(torch.get_rng_state(), state)
    assert not built.training
    torch.manual_seed(11)
    for name, weight in getattr(nn, kind)(4, 3).state_dict().items():
        assert torch.equal(built.state_dict()[name], weight)


@pytest.mark.parametrize("kind", KINDS)
def test_weights_are_taken_as_they_are(kind: str) -> None:
    module = getattr(nn, kind)(4, 3)
    spec, state = spec_of(module), torch.get_rng_state()
    weights = weights_of(module, spec)
    made = with_weights(spec, weights)
    assert torch.equal(torch.get_rng_state(), state)
    assert type(made) is type(module)
    assert spec_of(made) == spec
    for name, weight in weights.items():
        assert torch.equal(getattr(made, name), weight)
        assert not getattr(made, name).requires_grad


def test_copies_of_weights_stay_and_live_ones_follow() -> None:
    module = nn.GRU(4, 3)
    copies, live = weights_of(module, spec_of(module)), live_weights(module, spec_of(module))
    before = module.weight_hh_l0.detach().clone()
    with torch.no_grad():
        module.weight_hh_l0.add_(1)
    assert torch.equal(copies["weight_hh_l0"], before)
    assert torch.equal(live["weight_hh_l0"], module.weight_hh_l0)


def test_a_parametrised_weight_is_the_computed_one() -> None:
    module = weight_norm(nn.LSTM(4, 3), "weight_hh_l0")
    spec = spec_of(module)
    assert list(live_weights(module, spec)) == list(spec.parameters())
    assert torch.equal(weights_of(module, spec)["weight_hh_l0"], module.weight_hh_l0)


@pytest.mark.parametrize(
    ("kind", "options"),
    [("LSTM", {"proj_size": 2}), ("LSTM", {"bias": False}), ("GRU", {}), ("RNN", {})],
)
def test_each_layer_and_direction_has_its_own_weights(kind: str, options: dict[str, Any]) -> None:
    module = getattr(nn, kind)(4, 3, 2, bidirectional=True, **options)
    spec = spec_of(module)
    for layer, direction in spec.cells():
        end = f"_l{layer}" + "_reverse" * (direction == "reverse")
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")
        expected = [getattr(module, name + end, None) for name in names]
        found = cell_weights(spec, live_weights(module, spec), layer, direction)
        assert all(one is other for one, other in zip(found.parameters, expected, strict=True))


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_the_spec_has_the_dtype_and_device_of_the_first_weight(dtype: torch.dtype) -> None:
    for module in (nn.LSTM(4, 3, 2, dtype=dtype), nn.GRUCell(4, 3, dtype=dtype)):
        assert first_weight(module) is next(module.parameters())
        assert (spec_of(module).dtype, spec_of(module).device) == (str(dtype).removeprefix("torch."), "cpu")


def test_dropout_where_it_does_nothing_is_left_out() -> None:
    assert arguments(ModuleSpec(4, 3, dropout=0.5), "cpu")["dropout"] == 0.0
    assert arguments(ModuleSpec(4, 3, 2, dropout=0.5), "cpu")["dropout"] == 0.5
    assert "dropout" not in arguments(ModuleSpec(4, 3, kind="GRUCell"), "cpu")


def test_two_threads_that_draw_at_once_get_the_numbers_of_their_seeds() -> None:
    spec = gs.ModuleSpec(30, 40, num_layers=3)
    expected = [weights_of(gs.build(spec, seed), spec) for seed in range(2)]

    def differing(seed: int) -> int:
        drawn = (weights_of(gs.build(spec, seed), spec) for _ in range(60))
        return sum(not all(torch.equal(one[name], expected[seed][name]) for name in one) for one in drawn)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(differing, range(2))) == [0, 0]
