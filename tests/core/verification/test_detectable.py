"""How small a fault would have been found is said in one line, but of what is wrong."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import torch
from torch import nn

import gatescope as gs
from gatescope.verification.detectable import describe_detectable


def test_what_would_have_been_found_is_said_of_each_quantity() -> None:
    report = gs.verify(gs.trace(nn.GRU(3, 4), torch.randn(6, 1, 3)))
    said = str(describe_detectable(report))
    assert said.startswith("would have seen a constant error of ")
    for quantity, error in report.detectable.items():
        assert f"{error:.2g} in {quantity}" in said
    report.detectable["r"] = inf
    assert " in r," not in str(describe_detectable(report))


def test_of_what_is_wrong_it_is_not_said_how_small_a_fault_would_have_been_found() -> None:
    right = gs.trace(nn.GRU(3, 4), torch.randn(6, 1, 3))
    cell = right.cell()
    wrong = right.with_cell(replace(cell, values=cell.values | {"h": cell.h + 0.1}))
    assert describe_detectable(gs.verify(wrong)) is None
