"""What a recording says where a trace is not what was returned, where a call is left out, and what it refuses."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import gatescope as gs
from gatescope.formats.trace_file import TraceWriter
from gatescope.modules.bits import same_bits
from gatescope.recording.recorder import RecordingWarning
from gatescope.traces.trace import Trace


def record_while(work: Callable[[], object], model: nn.Module, **options: Any) -> gs.Recording:
    with gs.record(model, **options) as recording:
        work()
    return recording


def warned(match: str, work: Callable[[], object], model: nn.Module, **options: Any) -> gs.Recording:
    """Record in the expectation of one warning."""
    with pytest.warns(RecordingWarning, match=match) as said:
        recording = record_while(work, model, **options)
    assert len(said) == 1
    return recording


def test_an_output_that_a_hook_changed_is_seen(X: Tensor) -> None:
    lstm = nn.LSTM(4, 3)
    lstm.register_forward_hook(lambda _module, _args, out: (out[0] + 0.01, out[1]))
    line = r"^The trace of call 0 of LSTM differs by up to 0\.01 from what the module returned"
    recording = warned(line, lambda: (lstm(X), lstm(X)), lstm)
    assert recording.differences["LSTM"] == pytest.approx([0.01, 0.01], rel=1e-3)


CHANGES: dict[str, Callable[[Any], Any]] = {
    "another element": lambda out: (out[0].flip(1), out[1]),
    "the final h": lambda out: (out[0], (out[1][0] * 1.01, out[1][1])),
    "the final c": lambda out: (out[0], (out[1][0], out[1][1] * 1.01)),
    "not a number": lambda out: (out[0] * torch.nan, out[1]),
    "another shape": lambda out: (out[0][-1], out[1]),
    "no states": lambda out: (out[0], out[1][0]),
    "something else": lambda _out: {"a": 1},
    "one tensor": lambda out: out[0],
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_a_hook_made_of_the_output_is_seen(change: str, seeded: Any, X: Tensor) -> None:
    lstm = seeded(lambda: nn.LSTM(4, 3))
    lstm.register_forward_hook(lambda _module, _args, out: CHANGES[change](out))
    recording = warned("differs", lambda: lstm(X), lstm)
    assert same_bits(recording.only.x, X[:, :1])
    assert recording.differences["LSTM"][0] > 1e-4


def test_a_cell_whose_output_a_hook_changed_is_seen(X: Tensor) -> None:
    cell = nn.GRUCell(4, 3)
    cell.register_forward_hook(lambda _module, _args, out: out + 0.01)
    recording = warned("differs", lambda: cell(X[1], cell(X[0])), cell)
    assert len(recording.only) == 2
    assert recording.differences["GRUCell"][0] > 0.009


class OwnForward(nn.LSTM):
    def forward(self, tokens: Tensor) -> Tensor:  # type: ignore[override]
        return tokens * 2


def dropout() -> nn.LSTM:
    return nn.LSTM(4, 3, 2, dropout=0.5)


LEFT_OUT = {
    "dropout_in_training": (dropout, 0),
    "not_recurrent": (lambda: OwnForward(4, 3), 0),
    "batch_beyond": (lambda: nn.LSTM(4, 3), 3),
}


@pytest.mark.parametrize("code", LEFT_OUT)
def test_a_call_that_cannot_be_traced_is_left_out_with_one_warning(code: str, X: Tensor) -> None:
    make, batch = LEFT_OUT[code]
    model = nn.Sequential(make())
    line = "^Call 0 of 0 is not recorded, nor are others like it"
    found = warned(line, lambda: (model(X), model(X)), model, batch=batch)
    assert [(one.name, one.call, one.reason.code) for one in found.skipped] == [("0", 0, code), ("0", 1, code)]
    assert found.skipped[0].reason is found.skipped[1].reason
    assert found["0"] == found.traces == []


def test_the_batch_that_is_too_small_is_named_with_the_index(X: Tensor) -> None:
    lstm = nn.LSTM(4, 3)
    given = (torch.randn(7, 4, 4), X, X[:, 0])
    recording = warned("batch", lambda: [lstm(x) for x in given], lstm, batch=[0, 3])
    assert len(recording.traces) == 1
    assert str(recording.skipped[0].reason) == "batch asks for (0, 3), but the call has only 3 batch elements."
    assert recording.skipped[1].reason.params["size"] == 1


def test_an_error_that_nobody_expected_is_no_error_of_the_training(monkeypatch: pytest.MonkeyPatch, X: Tensor) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("CUDA out of memory")

    monkeypatch.setattr("gatescope.recording.recorder.trace", fail)
    lstm = nn.LSTM(4, 3)
    recording = warned("RuntimeError: CUDA out of memory", lambda: lstm(X)[0].sum().backward(), lstm)
    assert recording.skipped[0].reason.code == "call_failed"


def test_a_full_disk_leaves_calls_out_and_what_was_written_stays(monkeypatch: pytest.MonkeyPatch, X: Tensor) -> None:
    real, lstm, count = TraceWriter.append, nn.LSTM(4, 3), iter(range(3))

    def second_refused(self: TraceWriter, name: str, trace: Trace) -> None:
        if next(count) == 1:
            raise OSError(28, "No space left on device")
        real(self, name, trace)

    monkeypatch.setattr(TraceWriter, "append", second_refused)
    recording = warned("No space left on device", lambda: [lstm(X) for _ in range(3)], lstm)
    assert [one.call for one in recording.skipped] == [1]
    assert len(recording.traces) == len(recording.differences["LSTM"]) == 2
    assert recording.problem is None


def test_every_call_of_a_sequence_that_could_not_be_written_is_named(
    monkeypatch: pytest.MonkeyPatch, X: Tensor
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(TraceWriter, "append", refuse)
    cell = nn.GRUCell(4, 3)
    recording = warned("Call 0 of GRUCell", lambda: (cell(X[1], cell(X[0])), cell(X[2])), cell)
    assert [one.call for one in recording.skipped] == [0, 1, 2]


class NoRecurrence(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lin = nn.Linear(4, 4)


def refusal(model: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(gs.GatescopeError) as caught, gs.record(model, *arguments, **options):
        pass
    assert not isinstance(model, nn.Module) or not any(part._forward_hooks for part in model.modules())
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


def test_what_is_no_model_or_has_nothing_to_record() -> None:
    assert refusal(5) == "The model to record must be a torch.nn.Module, but it is of type int."
    assert "in the NoRecurrence: it holds no nn.LSTM, nn.GRU, nn.RNN, nn.LSTMCell, nn." in refusal(NoRecurrence())


@pytest.mark.parametrize("given", ["wrong", ["encoder.1", "wrong"], ["wrong", 3], "encoder", "stack", [], ""])
def test_a_name_that_is_not_there_or_not_recurrent_is_told_what_there_is(given: Any, model: Any) -> None:
    wrong = {"[]": "none", "['encoder.1', 'wrong']": "'wrong'", "['wrong', 3]": "'wrong', 3"}.get(
        repr(given), repr(given)
    )
    assert refusal(model, given) == f"modules must name some of {', '.join(model.recurrent)}, but here is {wrong}."


@pytest.mark.parametrize("batch", ["0", True, 1.5, [], [0, "1"], [True], slice("a"), slice(0, 3, 0), {0}])
def test_a_batch_that_makes_no_sense(batch: Any, model: Any) -> None:
    assert refusal(model, batch=batch).startswith("batch must be a whole number, several of them, a slice, or None")


def test_a_model_that_became_operations(X: Tensor) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch warns that scripting is old
        scripted = torch.jit.script(nn.Sequential(nn.LSTM(4, 3)))
    assert "record the model that it was made from" in refusal(scripted)
    assert "in the GraphModule: it is made of operations" in refusal(torch.fx.symbolic_trace(nn.Linear(2, 2)))
    graph = torch.fx.symbolic_trace(nn.Sequential(nn.LSTM(4, 3)))  # which keeps the module
    with gs.record(graph) as recording:
        graph(X)
    assert len(recording["0"]) == 1


def test_compiled_modules_are_refused_wherever_they_are(model: Any) -> None:
    in_place = copy.deepcopy(model)
    compiled = torch.compile(model, backend="eager")
    in_place.encoder[1].compile(backend="eager")
    assert refusal(compiled).startswith(
        "OptimizedModule is compiled, and compiled code does not tell what _orig_mod.encoder.1"
    )
    assert refusal(nn.Sequential(compiled)).startswith("0 is compiled, ")
    assert refusal(in_place).startswith("encoder.1 is compiled, ")
    with gs.record(in_place, ["twice", "cell"]) as recording:  # beside what is compiled
        pass
    assert recording.names == ("twice", "cell")


def test_a_model_that_is_a_part_of_something_compiled_is_recorded(X: Tensor) -> None:
    lstm = nn.LSTM(4, 3)
    around = torch.compile(lambda x: lstm(x * 2)[0] + 1, backend="eager")
    with gs.record(lstm) as recording:
        around(X)
        around(X)
    assert same_bits(recording.traces[1].x, X[:, :1] * 2)
    assert not recording.skipped


def test_a_path_that_cannot_be_written(tmp_path: Path, model: Any) -> None:
    assert str(tmp_path / "missing") in refusal(model, path=tmp_path / "missing" / "run.gates")
    assert "folder" in refusal(model, path=tmp_path)
