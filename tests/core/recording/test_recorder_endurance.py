"""Thousands of recorded calls and of opened files leave no file open and no object behind."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import psutil
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

import gatescope as gs
from gatescope.formats.checkpoints import open_checkpoint
from gatescope.formats.readers import read_file
from gatescope.formats.trace_file import read_traces

# What each leaves behind shows in a few; what comes only now and then, in thousands.
OF_EACH_LENGTH = pytest.mark.parametrize(
    ("recorded", "opened"), [(50, 20), pytest.param(10_000, 1_000, marks=pytest.mark.soak)], ids=["short", "long"]
)


def held() -> tuple[int, int]:
    """Return how many files and how many objects there are."""
    gc.collect()
    process = psutil.Process()
    files = process.num_fds() if hasattr(process, "num_fds") else len(process.open_files())
    return files, len(gc.get_objects())


def grown(work: Callable[[], object], times: int) -> tuple[int, int]:
    """Return how many more there are when something was done many times more."""
    for _ in range(5):  # what is made once
        work()
    before = held()
    for _ in range(times):
        work()
    after = held()
    return after[0] - before[0], after[1] - before[1]


@OF_EACH_LENGTH
@pytest.mark.parametrize("kept", [True, False], ids=["in a file", "for the while"])
def test_recorded_calls(tmp_path: Path, recorded: int, opened: int, kept: bool) -> None:
    model, x = nn.ModuleDict({"lstm": nn.LSTM(3, 4), "cell": nn.GRUCell(3, 4)}), torch.randn(5, 2, 3)

    def call() -> None:
        model["lstm"](x)
        model["cell"](x[0])

    with gs.record(model, path=tmp_path / "run.gates" if kept else None) as recording:
        files, objects = grown(call, recorded)
    assert files == 0
    assert objects < 20
    assert sum(map(len, recording.values())) == 2 * (recorded + 5)


@OF_EACH_LENGTH
def test_opened_files(tmp_path: Path, recorded: int, opened: int) -> None:
    np.save(tmp_path / "x.npy", np.ones((4, 3)))
    (tmp_path / "x.csv").write_text("1,2\n3,4\n")
    (tmp_path / "bad.npy").write_bytes((tmp_path / "x.npy").read_bytes()[:-9])
    module = nn.LSTM(3, 4)
    torch.save(module.state_dict(), tmp_path / "model.pt")
    save_file(module.state_dict(), tmp_path / "model.safetensors")
    gs.trace(module, torch.randn(5, 3)).save(tmp_path / "run.gates")
    ways: dict[str, Callable[[], object]] = {
        "npy": partial(read_file, tmp_path / "x.npy", "sequence"),
        "csv": partial(read_file, tmp_path / "x.csv", "sequence"),
        "refused": partial(_refused, tmp_path / "bad.npy"),
        "checkpoint": lambda: open_checkpoint(tmp_path / "model.pt").find("").weights(),
        "safetensors": lambda: open_checkpoint(tmp_path / "model.safetensors").find("").weights(),
        "recording": partial(read_traces, tmp_path / "run.gates"),
        "mapped recording": partial(read_traces, tmp_path / "run.gates", 0),
    }
    for name, work in ways.items():
        files, objects = grown(work, opened)
        assert files == 0, name
        assert objects < 20, name


def _refused(path: Path) -> None:
    with pytest.raises(gs.GatescopeError):
        read_file(path, "sequence")
