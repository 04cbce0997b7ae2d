"""The random networks are those of their seeds, and of every kind that they are to be of."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from random_networks import DTYPES, KINDS, random_processor, random_run
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

SEEDS = range(400)


def numbers(run: Any) -> list[Tensor]:
    module, x, hx = run
    states = () if hx is None else hx if isinstance(hx, tuple) else (hx,)
    return [*module.parameters(), x.data if isinstance(x, PackedSequence) else x, *states]


def test_a_seed_gives_the_same_bits_and_leaves_the_random_numbers_alone() -> None:
    torch.manual_seed(1)
    before = torch.get_rng_state()
    for seed in range(30):
        for one, other in zip(numbers(random_run(seed)), numbers(random_run(seed)), strict=True):
            assert torch.equal(one.nan_to_num(7.0), other.nan_to_num(7.0))
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
def test_torch_runs_them_all() -> None:
    for seed in SEEDS:
        module, x, hx = random_run(seed, widest=64)
        if not isinstance(module, nn.RNNCellBase):
            module(x, hx)
        elif isinstance(x, Tensor):
            module(x[0], hx)


def test_every_kind_type_and_layout_is_among_them() -> None:
    runs = [random_run(seed, widest=16) for seed in SEEDS]
    assert {type(module).__name__ for module, _, _ in runs} == set(KINDS)
    assert {next(module.parameters()).dtype for module, _, _ in runs} == set(DTYPES)
    assert {type(x) for _, x, _ in runs} == {Tensor, PackedSequence}
    assert {hx is None for _, _, hx in runs} == {True, False}
    for option in ("bidirectional", "batch_first", "proj_size", "nonlinearity", "bias"):
        assert len({getattr(module, option, None) for module, _, _ in runs}) > 1, option


@pytest.mark.parametrize("dtype", dict.fromkeys(DTYPES), ids=str)
def test_some_are_at_each_edge_of_the_type(dtype: torch.dtype) -> None:
    runs = (random_run(seed, widest=16) for seed in range(1500))
    some = [numbers(run) for run in runs if next(run[0].parameters()).dtype == dtype]
    limits = torch.finfo(dtype)
    assert any(bool((one.abs() > limits.max / 100).any()) for run in some for one in run)
    assert any(bool(((one != 0) & (one.abs() < limits.tiny)).any()) for run in some for one in run)
    assert any(not bool(one.isfinite().all()) for run in some for one in run)
    assert sum(all(bool(one.isfinite().all()) for one in run) for run in some) > 0.9 * len(some)


def test_the_processor_is_afterwards_as_it_was() -> None:
    before = torch.get_num_threads(), torch.backends.mkldnn.enabled
    small = torch.tensor(2.0**-130)
    flushed = set()
    for seed in range(20):
        with random_processor(seed):
            flushed.add(float(small * 1.5) == 0)
        assert (torch.get_num_threads(), torch.backends.mkldnn.enabled) == before
        assert float(small * 1.5) > 0
    can_flush = torch.set_flush_denormal(False)
    assert flushed == ({True, False} if can_flush else {False})
