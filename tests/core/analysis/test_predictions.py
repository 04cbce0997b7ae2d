"""The predictions are those of the user's own model: its scores, its softmax, its loss, its answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import gatescope as gs
from gatescope.analysis.heads import LinearHead, UnitsHead
from gatescope.analysis.predictions import NONE, UNKNOWN, Prediction, Predictions, predicted_steps
from gatescope.messages.number_format import format_number
from gatescope.modules.spec import ModuleSpec
from gatescope.traces.order import Cursor, Order

Make = Callable[..., Any]


def head_of(linear: nn.Linear) -> LinearHead:
    bias = None if linear.bias is None else linear.bias.detach()
    return LinearHead("out", linear.weight.detach(), bias)


def scores_of(predictions: Predictions, t: int) -> Tensor:
    """Return the scores of a step as a panel gets them."""
    block = predictions.block_of(t)
    if block is not None:
        predictions.keep(predictions.compute(block))
    prediction = predictions.at(t)
    assert prediction is not None
    return prediction.scores


def linear(features: int, classes: int, dtype: torch.dtype = torch.float32, *, bias: bool = True) -> nn.Linear:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        return nn.Linear(features, classes, bias=bias, dtype=dtype)


OPTIONS: list[dict[str, Any]] = [
    {},
    {"num_layers": 2},
    {"bidirectional": True},
    {"num_layers": 2, "bidirectional": True},
    {"proj_size": 2, "bidirectional": True},
    {"batch_first": True},
    {"kind": "GRU"},
    {"kind": "RNN", "num_layers": 2},
    {"dtype": torch.float64},
    {"dtype": torch.bfloat16},
]


@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_scores_are_those_of_the_model(options: dict[str, Any], bias: bool, make_lstm: Make) -> None:
    module = make_lstm(4, 3, **options)
    x = torch.randn(5, 6, 4, generator=torch.Generator().manual_seed(1)).to(next(module.parameters()).dtype)
    with torch.no_grad():
        output = module(x)[0]
        out = linear(output.shape[-1], 7, output.dtype, bias=bias)
        wanted = out(output)  # (T, B, V)
    trace = gs.trace(module, x)
    if options.get("batch_first"):
        wanted = wanted.transpose(0, 1)
    tolerance = {torch.float64: 1e-14, torch.bfloat16: 2e-2}.get(output.dtype, 1e-6)
    for batch in range(wanted.shape[1]):
        predictions = Predictions(head_of(out), trace, batch)
        for t in range(len(trace)):
            assert torch.allclose(scores_of(predictions, t), wanted[t, batch], rtol=0, atol=tolerance)
        if output.dtype != torch.bfloat16:  # which has ties
            assert predictions.answers.tolist() == wanted[:, batch].argmax(1).tolist()


def test_the_scores_are_bit_for_bit_what_the_linear_makes_of_the_traces_output(make_trace: Make) -> None:
    trace = make_trace(4, 8, num_layers=2, batch=None, steps=9)
    out = linear(8, 5)
    with torch.no_grad():
        wanted = F.linear(trace.output, out.weight, out.bias)
    predictions = Predictions(head_of(out), trace, 0)
    assert torch.equal(torch.stack([scores_of(predictions, t) for t in range(9)]), wanted)


def test_the_reverse_direction_is_the_second_half_of_what_the_head_reads(make_trace: Make) -> None:
    trace = make_trace(4, 3, bidirectional=True, batch=None)
    for half, way in enumerate(("forward", "reverse")):
        weight = torch.zeros(1, 6)
        weight[0, 3 * half + 1] = 1.0
        predictions = Predictions(LinearHead("out", weight), trace, 0)
        for t in range(len(trace)):
            assert float(scores_of(predictions, t)) == float(trace.cell(0, way).h[t, 0, 1])


def test_swapped_rows_of_the_head_are_noticed(make_trace: Make) -> None:
    """The planted fault: the comparison above fails where two classes are taken for each other."""
    trace = make_trace(4, 8, batch=None)
    out = linear(8, 5)
    wanted = out(trace.output).detach()
    swapped = LinearHead("out", out.weight.detach()[[1, 0, 2, 3, 4]], out.bias.detach()[[1, 0, 2, 3, 4]])
    predictions = Predictions(swapped, trace, 0)
    assert not any(torch.allclose(scores_of(predictions, t), wanted[t], atol=1e-6) for t in range(len(trace)))


def test_probabilities_add_up_to_one_and_the_loss_is_the_cross_entropy(make_trace: Make) -> None:
    trace = make_trace(4, 8, batch=None, dtype=torch.float64)
    predictions = Predictions(head_of(linear(8, 5, torch.float64)), trace, 0)
    for t in range(len(trace)):
        prediction = Prediction(scores_of(predictions, t), is_classifier=True)
        assert float(prediction.probabilities.sum()) == pytest.approx(1, abs=1e-15)
        for target in range(5):
            wanted = float(F.cross_entropy(prediction.scores, torch.tensor(target)))
            assert prediction.loss(target) == pytest.approx(wanted, rel=1e-14)
            assert prediction.loss(target) == pytest.approx(-np.log(float(prediction.probabilities[target])))


def test_ranks_and_the_best_are_those_of_a_sort() -> None:
    scores = torch.tensor([0.5, -1.0, 3.0, 0.25])
    prediction = Prediction(scores, is_classifier=True)
    assert prediction.answer == 2
    assert prediction.best(3) == [2, 0, 3]
    assert prediction.best(10) == [2, 0, 3, 1]
    assert [prediction.rank(number) for number in range(4)] == [2, 4, 1, 3]


def test_of_equal_scores_the_first_is_the_answer_and_the_best_whatever_topk_makes_of_them() -> None:
    scores = torch.zeros(300)
    scores[[7, 250]] = 1.0
    prediction = Prediction(scores, is_classifier=True)
    assert prediction.best(5) == [7, 250, 0, 1, 2]
    assert [prediction.rank(number) for number in (7, 250, 0, 299)] == [1, 2, 3, 300]
    assert Prediction(torch.zeros(40), is_classifier=True).best(3) == [0, 1, 2]


def test_nothing_has_a_place_among_nan() -> None:
    prediction = Prediction(torch.tensor([0.5, torch.nan, 3.0, -torch.inf]), is_classifier=True)
    assert [prediction.rank(number) for number in range(4)] == [None] * 4
    assert prediction.best(4) == [1, 2, 0, 3]


def test_the_loss_of_certainty_is_zero_and_not_less() -> None:
    assert format_number(Prediction(torch.tensor([900.0, 0.0]), is_classifier=True).loss(0)) == "0.0000"


def test_nan_is_no_answer(make_lstm: Make) -> None:
    x = torch.zeros(4, 4)
    x[2] = torch.nan
    predictions = Predictions(head_of(linear(3, 5)), gs.trace(make_lstm(4, 3), x), 0)
    assert [scores_of(predictions, t).isnan().any().item() for t in range(4)] == [False, False, True, True]
    assert (predictions.answers == NONE).tolist() == [False, False, True, True]
    prediction = predictions.at(3)
    assert prediction is not None
    assert prediction.answer is None


def test_units_answer_by_their_h(make_trace: Make) -> None:
    trace = make_trace(4, 3, batch=2)
    predictions = Predictions(UnitsHead(3), trace, 1)
    for t in range(len(trace)):
        assert torch.equal(scores_of(predictions, t), trace.cell().h[t, 1])
    assert predictions.answers.tolist() == trace.cell().h[:, 1].argmax(1).tolist()


def test_a_head_in_another_dtype_computes_in_that_of_the_run(make_trace: Make) -> None:
    trace = make_trace(4, 3, dtype=torch.float64)
    out = linear(3, 5)
    assert scores_of(Predictions(head_of(out), trace, 0), 1).dtype == torch.float64


def test_many_classes_are_computed_in_blocks_and_only_where_asked(make_trace: Make) -> None:
    classes, steps = 50_000, 40
    trace = make_trace(4, 8, steps=steps, batch=None)
    out = linear(8, classes)
    with torch.no_grad():
        wanted = out(trace.output)
    predictions = Predictions(head_of(out), trace, 0)
    block = predictions.block_of(25)
    assert block is not None
    assert 25 in block
    assert len(block) < steps
    assert predictions.at(25) is None
    predictions.keep(predictions.compute(block))
    assert torch.allclose(scores_of(predictions, 25), wanted[25], atol=1e-6)
    assert (predictions.answers != UNKNOWN).sum() == len(block)
    missing = predictions.missing(range(steps))
    assert sorted(t for one in (*missing, block) for t in one) == list(range(steps))
    for one in missing:
        predictions.keep(predictions.compute(one))
    assert predictions.answers.tolist() == wanted.argmax(1).tolist()
    assert predictions.missing(range(steps)) == []


def test_how_many_are_right_counts_what_has_a_target_and_is_computed(make_trace: Make) -> None:
    trace = make_trace(4, 3, steps=4, batch=None)
    predictions = Predictions(UnitsHead(3), trace, 0)
    answers = trace.cell().h[:, 0].argmax(1).numpy()
    targets = np.array([answers[0], (answers[1] + 1) % 3, NONE, answers[3]])
    assert predictions.right(targets, range(4)) is None
    scores_of(predictions, 0)
    assert predictions.right(targets, range(4)) == (2, 3)
    assert predictions.right(targets, range(2)) == (1, 2)
    assert predictions.right(targets, range(2, 3)) == (0, 0)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("layers", [1, 2])
def test_a_step_is_predicted_once_h_of_the_top_layer_is_computed_in_all_directions(
    layers: int, bidirectional: bool
) -> None:
    """Against the order written out: what has run before a cursor, cell by cell."""
    spec, steps = ModuleSpec(2, 3, layers, bidirectional=bidirectional), 4
    order = Order(spec, steps)
    done: set[Cursor] = set()
    for number in range(len(order)):
        for phase in spec.cell.phases:
            cursor = order.at(number, phase)
            if phase == "h":
                done.add(Cursor(cursor.t, cursor.layer, cursor.direction))
            wanted = [t for t in range(steps) if all(Cursor(t, layers - 1, way) in done for way in spec.directions)]
            assert list(predicted_steps(spec, order, cursor)) == wanted
