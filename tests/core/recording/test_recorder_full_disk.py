"""A disk that is full while a recording runs: the training goes on, one warning, and what was written opens."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import gatescope as gs

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="has no limit on the size of files")

PROGRAM = """
import resource, sys, warnings
import torch
import gatescope as gs

warnings.simplefilter("always")
model = torch.nn.ModuleDict({"a": torch.nn.LSTM(8, 16), "b": torch.nn.GRU(8, 16)})
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
with gs.record(model, path=sys.argv[1]) as recording:
    for step in range(30):
        for module in model.values():
            module(torch.randn(20, 2, 8))[0].sum().backward()
print(step + 1, len(recording.skipped))
"""


def test_the_training_goes_on_with_one_warning_and_what_was_written_opens(tmp_path: Path) -> None:
    path = tmp_path / "run.gates"
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path)], check=False, capture_output=True, text=True, timeout=300
    )
    assert ended.returncode == 0, ended.stderr
    steps, skipped = map(int, ended.stdout.split())
    assert steps == 30
    assert ended.stderr.count("RecordingWarning") == 1, ended.stderr
    assert f"could not be added to {path}: File too large" in ended.stderr
    recording = gs.load(path)
    written = sum(map(len, recording.values()))
    assert recording.problem is None
    assert 0 < written == 60 - skipped < 60
    assert all(gs.verify(trace).matches for trace in recording.traces)
