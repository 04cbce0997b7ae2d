"""The head of a network: its scores are exact where whole numbers make them so, and it is called as people write it."""

from __future__ import annotations

import pytest
import torch

from gatescope.analysis.heads import LinearHead, UnitsHead, linear_label

WEIGHT = torch.tensor([[1.0, -2.0, 3.0], [0.0, 5.0, -1.0]])
BIAS = torch.tensor([10.0, 20.0])
OUTPUT = torch.tensor([[[1.0, 1.0, 1.0]], [[2.0, 0.0, -3.0]]])  # (T, B, F)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_scores_are_the_products_with_the_rows_and_the_bias_in_the_outputs_dtype(dtype: torch.dtype) -> None:
    for bias, wanted in ((BIAS, [[[12, 24]], [[3, 23]]]), (None, [[[2, 4]], [[-7, 3]]])):
        scores = LinearHead("out", WEIGHT, bias).scores(OUTPUT.to(dtype))
        assert scores.dtype == dtype
        assert scores.tolist() == wanted


def test_a_head_made_like_an_output_is_converted_once_and_gives_the_same_scores() -> None:
    output = OUTPUT.double()
    head = LinearHead("out", WEIGHT, BIAS).like(output)
    assert (head.name, head.weight.dtype) == ("out", torch.float64)
    assert head.bias is not None
    assert head.bias.dtype == torch.float64
    assert torch.equal(head.scores(output), LinearHead("out", WEIGHT, BIAS).scores(output))
    assert LinearHead("out", WEIGHT).like(output).bias is None


def test_a_head_is_called_by_its_place_and_its_sizes() -> None:
    head = LinearHead("decoder.out", WEIGHT, BIAS)
    assert (head.classes, head.features) == (2, 3)
    assert head.label == "decoder.out: Linear(3 → 2)"
    assert LinearHead("out", WEIGHT).label == "out: Linear(3 → 2, bias=False)"
    assert linear_label("", 3, 2, bias=True) == "Linear(3 → 2)"


def test_only_several_scores_of_a_linear_are_a_classifier() -> None:
    assert LinearHead("out", WEIGHT).is_classifier
    assert not LinearHead("out", WEIGHT[:1]).is_classifier
    assert not UnitsHead(4).is_classifier


def test_units_are_their_own_scores() -> None:
    head = UnitsHead(3)
    assert (head.features, head.classes) == (3, 3)
    assert head.like(OUTPUT) is head
    assert head.scores(OUTPUT) is OUTPUT
