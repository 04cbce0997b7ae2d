"""`gatescope trace` with a checkpoint or a recording in place of a constructor."""

from __future__ import annotations

import csv
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import gatescope as gs
from gatescope.edits.edits import Hold, InputEdit
from gatescope.edits.history import History
from gatescope.formats.trace_file import COPIED
from gatescope_app.cli import trace_command
from gatescope_app.cli.command_line import main
from gatescope_app.state.document import Document
from gatescope_app.state.revisions import Revision
from gatescope_app.state.runs import Run, Setup, example_setup, run
from gatescope_app.state.session_file import SessionContent, save_session

Capture = pytest.CaptureFixture[str]


def refused(capsys: Capture, *arguments: object) -> str:
    """Run `gatescope trace` on bad input; return the one line that it says."""
    try:
        status: object = main(["trace", *map(str, arguments)])
    except SystemExit as exit_:
        status = exit_.code
    output = capsys.readouterr()
    assert (status, output.out) == (2, "")
    assert output.err.startswith("gatescope: ")
    assert len(output.err.splitlines()) == 1
    return output.err.removeprefix("gatescope: ").strip()


def h_of(path: Path) -> Any:
    """Return h of the last layer from a CSV in the long layout, (T, H)."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["layer"] == "1"]
    steps = 1 + max(int(row["t"]) for row in rows)
    return np.array([float(row["h"]) for row in rows], dtype=np.float32).reshape(steps, -1)


# ---- checkpoints ----


def test_the_rnn_inside_a_model_is_found_and_computes_as_in_the_model(
    capsys: Capture, hello_model: Any, hello_checkpoint: Path, tmp_path: Path
) -> None:
    feed = ["--input", str(tmp_path / "letters.npy"), "--nonlinearity", "tanh", "--csv", str(tmp_path / "out.csv")]
    assert main(["trace", f"{hello_checkpoint}::rnn", *feed]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "nn.RNN(10, 8, num_layers=2)  hello.pt::rnn  IEEE float32"
    assert lines[2].split() == ["t", "token", "unit", "a", "h"]
    assert lines[-3].startswith("matches nn.RNN (")
    output = hello_model.rnn(hello_model.embedding(torch.tensor([1, 0, 2, 2, 3])))[0].detach().numpy()
    assert h_of(tmp_path / "out.csv") == pytest.approx(output, abs=1e-6)


def test_a_single_module_needs_no_prefix(capsys: Capture, hello_checkpoint: Path, tmp_path: Path) -> None:
    feed = ["--input", str(tmp_path / "letters.npy"), "--quiet"]
    assert main(["trace", str(hello_checkpoint), *feed, "--nonlinearity", "relu", "--dtype", "float64"]) == 0
    assert capsys.readouterr().out.startswith("matches nn.RNN (")


def test_an_rnn_asks_for_its_nonlinearity(capsys: Capture, hello_checkpoint: Path, tmp_path: Path) -> None:
    line = refused(capsys, hello_checkpoint, "--input", tmp_path / "letters.npy")
    assert "nn.RNN" in line
    assert "--nonlinearity tanh or --nonlinearity relu" in line


def test_several_modules_are_listed_in_one_line(capsys: Capture, three_modules: Path) -> None:
    line = refused(capsys, three_modules, "--text", "hello")
    assert "holds 3 recurrent modules; choose one: " in line
    for name in ("encoder (nn.GRU)", "decoder (cannot be used)", "cell (nn.RNNCell)"):
        assert f"{three_modules}::{name}" in line


def test_the_prefix_chooses_among_them(capsys: Capture, three_modules: Path) -> None:
    assert main(["trace", f"{three_modules}::encoder", "--text", "hello"]) == 0
    assert capsys.readouterr().out.startswith("nn.GRU(4, 6, bidirectional=True)  three.pth::encoder  IEEE float32")
    assert main(["trace", f"{three_modules}::cell", "--text", "hello", "--nonlinearity", "tanh", "--quiet"]) == 0
    assert capsys.readouterr().out.startswith("matches nn.RNNCell (")


def test_initial_states_are_those_of_the_kind(capsys: Capture, three_modules: Path, tmp_path: Path) -> None:
    np.save(tmp_path / "h0.npy", np.full((2, 6), 0.5))
    outputs = []
    for states in ([], ["--h0", str(tmp_path / "h0.npy")]):
        assert main(["trace", f"{three_modules}::encoder", "--text", "hello", *states]) == 0
        outputs.append(capsys.readouterr().out)
    assert outputs[0] != outputs[1]
    assert "nn.GRU has no c0" in refused(
        capsys, f"{three_modules}::encoder", "--text", "hello", "--c0", tmp_path / "h0.npy"
    )


BAD = {
    "missing tensor": (["{three}::decoder", "--text", "hello"], "bias_hh_l0 is missing"),
    "unknown prefix": (["{three}::other", "--text", "hello"], "no recurrent module 'other'"),
    "width": (["{three}::encoder", "--text", "ab"], "Each step has 2 values, but the network takes 4"),
    "no sequence": (["{three}::encoder"], "one of the arguments --text --input --example is required"),
    "seed": (["{three}::encoder", "--text", "hello", "--seed", "1"], "leave out --seed"),
    "nonlinearity": (["{three}::encoder", "--text", "hello", "--nonlinearity", "relu"], "nn.GRU has no argument"),
    "missing file": (["missing.pt", "--text", "hello"], "There is no file missing.pt."),
    "no checkpoint": (["notes.pth", "--text", "hello"], "notes.pth is no checkpoint that can be read"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_with_a_checkpoint_is_one_line(
    capsys: Capture, three_modules: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(three_modules.parent)
    Path("notes.pth").write_text("no pickle")
    arguments, words = BAD[name]
    assert words in refused(capsys, *(argument.format(three=three_modules) for argument in arguments))


@pytest.mark.parametrize("name", ["model.pth.tar", "model.dat", "model.t7", "my-model"])
def test_a_checkpoint_is_read_whatever_it_is_called(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    state = {f"rnn.{key}": value for key, value in torch.nn.GRU(4, 3).state_dict().items()}
    torch.save({"epoch": 2, "state_dict": state}, name)
    for location in (name, f"{name}::rnn"):
        assert main(["trace", location, "--text", "hello", "--quiet"]) == 0
        assert capsys.readouterr().out.startswith("matches nn.GRU")


NO_NETWORKS: dict[str, tuple[bytes, str]] = {
    "my-model.onnx": (b"\x08\x08\x12\x07pytorch:\x02\x0a\x00", "it is an ONNX model; save the PyTorch module's state"),
    "model.h5": (b"\x89HDF\r\n\x1a\n" + bytes(90), "it is an HDF5 file, as Keras"),
    "model.tflite": (b"\x1c\0\0\0TFL3" + bytes(90), "it is a model of TensorFlow Lite; put its weights into a PyTorch"),
    "model.pkl": (b"\x80\x04}\x94.", "it is a Python pickle"),
    "nothing": (b"", "nothing cannot be opened: it is empty."),
    "notes": (b"a few words", "notes must end in .csv, .npy, .pt"),
    "table.csv": (b"1,2\n", "table.csv is a sequence for a network to read: name the network, then --input table.csv"),
}


@pytest.mark.parametrize("name", NO_NETWORKS)
def test_a_file_without_a_network_is_named_with_what_to_do(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    content, said = NO_NETWORKS[name]
    Path(name).write_bytes(content)
    assert said in refused(capsys, name, "--text", "hello")


@pytest.mark.parametrize("name", ["my-missing-model", "missing.onnx", "folder/model.h5"])
def test_what_is_neither_a_file_nor_a_call_is_named_as_both(capsys: Capture, name: str) -> None:
    said = refused(capsys, name, "--text", "hello")
    assert said == f"{name} is neither a file that is there nor a call such as nn.LSTM(4, 3)"


def test_a_folder_is_no_network(capsys: Capture, tmp_path: Path) -> None:
    assert "is a folder; a file is needed." in refused(capsys, tmp_path, "--text", "hello")


@pytest.mark.parametrize("module", ["nn.LSTM(4, 3)", "nn.GRU(4, 3, batch_first=True)", "nn.RNNCell(4, 3)"])
def test_an_empty_batch_is_run_and_nothing_is_claimed_of_it(capsys: Capture, tmp_path: Path, module: str) -> None:
    np.save(tmp_path / "x.npy", np.ones((0, 5, 4) if "batch_first" in module else (5, 0, 4)))
    arguments = ["--input", str(tmp_path / "x.npy"), "--csv", str(tmp_path / "x.csv")]
    assert main(["trace", module, *arguments]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "  0 sequences of 5 steps  " in lines[0]
    assert lines[1].startswith("nothing can be compared with nn.")
    assert lines[1].endswith("the batch is empty, it has no sequence")
    assert len((tmp_path / "x.csv").read_text().splitlines()) == 1


# ---- recordings ----


def test_a_recorded_trace_is_printed_and_verified_but_not_run(
    capsys: Capture, hello_recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gs, "trace", None)  # nothing may call it
    assert main(["trace", f"{hello_recording}::rnn#1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"nn.RNN(10, 8, num_layers=2, batch_first=True)  {hello_recording}::rnn#1")
    assert lines[-3].startswith("matches nn.RNN (")
    assert [line.split()[0] for line in lines[3:-3:4]] == ["0", "1", "2"]


def test_the_trace_of_a_large_recording_is_taken_out_of_the_file(
    capsys: Capture, hello_recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.truncate(hello_recording, COPIED + 1)

    def overwritten_then_run(setup: Setup, progress: Any = None) -> Run:
        with hello_recording.open("r+b") as file:
            file.write(bytes(1 << 20))
        return run(setup, progress)

    monkeypatch.setattr(trace_command, "run", overwritten_then_run)
    assert main(["trace", f"{hello_recording}::rnn#1"]) == 0
    assert "matches nn.RNN" in capsys.readouterr().out


def test_a_recorded_trace_that_is_wrong_does_not_match(capsys: Capture, hello_recording: Path, tmp_path: Path) -> None:
    from gatescope.formats.trace_file import save_trace

    trace = gs.load(hello_recording).traces[0]
    trace.cell(1).values["h"][3, 0, 2] += 0.25
    save_trace(trace, tmp_path / "wrong.gates")
    assert main(["trace", str(tmp_path / "wrong.gates"), "--quiet"]) == 1
    assert capsys.readouterr().out.startswith("does not match nn.RNN: first at t = 3, h of unit 2 (layer 1")


def test_a_trace_recorded_on_cuda_is_verified_without_it(
    capsys: Capture, hello_recording: Path, tmp_path: Path
) -> None:
    from gatescope.cells.arithmetic import TF32
    from gatescope.formats.trace_file import save_trace

    trace = gs.load(hello_recording).traces[0]
    there = replace(trace, spec=replace(trace.spec, device="cuda:0"), arithmetic=TF32)
    save_trace(there, tmp_path / "cuda.gates")
    assert main(["trace", str(tmp_path / "cuda.gates")]) == 0
    output = capsys.readouterr().out
    assert "device='cuda:0'" in output.splitlines()[0]
    assert output.splitlines()[0].endswith("  TF32")
    assert "matches nn.RNN (" in output


def test_several_traces_are_listed_in_one_line(capsys: Capture, hello_recording: Path) -> None:
    for asked in (hello_recording, f"{hello_recording}::rnn"):
        line = refused(capsys, asked)
        assert "holds 2 traces; choose one: " in line
        assert line.endswith(f"{hello_recording}::rnn#0, {hello_recording}::rnn#1")
    assert "holds no trace 'lstm'" in refused(capsys, f"{hello_recording}::lstm")


@pytest.mark.parametrize("option", ["--text=hello", "--seed=1", "--dtype=float64", "--device=cpu", "--h0=h.npy"])
def test_what_would_run_a_recorded_trace_again_is_refused(capsys: Capture, hello_recording: Path, option: str) -> None:
    line = refused(capsys, f"{hello_recording}::rnn#0", option)
    assert line.endswith(f"is shown as it was recorded, and not run again: leave out {option.partition('=')[0]}")


def test_a_recorded_trace_is_exported(capsys: Capture, hello_model: Any, hello_recording: Path, tmp_path: Path) -> None:
    assert main(["trace", f"{hello_recording}::rnn#0", "--csv", str(tmp_path / "out.csv"), "--quiet"]) == 0
    output = hello_model.rnn(hello_model.embedding(torch.tensor([[1, 0, 2, 2, 3]])))[0][0].detach().numpy()
    assert h_of(tmp_path / "out.csv") == pytest.approx(output, abs=1e-6)


@pytest.mark.parametrize("name", ["missing.gates", "notes.gates"])
def test_what_is_no_recording_is_one_line(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("notes.gates").write_text("notes")
    assert name in refused(capsys, name)


# ---- how a batch is read ----


@pytest.fixture
def batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a layer with batch_first; its state dict, ten sequences of seven steps and a cell's lie in the folder."""
    monkeypatch.chdir(tmp_path)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        lstm = torch.nn.LSTM(4, 3, batch_first=True)
        x = torch.randn(10, 7, 4)
        torch.save(lstm.state_dict(), "model.pt")
        torch.save(torch.nn.LSTMCell(4, 3).state_dict(), "cell.pt")
    np.save("x.npy", x.numpy())
    np.save("one.npy", x[0].numpy())
    lstm.fed = x  # type: ignore[assignment]
    return lstm


@pytest.mark.parametrize("model", ["model.pt", "cell.pt"])
def test_a_batch_for_weights_that_do_not_tell_its_layout_is_refused_with_both_readings(
    capsys: Capture, batch: Any, model: str
) -> None:
    line = refused(capsys, model, "--input", "x.npy")
    assert line.startswith(f"{model}: its weights do not tell batch_first")
    assert "(10, 7, 4) is 10 sequences of 7 steps with the batch first, 7 sequences of 10 steps with the steps" in line
    assert line.endswith("(--batch-first or --no-batch-first)")


def test_a_batch_is_read_as_it_is_said(capsys: Capture, batch: Any) -> None:
    assert main(["trace", "model.pt", "--input", "x.npy", "--batch-first", "--csv", "out.csv"]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first == "nn.LSTM(4, 3, batch_first=True)  model.pt  10 sequences of 7 steps  IEEE float32"
    with Path("out.csv").open(encoding="utf-8", newline="") as file:
        h = np.array([float(row["h"]) for row in csv.DictReader(file)])
    output = batch(batch.fed)[0].detach().numpy()  # (B, T, H), and the rows of the table by t, then b
    assert h.reshape(7, 10, 3) == pytest.approx(output.swapaxes(0, 1), abs=1e-6)
    assert main(["trace", "model.pt", "--input", "x.npy", "--no-batch-first"]) == 0
    second = capsys.readouterr().out.splitlines()[0]
    assert second == "nn.LSTM(4, 3)  model.pt  7 sequences of 10 steps  IEEE float32"


def test_a_cell_reads_a_batch_either_way(capsys: Capture, batch: Any) -> None:
    for option, read in (("--batch-first", "10 sequences of 7 steps"), ("--no-batch-first", "7 sequences of 10 steps")):
        assert main(["trace", "cell.pt", "--input", "x.npy", option]) == 0
        assert capsys.readouterr().out.splitlines()[0] == f"nn.LSTMCell(4, 3)  cell.pt  {read}  IEEE float32"


def test_what_is_known_is_not_asked(capsys: Capture, batch: Any, hello_recording: Path) -> None:
    assert main(["trace", "model.pt", "--input", "one.npy", "--quiet"]) == 0  # no batch
    assert main(["trace", "nn.LSTM(4, 3, batch_first=True)", "--input", "x.npy"]) == 0
    assert "10 sequences of 7 steps" in capsys.readouterr().out
    line = refused(capsys, f"{hello_recording}::rnn#0", "--no-batch-first")
    assert line.endswith("shown as it was recorded, and not run again: leave out --batch-first")


def test_tensors_that_the_module_does_not_have_are_named(capsys: Capture, batch: Any) -> None:
    state = {f"cell.{name}": tensor for name, tensor in torch.nn.LSTMCell(4, 3).state_dict().items()}
    torch.save(state | {"cell.weight_ci": torch.ones(3), "cell.weight_co": torch.ones(3)}, "peephole.pt")
    assert main(["trace", "peephole.pt", "--input", "one.npy", "--quiet"]) == 0
    (remark,) = capsys.readouterr().err.splitlines()
    assert "peephole.pt::cell: among its weights are weight_ci, weight_co, which nn.LSTMCell does not have" in remark


# ---- sessions ----


def test_a_session_is_run_as_it_was_saved(capsys: Capture, tmp_path: Path) -> None:
    setup = example_setup("hello")
    revision = Revision(setup, History().do(InputEdit(1, 0, 0.25), Hold("f", 0.0, 1)).without_undo())
    save_session(SessionContent(Document(revision)), tmp_path / "lesson.gatescope")
    assert main(["trace", str(tmp_path / "lesson.gatescope"), "--csv", str(tmp_path / "out.csv")]) == 0
    assert "values held by hand: 16" in capsys.readouterr().out
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["f"] for row in rows if row["t"] != "0"} == {"0.0"}
    line = refused(capsys, tmp_path / "lesson.gatescope", "--seed", "3")
    assert line.endswith("lesson.gatescope is run as it was saved: leave out --seed")
    assert refused(capsys, tmp_path / "none.gatescope") == f"There is no file {tmp_path / 'none.gatescope'}."
