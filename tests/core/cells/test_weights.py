"""The products of a step: blocks of rows under the names of their gates, each a sum of products and biases."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from gatescope.cells.weights import Parameters, Weights

# Small whole numbers: every product and sum is exact in whatever order it is computed.
K, H, N, PACKED = 3, 2, 4, ("r", "z", "n")


def whole(*shape: int) -> Tensor:
    return torch.randint(-8, 9, shape).float()


@pytest.fixture(params=[True, False], ids=["biases", "no biases"])
def weights(request: pytest.FixtureRequest) -> Weights:
    biases = (whole(3 * H), whole(3 * H)) if request.param else (None, None)
    return Weights(PACKED, Parameters(whole(3 * H, K), whole(3 * H, H), *biases, None))


@pytest.mark.parametrize("gates", [(), ("r",), ("z",), ("r", "z"), ("z", "n")])
def test_the_product_of_each_gate_is_that_of_its_rows(weights: Weights, gates: tuple[str, ...]) -> None:
    p, xh = weights.parameters, whole(N, K + H)
    both, of_x, of_h = weights.of_both(xh, *gates), weights.of_x(xh, *gates), weights.of_h(xh, *gates)
    for index, gate in enumerate(gates or PACKED):
        rows = slice(PACKED.index(gate) * H, (PACKED.index(gate) + 1) * H)
        assert weights.rows(gate) == rows
        from_x = xh[:, :K] @ p.w_ih[rows].T + (0 if p.b_ih is None else p.b_ih[rows])
        from_h = xh[:, K:] @ p.w_hh[rows].T + (0 if p.b_hh is None else p.b_hh[rows])
        assert torch.equal(of_x[index], from_x)
        assert torch.equal(of_h[index], from_h)
        assert torch.equal(both[index], from_x + from_h)


def test_in_magnitudes_both_biases_count_on_their_own(weights: Weights) -> None:
    ones = torch.ones(N, K + H)
    p, magnitudes = weights.parameters, weights.magnitudes.of_both(ones)
    expected = sum(part.abs().sum(dim=1) if part.dim() == 2 else part.abs() for part in p if part is not None)
    assert torch.equal(magnitudes, torch.as_tensor(expected).view(3, 1, H).expand(3, N, H))


def test_sizes_and_projection() -> None:
    w_hr = whole(2, 3)
    projected = Weights(("i", "f", "c_tilde", "o"), Parameters(whole(12, K), whole(12, 2), None, None, w_hr))
    assert (projected.input_size, projected.hidden_size) == (K, 3)
    h = whole(N, 3)
    assert torch.equal(projected.projected(h), h @ w_hr.T)
    plain = Weights(("a",), Parameters(whole(3, K), whole(3, 3), None, None, None))
    assert plain.projected(h) is h


def test_a_change_reaches_every_tensor_that_there_is(weights: Weights) -> None:
    further = Weights(PACKED, weights.parameters, {"peephole": whole(H)})
    doubled = further.mapped(lambda tensor: 2 * tensor)
    for one, other in zip(doubled.parameters, weights.parameters, strict=True):
        assert (one is None) == (other is None)
        assert other is None or torch.equal(torch.as_tensor(one), 2 * other)
    assert torch.equal(doubled.further["peephole"], 2 * further.further["peephole"])


def test_the_largest_magnitude_is_the_rows_or_the_weights_whichever_is_larger() -> None:
    w_ih, w_hh, w_hr = torch.zeros(4, 3), torch.zeros(4, 1), torch.zeros(1, 1)
    xh = torch.tensor([[0.0, -7.0, 1.0, 2.0], [1.0, 2.0, 0.0, -3.0], [torch.inf, torch.nan, -torch.inf, 6.0]])
    for matrix in (w_ih, w_hh, w_hr):
        parts = [matrix if part is matrix else torch.zeros_like(part) for part in (w_ih, w_hh, w_hr)]
        matrix[0, 0] = -5.0  # a magnitude
        of_all = Weights(("i", "f", "c_tilde", "o"), Parameters(parts[0], parts[1], None, None, parts[2]))
        assert of_all.largest(xh).tolist() == [[7.0], [5.0], [6.0]]
        matrix[0, 0] = torch.nan  # told by the sums themselves
        of_all = Weights(("i", "f", "c_tilde", "o"), Parameters(parts[0], parts[1], None, None, parts[2]))
        assert of_all.largest(xh).tolist() == [[7.0], [3.0], [6.0]]


def test_the_largest_bias_is_that_of_both() -> None:
    w = Parameters(
        torch.zeros(4, 3), torch.zeros(4, 1), torch.tensor([1.0, -3.0, 0.0, torch.inf]), -torch.ones(4), None
    )
    swapped = w._replace(b_ih=w.b_hh, b_hh=w.b_ih)
    without = w._replace(b_ih=None, b_hh=None)
    found = [Weights(("i", "f", "c_tilde", "o"), of).largest_bias for of in (w, swapped, without)]
    assert found == [3.0, 3.0, 0.0]
