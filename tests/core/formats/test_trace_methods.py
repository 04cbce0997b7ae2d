"""The methods of a trace that write files: how far they are, and that all is as it was where they fail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

import gatescope as gs


def test_progress_reaches_one_and_a_cancel_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_trace: Any
) -> None:
    monkeypatch.setattr("gatescope.formats.trace_segment._PIECE", 100)
    seen: list[float] = []
    small_trace().save(tmp_path / "one.gates", progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1

    def cancel(fraction: float) -> None:
        if fraction > 0.5:
            raise gs.Cancelled

    before = (tmp_path / "one.gates").read_bytes()
    with pytest.raises(gs.Cancelled):
        small_trace().save(tmp_path / "one.gates", progress=cancel)
    assert (tmp_path / "one.gates").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no device that is always full")
def test_a_full_disk_is_a_clear_error(small_trace: Any, refusal: Any) -> None:
    error = refusal(lambda: small_trace(steps=5000).save("/dev/full"))
    assert str(error) == "/dev/full cannot be written: No space left on device. Nothing was changed there."


def test_the_report_of_another_trace_is_refused(make_lstm: Callable[..., nn.LSTM], tmp_path: Any) -> None:
    one, other = (gs.trace(make_lstm(4, 3), torch.zeros(steps, 4)) for steps in (3, 5))
    with pytest.raises(gs.GatescopeError, match="The report belongs to another trace"):
        one.to_csv(tmp_path / "x.csv", report=gs.verify(other))
    assert not list(tmp_path.iterdir())
