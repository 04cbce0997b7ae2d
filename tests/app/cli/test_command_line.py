"""`gatescope trace` and its neighbours as scripts use them: output, exit status, one line for every error."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from gatescope.cells.kinds import CELLS
from gatescope.formats import readers
from gatescope.verification.findings import Deviation
from gatescope_app.cli.command_line import main

Capture = pytest.CaptureFixture[str]

LSTM = "nn.LSTM(4, 3)"
HELLO = ["trace", LSTM, "--text", "hello"]


def refused(capsys: Capture, arguments: list[str]) -> str:
    """Run a command that is bad input: one line on standard error, status 2. Return the line without its start."""
    try:
        status: object = main(arguments)
    except SystemExit as exit_:  # as argparse leaves
        status = exit_.code
    output = capsys.readouterr()
    assert status == 2
    assert output.out == ""
    assert output.err.startswith("gatescope: ")
    assert output.err.endswith("\n")
    assert len(output.err.splitlines()) == 1
    return output.err.removeprefix("gatescope: ").strip()


def alone(*arguments: str, code: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command, or code in its place, in an interpreter of its own."""
    start = ["-c", code] if code else ["-m", "gatescope_app"]
    inherited = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    inherited.pop("QT_QPA_PLATFORM", None)
    paths = os.pathsep.join(path for path in sys.path if path)
    return subprocess.run(
        [sys.executable, *start, *arguments], capture_output=True, text=True, check=False,
        env={**inherited, "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8", **environment}, encoding="utf-8",
    )  # fmt: skip


@pytest.fixture(autouse=True)
def own_random_state() -> Iterator[None]:
    """Keep the seeds set here from other tests."""
    with torch.random.fork_rng(devices=[]):
        yield


# ---- what it prints ----


def test_a_table_of_the_steps_and_the_verdict(capsys: Capture) -> None:
    assert main(HELLO) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "nn.LSTM(4, 3)  seed 0  IEEE float32"
    assert lines[1] == "layer 0, forward, batch element 0"
    assert lines[2].split() == ["t", "token", "unit", "f", "i", "c_tilde", "c", "o", "h"]
    body = lines[3:-3]
    assert len(body) == 5 * 3
    assert [line.split()[:3] for line in body[::3]] == [[str(t), token, "0"] for t, token in enumerate("hello")]
    assert lines[-3].startswith("matches nn.LSTM (")
    assert lines[-2].startswith("largest difference ")
    assert re.fullmatch(r"would have seen a constant error of (\S+ in (f|i|c_tilde|c|o|h)(, )?){6}", lines[-1])


def test_the_numbers_are_those_of_nn_lstm(capsys: Capture) -> None:
    main(["trace", LSTM, "--text", "hello", "--seed", "3"])
    table = [line.split() for line in capsys.readouterr().out.splitlines()[3:-3]]
    torch.manual_seed(3)
    output, _ = torch.nn.LSTM(4, 3)(torch.eye(4)[[1, 0, 2, 2, 3]])
    assert [float(row[-1]) for row in table] == pytest.approx(output.detach().flatten().tolist(), abs=1e-4)


def test_a_long_table_is_cut_in_the_middle_and_a_wide_one_at_the_side(capsys: Capture, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros((100, 2)))
    assert main(["trace", "nn.LSTM(2, 9, num_layers=2, bidirectional=True)", "--input", str(tmp_path / "x.npy")]) == 0
    lines = capsys.readouterr().out.splitlines()
    heads = [line for line in lines if line.startswith("layer")]
    assert heads == [
        f"layer 1, {direction}, batch element 0, units 0 to 3 of 9" for direction in ("forward", "reverse")
    ]
    assert len(lines) < 160
    assert [line.strip() for line in lines].count("...") == 2
    steps = [int(line.split()[0]) for line in lines if line[:13].strip().isdecimal()]
    assert steps == 2 * [*range(8), *range(92, 100)]


def test_with_a_projection_the_missing_h_stays_empty(capsys: Capture) -> None:
    assert main(["trace", "nn.LSTM(4, 3, proj_size=1)", "--text", "hello"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[3:-3]]
    assert [len(row) for row in rows[:3]] == [9, 6, 6]


def test_quiet_prints_the_verdict_only(capsys: Capture) -> None:
    assert main([*HELLO, "--quiet"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("matches nn.LSTM (")


@pytest.mark.parametrize("constructor", ["torch.nn.LSTM(4, 3)", "LSTM(input_size=4, hidden_size=3)", " nn.LSTM(4,3) "])
def test_the_constructor_is_taken_as_people_write_it(capsys: Capture, constructor: str) -> None:
    assert main(["trace", constructor, "--text", "hello"]) == 0
    assert capsys.readouterr().out.startswith("nn.LSTM(4, 3)  seed 0")


# ---- exit status ----


def test_nan_in_the_input_cannot_be_compared_and_is_status_1(capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("1,2\n3,nan\n5,6\n")
    assert main(["trace", "nn.LSTM(2, 3)", "--input", str(tmp_path / "x.csv")]) == 1
    assert "cannot compare from t = 1 on: NaN or infinity appears in x" in capsys.readouterr().out


def test_a_difference_is_status_1(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    cell = type(next(cell for cell in CELLS if cell.name == "LSTM"))
    monkeypatch.setattr(
        cell, "memory", lambda _self, gates, before, scan: {"c": scan(gates["i"], gates["f"], before["c"])}
    )
    assert main([*HELLO, "--quiet"]) == 1
    assert capsys.readouterr().out.startswith("does not match nn.LSTM: first at t = 0, ")


def test_a_deviation_is_status_1_and_says_what_would_have_been_seen(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Deviation(1.2e-5, 3e-6, 2, 0, 0, "forward", "f", 1)
    monkeypatch.setattr("gatescope.verification.report.find_deviation", lambda *_: found)
    assert main([*HELLO, "--quiet"]) == 1
    quiet = capsys.readouterr().out.splitlines()
    assert len(quiet) == 2
    assert "deviates by more than rounding is likely to: f of unit 1 by 1.2e-05 at t = 2" in quiet[0]
    assert main(HELLO) == 1
    loud = capsys.readouterr().out.splitlines()
    assert loud[-3:-1] == quiet
    assert loud[-1].startswith("would have seen a constant error of ")


# ---- options ----


def test_csv_is_written_with_its_origin_beside_it(capsys: Capture, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert main([*HELLO, "--csv", str(path), "--seed", "5"]) == 0
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert "".join(row["token"] for row in rows[::3]) == "hello"
    origin = json.loads((tmp_path / "out.csv.json").read_text())
    assert (origin["module"], origin["seed"], origin["verdict"]) == (LSTM, 5, "matches")
    assert "deviation" not in origin
    assert main([*HELLO, "--csv", str(path), "--layout", "wide"]) == 0
    assert path.read_text().startswith("t,token,batch,l0.forward.f.0,")
    capsys.readouterr()


def test_dtype_seed_and_device_are_named(capsys: Capture) -> None:
    assert main([*HELLO, "--dtype", "float64", "--device", "cpu", "--seed", "12"]) == 0
    start = capsys.readouterr().out.splitlines()[0]
    assert start == "nn.LSTM(4, 3, dtype=torch.float64)  seed 12  IEEE float64"


def test_auto_takes_what_there_is(capsys: Capture) -> None:
    assert main([*HELLO, "--device", "auto"]) == 0
    assert ("cuda" in capsys.readouterr().out) == torch.cuda.is_available()


def test_initial_states_are_used(capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / "h0.csv").write_text("0.5,-0.5,0.25\n")
    np.save(tmp_path / "c0.npy", np.array([[2.0, 0.0, -1.0]]))
    states = ["--h0", str(tmp_path / "h0.csv"), "--c0", str(tmp_path / "c0.npy")]
    assert main([*HELLO, *states]) == 0
    first = capsys.readouterr().out.splitlines()[3].split()
    torch.manual_seed(0)
    _, (h, _) = torch.nn.LSTM(4, 3)(
        torch.eye(4)[[1]], (torch.tensor([[0.5, -0.5, 0.25]]), torch.tensor([[2.0, 0.0, -1.0]]))
    )
    assert float(first[-1]) == pytest.approx(h[0, 0].item(), abs=1e-4)
    assert main([*HELLO, *states[2:], "--quiet"]) == 0  # one of the two is enough


def test_an_example_brings_its_network_and_a_seed_asks_for_new_weights(capsys: Capture) -> None:
    outputs = []
    for arguments in (
        ["--example", "hello"],
        ["--example", "hello", "--seed", "1"],
        ["nn.LSTM(4, 2)", "--example", "hello"],
    ):
        assert main(["trace", *arguments]) == 0
        outputs.append(capsys.readouterr().out)
    assert len(set(outputs)) == 3
    assert outputs[2].startswith("nn.LSTM(4, 2)  seed 0")


def test_a_batch_is_traced_whole_and_its_first_element_shown(capsys: Capture, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.random.default_rng(0).normal(size=(3, 5, 2)))
    arguments = ["trace", "nn.LSTM(2, 2, batch_first=True)", "--input", str(tmp_path / "x.npy")]
    assert main([*arguments, "--csv", str(tmp_path / "out.csv")]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3 + 5 * 2 + 3
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 1 + 3 * 5 * 2


# ---- bad input: every row of the table that a command line can meet ----

BAD_ARGUMENTS: dict[str, tuple[list[str], str]] = {
    "size of zero": (["trace", "nn.LSTM(0, 3)", "--text", "a"], "input_size must be ≥ 1, but it is 0."),
    "size below zero": (["trace", "nn.LSTM(4, -3)", "--text", "a"], "hidden_size must be ≥ 1, but it is -3."),
    "size not whole": (["trace", "nn.LSTM(4, 2.5)", "--text", "a"], "hidden_size must be a whole number"),
    "size absurd": (["trace", "nn.LSTM(4, 10000000)", "--text", "hello"], "of memory, but this machine has"),
    "size beyond all": (["trace", f"nn.LSTM(4, {'9' * 400})", "--text", "hello"], "hidden_size must be 1 … 2^63 - 1"),
    "dropout": (["trace", "nn.LSTM(4, 3, dropout=2)", "--text", "hello"], "dropout must be 0 … 1, but it is 2."),
    "projection": (["trace", "nn.LSTM(4, 3, proj_size=3)", "--text", "hello"], "smaller than hidden_size 3"),
    "code": (["trace", "nn.LSTM(__import__('os'), 3)", "--text", "hello"], "__import__('os')"),
    "unknown argument": (["trace", "nn.LSTM(4, 3, layers=2)", "--text", "hello"], "no argument layers"),
    "expression": (["trace", "nn.LSTM(4, 2 + 1)", "--text", "hello"], "2 + 1"),
    "another class": (["trace", "nn.Linear(4, 3)", "--text", "hello"], "nn.Linear"),
    "c0 of a GRU": (["trace", "nn.GRU(4, 3)", "--text", "hello", "--c0", "good.csv"], "nn.GRU has no c0"),
    "TF32 on the CPU": ([*HELLO, "--arithmetic", "tf32"], "TF32 is computed on CUDA devices only"),
    "nonlinearity of an LSTM": ([*HELLO, "--nonlinearity", "relu"], "nn.LSTM has no nonlinearity to choose: leave out"),
    "not Python": (["trace", "nn.LSTM(4,\n3", "--text", "hello"], "cannot be read near character"),
    "no constructor": (["trace", "--text", "hello"], "Type a constructor"),
    "empty constructor": (["trace", "", "--text", "hello"], "Type a constructor"),
    "empty text": (["trace", LSTM, "--text", ""], "The sequence is empty"),
    "width of text": (["trace", LSTM, "--text", "abc"], "Each step has 3 values, but the network takes 4"),
    "no sequence": (["trace", LSTM], "one of the arguments --text --input --example is required"),
    "two sequences": (["trace", LSTM, "--text", "hello", "--example", "hello"], "not allowed with"),
    "unknown example": (["trace", "--example", "nothing"], "latch"),
    "example's width": (["trace", "nn.LSTM(9, 3)", "--example", "hello"], "the network takes 9"),
    "seed": ([*HELLO, "--seed", "-1"], "seed must be 0 … 2^63 - 1"),
    "seed too large": ([*HELLO, "--seed", str(2**63)], "seed must be 0 … 2^63 - 1"),
    "seed of words": ([*HELLO, "--seed", "one"], "invalid int value: 'one'"),
    "dtype": ([*HELLO, "--dtype", "float8"], "invalid choice: 'float8'"),
    "device": ([*HELLO, "--device", "gpu"], "device must be cpu, cuda or cuda:N, but it is gpu."),
    "layout": ([*HELLO, "--layout", "tall"], "invalid choice: 'tall'"),
    "unknown option": ([*HELLO, "--nothing"], "unrecognized arguments: --nothing"),
    "unknown command": (["step", "it"], "unrecognized arguments: it"),
    "missing file": (["trace", LSTM, "--input", "missing.csv"], "There is no file missing.csv."),
    "a folder": (["trace", LSTM, "--input", "."], ". is a folder"),
    "another ending": (["trace", LSTM, "--input", "notes.txt"], "must end in .csv, .npy"),
    "empty file": (["trace", LSTM, "--input", "empty.csv"], "empty.csv: The sequence is empty"),
    "ragged": (["trace", LSTM, "--input", "ragged.csv"], "ragged.csv: Row 2 has 3 values, but"),
    "not numeric": (["trace", LSTM, "--input", "words.csv"], "words.csv: Row 2, column 3 is not a number: 'x'"),
    "width of a file": (["trace", "nn.LSTM(2, 3)", "--input", "good.csv"], "Each step has 4 values, but"),
    "binary": (["trace", LSTM, "--input", "binary.csv"], "not a CSV text file"),
    "not npy": (["trace", LSTM, "--input", "text.npy"], "not a NumPy .npy file"),
    "objects": (["trace", LSTM, "--input", "objects.npy"], "never unpickled"),
    "h0 of wrong shape": ([*HELLO, "--h0", "good.csv"], "h0 must have the shape (1, 3), but it has (2, 4)."),
    "c0 of wrong shape": ([*HELLO, "--c0", "good.csv"], "c0 must have the shape (1, 3), but it has (2, 4)."),
    "h0 missing": ([*HELLO, "--h0", "missing.npy"], "There is no file missing.npy."),
    "c0 not numeric": ([*HELLO, "--c0", "words.csv"], "Row 2, column 3"),
    "name with a line break": (["trace", LSTM, "--input", "a\nb.csv"], "There is no file a\\nb.csv."),
}  # fmt: skip


@pytest.fixture
def bad_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a folder with files that are wrong in many ways."""
    contents = {
        "notes.txt": b"1,2,3,4", "empty.csv": b"", "ragged.csv": b"1,2,3,4\n1,2,3\n",
        "words.csv": b"1,2,3,4\n1,2,x,4\n", "good.csv": b"1,2,3,4\n5,6,7,8\n", "binary.csv": b"\x89PNG\0\xff",
        "text.npy": b"1,2,3,4",
    }  # fmt: skip
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    np.save(tmp_path / "objects.npy", np.array([{}, []], dtype=object), allow_pickle=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("bad_files")
@pytest.mark.parametrize("name", BAD_ARGUMENTS)
def test_bad_input_is_one_line_and_status_2(capsys: Capture, name: str) -> None:
    arguments, words = BAD_ARGUMENTS[name]
    assert words in refused(capsys, arguments)


@pytest.mark.skipif(torch.cuda.is_available(), reason="a CUDA device is here")
def test_cuda_where_there_is_none_says_so(capsys: Capture) -> None:
    assert refused(capsys, [*HELLO, "--device", "cuda"]).startswith("There is no CUDA device cuda: ")


@pytest.mark.parametrize("target", ["missing/out.csv", "."])
def test_an_export_that_cannot_be_written_is_one_line_and_status_2(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    assert main([*HELLO, "--csv", target]) == 2
    error = capsys.readouterr().err
    assert error.startswith("gatescope: ")
    assert len(error.splitlines()) == 1
    assert sorted(tmp_path.iterdir()) == before


def test_an_interrupt_is_one_line(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gatescope_app.cli.trace_command.run", interrupt)
    assert refused(capsys, HELLO) == "stopped"


# ---- in an interpreter of its own ----

WITHOUT_QT = """
import sys
for name in ("PySide6", "shiboken6", "pyqtgraph", "qtawesome"):
    sys.modules[name] = None  # as if it were not installed
from gatescope.formats import readers
from gatescope.verification.findings import Deviation
from gatescope_app.cli.command_line import main
sys.exit(main(sys.argv[1:]))
"""


def test_trace_needs_no_qt() -> None:
    done = alone(*HELLO, "--quiet", code=WITHOUT_QT)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("matches nn.LSTM (")


def test_the_window_without_the_gui_extra_says_what_to_install() -> None:
    done = alone(code=WITHOUT_QT)
    assert done.returncode == 2
    assert done.stderr == "gatescope: the window needs Qt; install it with: pip install 'gatescope[gui]'\n"


def test_the_demo_without_qt_writes_its_csv_and_says_why_there_is_no_picture(tmp_path: Path) -> None:
    done = alone("demo", "--out", str(tmp_path / "out"), code=WITHOUT_QT)
    assert (done.returncode, done.stderr) == (0, "")
    assert "no picture: the window needs Qt" in done.stdout
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["hello.csv", "hello.csv.json"]


def test_the_demo_refuses_a_place_that_cannot_be_a_folder(capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "file" in refused(capsys, ["demo", "--out", str(tmp_path / "file")])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there always is a screen")
def test_the_window_without_a_screen_says_so() -> None:
    pytest.importorskip("PySide6.QtCore", reason="without Qt another message comes first")
    done = alone()
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "there is no screen" in done.stderr
    assert "'gatescope demo'" in done.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_tokens_that_the_console_cannot_show_are_no_error(encoding: str) -> None:
    done = alone("trace", "nn.LSTM(2, 2)", "--text", "你好", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert ("你" if encoding == "utf-8" else "\\u4f60") in done.stdout


def test_bad_input_leaves_no_traceback(bad_files: Path) -> None:
    done = alone("trace", LSTM, "--input", str(bad_files / "ragged.csv"))
    assert done.returncode == 2
    assert done.stderr == f"gatescope: {bad_files / 'ragged.csv'}: Row 2 has 3 values, but the rows before it have 4.\n"


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "gatescope_app", *HELLO], stdout=writing, stderr=subprocess.PIPE, text=True, check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )  # fmt: skip
    os.close(writing)
    assert done.stderr == ""
    assert done.returncode == 0


@pytest.mark.parametrize("arguments", [["--help"], ["trace", "--help"], ["demo", "--help"]])
def test_help_is_there(capsys: Capture, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith("usage: gatescope")


@pytest.mark.parametrize("arguments", [["--help"], ["trace", "--help"]])
def test_help_names_the_endings_of_every_reader(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    further = readers.Reader("sequence", (".slashes",), "csv_reader.read_csv")
    monkeypatch.setattr(readers, "READERS", (*readers.READERS, further))
    with pytest.raises(SystemExit):
        main(arguments)
    assert {".csv,", ".npy,", ".slashes", ".pt,", ".ckpt,"} <= set(re.findall(r"\.\w+,?", capsys.readouterr().out))


def test_a_reader_that_has_seen_enough_changes_neither_the_status_nor_the_file(tmp_path: Path) -> None:
    csv = tmp_path / "out.csv"
    command = [sys.executable, "-m", "gatescope_app", "trace", "nn.LSTM(1, 3)", "--input", "x.csv", "--csv", str(csv)]
    (tmp_path / "x.csv").write_text("1\nnan\n")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait() == 1
    assert csv.exists()


def test_what_is_unexpected_does_not_look_like_a_verdict(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("gatescope_app.cli.trace_command.run", lambda _setup: 1 / 0)
    assert main(["trace", "--example", "hello"]) == 3
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_trained_weights_are_not_called_a_seed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "--example", "hello"]) == 0
    assert capsys.readouterr().out.startswith("nn.LSTM(4, 4)  trained weights  IEEE float32")


@pytest.mark.skipif(sys.platform == "win32", reason="has no such names")
def test_no_name_acts_on_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a name holds, a command prints only what can be seen, in lines."""
    monkeypatch.chdir(tmp_path)
    evil = "-\x1b]0;x\x07\x1b[31m\u202e\n\udcff"
    longest = "x" * (255 - len(".csv"))
    np.savetxt(f"{evil}.csv", np.ones((3, 4)), delimiter=",")
    np.savetxt(f"{longest}.csv", np.ones((3, 4)), delimiter=",")
    utf8 = evil.replace("\udcff", "")  # what reads checkpoints takes no other names
    for name in (evil, utf8):
        with open(f"{name}.pt", "wb") as file:
            torch.save(torch.nn.LSTM(4, 3).state_dict(), file)
    commands = {
        ("trace", LSTM, f"--input={evil}.csv", f"--csv={evil}out.csv"): 0,
        ("trace", f"./{utf8}.pt", f"--input={evil}.csv"): 0,
        ("trace", f"./{evil}.pt", f"--input={evil}.csv"): 2,
        ("trace", LSTM, f"--input={longest}.csv"): 0,
        ("trace", LSTM, f"--input={evil}.none"): 2,
        ("trace", LSTM, f"--input={evil}gone.csv"): 2,
        ("trace", f"{evil}", "--text=hello"): 2,
        ("trace", f"./{evil}.pt::{evil}", f"--input={evil}.csv"): 2,
        ("trace", f"./{evil}.gates"): 2,
        ("trace", LSTM, f"--example={evil}"): 2,
        ("trace", LSTM, "--text=hello", f"--csv={longest}xxx.csv"): 2,
        ("demo", f"--out={evil}.csv"): 2,
        (f"./{evil}.txt",): 2,
        ("trace", LSTM, "--text=hell", evil): 2,
    }
    program = "import sys; from gatescope_app.cli.command_line import main; sys.exit(main())"
    for arguments, status in commands.items():
        ended = alone(*arguments, code=program, QT_QPA_PLATFORM="offscreen")
        assert ended.returncode == status, (arguments, ended.stderr)
        for line in (ended.stdout + ended.stderr).split("\n"):
            assert line.isprintable(), (arguments, line)
        assert ended.stderr.count("\n") == (1 if status else 0)
    assert (tmp_path / f"{evil}out.csv").exists()


INTERRUPTED = """
import os, signal, sys

def interrupt(*_):
    os.kill(os.getpid(), signal.SIGINT)

{when}
from gatescope_app.__main__ import main
sys.exit(main())
"""
IN_RUN = """
import gatescope_app.cli.trace_command as command
run = command.run
command.run = lambda setup: (interrupt(), run(setup))[1]
"""
IN_FILE = """
import gatescope.formats.csv_export as export
frames = export.frames
export.frames = lambda *arguments: (interrupt(), frames(*arguments))[1]
"""
IN_IMPORT = """
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "gatescope_app.cli.command_line":
            interrupt()
sys.meta_path.insert(0, Finder())
"""
IN_PICTURE = """
import gatescope_app.pictures.offscreen_stage as stage
save = stage.save_picture

def save_picture(*arguments):
    from PySide6.QtCore import QTimer
    stage.make_application()
    QTimer.singleShot(100, interrupt)  # within what Qt calls
    save(*arguments)

stage.save_picture = save_picture
"""


@pytest.mark.skipif(sys.platform == "win32", reason="interrupts otherwise")
@pytest.mark.parametrize("when", [IN_RUN, IN_FILE, IN_IMPORT], ids=["run", "file", "import"])
def test_an_interrupt_is_one_line_and_leaves_no_half_file(tmp_path: Path, when: str) -> None:
    (tmp_path / "out.csv").write_text("older")
    ended = alone(*HELLO, "--csv", str(tmp_path / "out.csv"), code=INTERRUPTED.format(when=when))
    assert (ended.returncode, ended.stderr) == (2, "gatescope: stopped\n")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"out.csv": "older"}


@pytest.mark.skipif(sys.platform == "win32", reason="interrupts otherwise")
def test_an_interrupt_while_qt_draws_waits_for_the_picture(tmp_path: Path) -> None:
    ended = alone("demo", "--out", str(tmp_path / "out"), code=INTERRUPTED.format(when=IN_PICTURE))
    assert (ended.returncode, ended.stderr.splitlines()[-1:]) == (2, ["gatescope: stopped"])
    assert "Traceback" not in ended.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["hello.csv", "hello.csv.json", "hello.png"]
