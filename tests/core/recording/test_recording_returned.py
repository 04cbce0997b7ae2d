"""What a module returned while it was recorded is held against the trace, and kept with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import gatescope as gs
from gatescope.recording.module_calls import difference, kept_difference, read_call, undisturbed

KINDS = ("LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell")


class Wrapper(nn.Module):
    """A model with one recurrent module, which a cell is called in a loop of."""

    def __init__(self, kind: str, **options: Any) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.part = getattr(nn, kind)(4, 8, **options)

    def forward(self, x: Tensor) -> Any:
        if not isinstance(self.part, nn.RNNCellBase):
            return self.part(x)
        state = None
        for x_t in x:
            state = self.part(x_t, state)
        return state


def stale(part: Any) -> None:
    part._flat_weights = [weight * 1.5 for weight in part._flat_weights]


def replaced(part: Any) -> None:
    own = part.forward
    part.forward = lambda x, hx=None: own(x * 2, hx)


def hooked(part: Any) -> None:
    part.register_forward_hook(lambda _m, _a, out: out * 2 if isinstance(out, Tensor) else (out[0] * 2, *out[1:]))


@pytest.mark.filterwarnings("ignore::gatescope.RecordingWarning")
@pytest.mark.parametrize("batch", [0, None])
@pytest.mark.parametrize(
    ("kind", "attack"),
    [
        (kind, attack)
        for kind in KINDS
        for attack in (replaced, hooked, stale)
        if attack is not stale or "Cell" not in kind
    ],
)
def test_a_module_that_returned_something_else_is_found_in_its_recording(
    kind: str, attack: Any, batch: int | None, tmp_path: Path
) -> None:
    model = Wrapper(kind)
    with gs.record(model, batch=batch) as right:
        model(torch.randn(6, 3, 4))
    report = gs.verify(right["part"][0])
    assert report.matches
    assert report.asked
    attack(model.part)
    with gs.record(model, batch=batch) as recording:
        model(torch.randn(6, 3, 4))
    recording.save(tmp_path / "run.gates")
    for trace in (recording["part"][0], gs.load(tmp_path / "run.gates").traces[0]):
        report = gs.verify(trace)
        assert report.asked
        assert report.verdict.code == "module_differs"
        assert report.module_difference is not None
        assert report.module_difference.error > 100 * report.module_difference.bound
        assert "when it was recorded" in str(report.verdict)


def test_runs_in_training_and_under_autocast_are_not_blamed() -> None:
    model = Wrapper("LSTM", num_layers=2, bidirectional=True)
    with gs.record(model, batch=[2, 0]) as recording:
        model(torch.randn(50, 3, 4))[0].sum().backward()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            model(torch.randn(50, 3, 4))
    for trace in recording.traces:
        report = gs.verify(trace)
        assert report.asked
        assert report.matches


def test_where_rounding_grows_as_far_nothing_is_known() -> None:
    torch.manual_seed(1)
    module = nn.LSTM(8, 32, num_layers=2).eval()
    with torch.no_grad():
        for weight in module.parameters():
            weight.mul_(16)
    x = torch.randn(400, 64, 8)
    with undisturbed(module):
        trace, call = gs.trace(module, x[:, :1]), read_call(module, (x,), {}, module(x), 0)
        moved = read_call(module, (x,), {}, module(x * (1 + 2**-20)), 0)
    for one in (call, moved):
        found = difference(trace, one)
        kept = kept_difference(trace, one, found)
        assert found.by_rounding or kept is None
    assert not difference(trace, moved).by_rounding  # else this would test nothing


def test_a_call_that_is_made_to_compare_is_not_recorded() -> None:
    model = Wrapper("LSTM")
    x = torch.randn(6, 3, 4)
    with gs.record(model) as recording:
        model(x)
        report = gs.verify(gs.trace(model.part, x))
        assert report.asked
        assert report.matches
    assert len(recording["part"]) == 1
