"""Near the largest numbers of a type: what correct code may make of them in one order and not in another."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

import gatescope as gs

H = 3
LARGEST = {torch.float16: 65504.0, torch.bfloat16: 3.39e38, torch.float32: 3.4e38, torch.float64: 1.79e308}


def biased(kind: str, dtype: torch.dtype, gate: str, z: float, **options: Any) -> Any:
    """Return a module in which `gate` has the pre-activation `z`, up to what the small weights make."""
    module = getattr(nn, kind)(2, H, **options).to(dtype).eval()
    rows = {"LSTM": "ifgo", "GRU": "rzn"}[kind.removesuffix("Cell")].index(gate)
    with torch.no_grad():
        next(value for name, value in module.named_parameters() if "bias_ih" in name)[rows * H : (rows + 1) * H] = z
    return module


def sequence(dtype: torch.dtype) -> Tensor:
    return torch.randn(5, 2, 2).to(dtype)


# A gate whose pre-activation is large, and the ones that are seen only while it is held.
HELD = [("LSTM", "i", ("f", "o", "c_tilde")), ("LSTM", "g", ("i",)), ("GRU", "z", ("r", "n"))]


@pytest.mark.numeric
@pytest.mark.parametrize("dtype", LARGEST, ids=str)
@pytest.mark.parametrize(("kind", "large", "hidden"), HELD)
@pytest.mark.parametrize("cell", ["", "Cell"])
@pytest.mark.parametrize("sign", [1, -1])
def test_gates_are_told_as_unknown_where_no_number_outdoes_a_pre_activation(
    kind: str, large: str, hidden: tuple[str, ...], cell: str, dtype: torch.dtype, sign: int
) -> None:
    for share in (0.9, 0.5, 0.3):
        module = biased(kind + cell, dtype, large, sign * share * LARGEST[dtype])
        report = gs.verify(gs.trace(module, sequence(dtype)), gates=True)
        assert report.matches, f"{share}: {report.verdict}"
        for name in hidden:
            assert report.unshown(name).all()
            assert report.reference(name).isnan().all()
            assert report.ratio(name).isnan().all()
            assert str(report.obtained(name)).endswith(
                "; values that could not be shown, since pre-activations there are too near the largest number of "
                f"{str(dtype).removeprefix('torch.')} for another gate to be held: {5 * 2 * H}"
            )
        for name in set(report.compared) - set(hidden):
            assert not report.unshown(name).any()
            assert report.ratio(name).isfinite().all()
            assert "could not be shown" not in str(report.obtained(name))


@pytest.mark.numeric
@pytest.mark.parametrize("dtype", LARGEST, ids=str)
def test_gates_are_shown_as_long_as_a_number_outdoes_the_pre_activation(dtype: torch.dtype) -> None:
    module = biased("LSTM", dtype, "i", 0.2 * LARGEST[dtype])
    report = gs.verify(gs.trace(module, sequence(dtype)), gates=True)
    assert report.matches, str(report.verdict)
    for name in report.compared:
        assert not report.unshown(name).any()
        assert report.reference(name).isfinite().all()


def test_one_large_step_hides_the_gates_of_its_own_only() -> None:
    module = nn.LSTM(2, H).half()
    with torch.no_grad():
        module.weight_ih_l0[0, 0] = 300.0  # into i of unit 0
    x = sequence(torch.float16)
    x[:, :, 0] = 0.5
    x[3, 1, 0] = 100.0
    report = gs.verify(gs.trace(module, x), gates=True)
    assert report.matches, str(report.verdict)
    assert report.unshown("f").nonzero().tolist() == [[3, 1, 0]]
    assert str(report.obtained("f")).endswith("for another gate to be held: 1")


def test_a_wrong_state_is_found_beside_gates_that_cannot_be_shown() -> None:
    trace = gs.trace(biased("LSTM", torch.float16, "i", 40000.0), sequence(torch.float16))
    trace.cell().values["c"][2, 1, 0] += 500.0  # the bound is wide there
    report = gs.verify(trace, gates=True)
    assert report.first_difference is not None
    assert (report.first_difference.quantity, report.first_difference.t) == ("c", 2)


def test_an_infinite_weight_holds_its_own_gate() -> None:
    module = nn.LSTMCell(2, H)
    with torch.no_grad():
        module.weight_ih[0, 0] = -torch.inf  # i of unit 0 is 0, whatever is added to its pre-activation
    report = gs.verify(gs.trace(module, torch.ones(4, 2)), gates=True)
    assert report.verdict.code == "cannot_compare"
    assert report.unshown("c_tilde")[..., 0].all()


KINDS = [("RNN", "tanh"), ("RNN", "relu"), ("GRU", None), ("LSTM", None)]


def opposed(kind: str, nonlinearity: str | None, dtype: torch.dtype, *, share: float) -> tuple[Any, Any, Any]:
    """Return a cell module, x and the states, where x and h each come to `share` of the largest number and cancel."""
    size = share * LARGEST[dtype]
    options = {} if nonlinearity is None else {"nonlinearity": nonlinearity}
    module: Any = getattr(nn, f"{kind}Cell")(2, H, bias=False, **options).to(dtype).eval()
    with torch.no_grad():
        module.weight_ih.fill_(size / 2)
        module.weight_hh.fill_(-0.9 * size / H)
    x, h = torch.ones(4, 2, 2, dtype=dtype), torch.ones(2, H, dtype=dtype)
    return module, x, (h, h) if kind == "LSTM" else h


@pytest.mark.numeric
@pytest.mark.parametrize("dtype", LARGEST, ids=str)
@pytest.mark.parametrize(("kind", "nonlinearity"), KINDS)
@pytest.mark.parametrize("grad", [False, True])
@pytest.mark.parametrize("gates", [False, True])
def test_sums_that_overflow_on_their_way_are_no_difference(
    kind: str, nonlinearity: str | None, dtype: torch.dtype, grad: bool, gates: bool
) -> None:
    codes = set()
    for share in (0.4, 0.6, 0.95, 1.05, 1.5, 1.9):
        module, x, hx = opposed(kind, nonlinearity, dtype, share=share)
        report = gs.verify(gs.trace(module, x, hx, grad=grad), gates=gates)
        assert report.first_difference is None, f"{share}: {report.verdict}"
        codes.add(report.verdict.code)
    assert codes <= {"matches", "cannot_compare"}


@pytest.mark.numeric
def test_a_number_beside_one_that_overflowed_on_its_way_is_no_match() -> None:
    module, x, h = opposed("RNN", "relu", torch.float16, share=1.2)
    x[1:] = 0.0
    trace = gs.trace(module, x, h)
    report = gs.verify(trace)
    assert report.verdict.code == "cannot_compare"
    assert report.ratio("h")[0].isnan().all()  # where x and h cancel
    assert report.ratio("h")[1:].isfinite().all()
    trace.cell().values["h"][2, 0, 0] += 1.0
    assert gs.verify(trace).verdict.code == "differs"
