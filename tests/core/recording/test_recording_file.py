"""The file of a recording: written at once, read back, removed when nobody needs it; and memory stays flat."""

from __future__ import annotations

import gc
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import gatescope as gs
from gatescope.modules.bits import same_bits
from gatescope.recording.recording_file import RecordingFile
from gatescope.traces.trace import Trace


@pytest.fixture
def recorded(model: Any, X: Tensor) -> Callable[..., gs.Recording]:
    """Return a function that records one call of the model."""

    def record(**options: Any) -> gs.Recording:
        with gs.record(model, **options) as recording:
            model(X)
        return recording

    return record


def test_a_saved_recording_is_read_back(tmp_path: Path, model: Any, recorded: Any) -> None:
    recording = recorded()
    recording.save(tmp_path / "run.gates")
    loaded = gs.load(tmp_path / "run.gates")
    assert loaded.names == model.recurrent
    assert loaded.problem is None
    assert (loaded.skipped, loaded.differences) == ([], {})
    for ours, theirs in zip(loaded.traces, recording.traces, strict=True):
        assert all(same_bits(cell.h, theirs.cells[key].h) for key, cell in ours.cells.items())
        assert ours.source == theirs.source
    assert repr(loaded) == repr(recording) == "<Recording: encoder.1 (1), twice (2), cell (1)>"
    loaded.save(tmp_path / "again.gates")
    assert (tmp_path / "again.gates").read_bytes() == (tmp_path / "run.gates").read_bytes()


def test_the_traces_verify(recorded: Any) -> None:
    for trace in recorded().traces:
        assert gs.verify(trace).matches


def test_a_call_that_is_missing_from_the_file_is_noticed(tmp_path: Path, recorded: Any) -> None:
    recording = recorded(path=tmp_path / "run.gates")
    with (tmp_path / "run.gates").open("r+b") as file:
        file.truncate((tmp_path / "run.gates").stat().st_size - 5)
    cut = gs.load(tmp_path / "run.gates")
    assert cut.problem is not None
    assert sum(map(len, cut.values())) == sum(map(len, recording.differences.values())) - 1


def test_a_path_is_written_to_while_recording_and_stays(tmp_path: Path, model: Any, X: Tensor) -> None:
    with gs.record(model, path=tmp_path / "run.gates") as recording:
        model(X)
        during = gs.load(tmp_path / "run.gates")
        recording.save(tmp_path / "run.gates")  # is there already
        recording.save(tmp_path / "half.gates")
        model(X)
    assert [len(gs.load(tmp_path / name)["twice"]) for name in ("run.gates", "half.gates")] == [4, 2]
    assert len(during["twice"]) == 2
    recording.close()
    del recording
    assert sorted(path.name for path in tmp_path.iterdir()) == ["half.gates", "run.gates"]


def test_the_temporary_file_goes_with_the_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recorded: Any
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    recording = recorded()
    assert len(list(tmp_path.iterdir())) == 1
    kept = recording["twice"][1]
    del recording
    gc.collect()
    assert list(tmp_path.iterdir()) == []
    assert same_bits(kept.x, kept.x.clone())  # still readable
    recording = recorded()
    recording.close()
    recording.close()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(gs.GatescopeError, match="There is no file"):
        recording.save(tmp_path / "run.gates")


def test_a_save_that_fails_leaves_the_older_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recorded: Any
) -> None:
    (tmp_path / "run.gates").write_text("older")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    recording = recorded()
    monkeypatch.setattr("gatescope.formats.files.os.fsync", full)
    with pytest.raises(gs.GatescopeError, match="No space left"):
        recording.save(tmp_path / "run.gates")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["older"]


def test_a_recording_of_nothing_is_empty_and_is_not_saved(tmp_path: Path, model: Any) -> None:
    with gs.record(model) as recording:
        assert recording["cell"] == recording.traces == []
    with pytest.raises(gs.GatescopeError, match="Nothing has been recorded"):
        recording.save(tmp_path / "run.gates")
    assert list(tmp_path.iterdir()) == []


def test_looking_up_names_what_there_is(recorded: Any) -> None:
    recording = recorded()
    assert "again" in recording
    assert "wrong" not in recording
    assert recording.get("wrong") is None
    with pytest.raises(gs.GatescopeError, match=r"^There is no recording of wrong, only of encoder\.1, twice, cell\.$"):
        recording["wrong"]
    counted = r"^There is not one trace but 4: encoder\.1 \(1\), twice \(2\), cell \(1\)\.$"
    with pytest.raises(gs.GatescopeError, match=counted):
        recording.only  # noqa: B018 - the lookup is the test
    assert len(recording) == len(dict(recording)) == 3


FORKED = """
import os, sys, torch, gatescope as gs
lstm, x = torch.nn.LSTM(2, 2), torch.ones(3, 2)
with gs.record(lstm) as recording:
    lstm(x)
    child = os.fork()
    lstm(x)
    if not child:
        sys.exit()
    os.waitpid(child, 0)
    lstm(x)
print(recording, recording.problem)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
def test_a_fork_leaves_the_file_alone() -> None:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", FORKED], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "<Recording: LSTM (3)> None"


def alive() -> int:
    """Return the bytes of all tensors that anything still holds; the process's own size depends on what ran before."""
    gc.collect()
    # Other tests leave sparse tensors behind, which have no storage.
    tensors = [one for one in gc.get_objects() if type(one) is torch.Tensor and one.layout is torch.strided]
    return sum({one.untyped_storage().data_ptr(): one.untyped_storage().nbytes() for one in tensors}.values())


def growth(calls: int) -> tuple[int, int]:
    """Return by how many bytes the tensors grew in that many calls, and how many their quantities have."""
    lstm, x = nn.LSTM(8, 64), torch.randn(300, 2, 8)
    with gs.record(lstm) as recording:
        for _ in range(5):
            lstm(x)
        before = alive()
        for _ in range(calls):
            lstm(x)
        grown = alive() - before
    return grown, calls * sum(values.nbytes for values in recording.traces[0].cell().values.values())


def test_memory_stays_flat_however_much_is_recorded() -> None:
    grown, recorded = growth(50)
    assert recorded > 20e6
    assert grown < recorded / 4


def test_a_recording_that_kept_its_traces_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    real, kept = RecordingFile.append, []

    def keeping(self: RecordingFile, name: str, trace: Trace) -> None:
        kept.append(trace)
        real(self, name, trace)

    monkeypatch.setattr(RecordingFile, "append", keeping)
    grown, recorded = growth(50)
    assert grown > recorded / 2


def test_what_is_kept_of_a_call_is_next_to_nothing() -> None:
    lstm, x = nn.LSTM(8, 8), torch.randn(3, 2, 8)
    with gs.record(lstm):
        for _ in range(50):
            lstm(x)
        gc.collect()
        tracemalloc.start()
        try:
            for _ in range(50):
                lstm(x)
            gc.collect()
            assert tracemalloc.get_traced_memory()[0] < 50 * 2000
        finally:
            tracemalloc.stop()
