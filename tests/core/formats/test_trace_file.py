"""The file of many traces: what is read is what was recorded, a cut one gives what is whole, and memory stays flat."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
from hypothesis import HealthCheck, given, settings, strategies as st
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

import gatescope as gs
from gatescope.formats import trace_file
from gatescope.formats.trace_file import Contents, TraceWriter, read_traces, save_trace
from gatescope.messages.message import Message
from gatescope.modules.spec import KINDS
from gatescope.traces.trace import Trace

DTYPES = [torch.float32, torch.float64, torch.float16, torch.bfloat16]


def differences(one: Any, other: Any, place: str = "trace") -> list[str]:
    """Return where two traces differ in a single bit; every field counts, but not the graph and the module that ran."""
    if isinstance(one, Tensor):
        alike = isinstance(other, Tensor) and (one.shape, one.dtype) == (other.shape, other.dtype)
        return [] if alike and bits(one) == bits(other) else [place]
    if type(one) is not type(other):
        return [place]
    if dataclasses.is_dataclass(one):
        names = [field.name for field in dataclasses.fields(one) if field.name not in ("graph", "call")]
        pairs = [(name, getattr(one, name), getattr(other, name)) for name in names]
    elif isinstance(one, dict):
        if one.keys() != other.keys():
            return [place]
        pairs = [(str(key), one[key], other[key]) for key in one]
    elif isinstance(one, tuple) and len(one) == len(other):
        pairs = [(str(index), *pair) for index, pair in enumerate(zip(one, other, strict=True))]
    else:
        return [] if one == other else [place]
    return [found for name, a, b in pairs for found in differences(a, b, f"{place}.{name}")]


def bits(tensor: Tensor) -> bytes:
    return tensor.detach().contiguous().view(-1).view(torch.uint8).numpy().tobytes()


def only_trace(path: Path) -> Trace:
    contents = read_traces(path)
    ((_, trace),) = contents.traces
    assert contents.problem is None
    return trace


def read_or_refused(path: Path) -> Contents | gs.GatescopeError:
    """Read a file; any error but a refusal in one line fails the test."""
    try:
        return read_traces(path)
    except gs.GatescopeError as error:
        found = error
    assert len(str(found).splitlines()) == 1
    assert len(str(found)) < 1000
    return found


# ------------------------------------------------------------------------------------------------- round trips


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    """Draw a trace of any module, of any layout."""
    kind, dtype = draw(st.sampled_from(KINDS)), draw(st.sampled_from(DTYPES))
    torch.manual_seed(draw(st.integers(0, 1000)))
    options: dict[str, Any] = {"bias": draw(st.booleans()), "dtype": dtype}
    if kind.startswith("RNN"):
        options["nonlinearity"] = draw(st.sampled_from(["tanh", "relu"]))
    layout = "batched" if kind.endswith("Cell") else draw(st.sampled_from(["unbatched", "batched", "packed"]))
    if not kind.endswith("Cell"):
        options |= {name: draw(st.booleans()) for name in ("batch_first", "bidirectional")}
        options["num_layers"] = draw(st.integers(1, 3))
    if kind == "LSTM":
        options["proj_size"] = draw(st.integers(0, 2))
    module = getattr(nn, kind)(3, draw(st.integers(3, 4)), **options)
    lengths = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    x = torch.randn(max(lengths), len(lengths), 3, dtype=dtype)
    tokens = draw(st.none() | st.lists(st.text(max_size=3), min_size=len(x), max_size=len(x)))
    made = gs.trace(
        module, fed(x, lengths, layout, options.get("batch_first", False), draw(st.booleans())),
        grad=draw(st.booleans()), tokens=tokens, seed=draw(st.none() | st.integers(-(2**63), 2**64)),
    )  # fmt: skip
    return dataclasses.replace(made, source=draw(st.none() | st.text(max_size=5)))


def fed(x: Tensor, lengths: list[int], layout: str, batch_first: bool, in_order: bool) -> Any:
    if layout == "packed":
        ordered = sorted(lengths, reverse=True) if in_order else lengths
        return pack_padded_sequence(x, torch.tensor(ordered), enforce_sorted=in_order)
    if layout == "unbatched":
        return x[:, 0]
    return x.transpose(0, 1) if batch_first else x


@given(traces())
@settings(max_examples=5 * settings.default.max_examples, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_read_is_what_was_saved_bit_for_bit(tmp_path: Path, trace: Trace) -> None:
    trace.save(tmp_path / "one.gates")
    read = only_trace(tmp_path / "one.gates")
    assert differences(trace, read) == []
    assert all(cell.graph is None for cell in read.cells.values())
    read.save(tmp_path / "again.gates")
    assert (tmp_path / "again.gates").read_bytes() == (tmp_path / "one.gates").read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_read_can_be_verified_and_used_as_the_trace_itself(kind: str, tmp_path: Path, small_trace: Any) -> None:
    trace = small_trace(getattr(nn, kind)(2, 3), steps=9)
    trace.save(tmp_path / "one.gates")
    read = only_trace(tmp_path / "one.gates")
    assert str(gs.verify(read).verdict) == str(gs.verify(trace).verdict)
    assert gs.verify(read).matches
    assert torch.equal(read.h_n, trace.h_n)
    assert read.output.equal(trace.output)  # type: ignore[union-attr]


def test_numbers_that_are_none_keep_their_bits(tmp_path: Path) -> None:
    x = torch.tensor([[torch.nan, -0.0], [torch.inf, 1e-42]])
    x[0, 0:1].view(torch.int32)[0] = 0x7FC12345  # a NaN that carries something
    trace = gs.trace(nn.LSTM(2, 2), x)
    trace.save(tmp_path / "one.gates")
    assert differences(trace, only_trace(tmp_path / "one.gates")) == []


def test_tokens_that_have_no_form_in_utf_8_come_back(tmp_path: Path, small_trace: Any) -> None:
    tokens = ["", "\ud800", "a\nb"]
    small_trace(tokens=tokens).save(tmp_path / "one.gates")
    assert only_trace(tmp_path / "one.gates").tokens == tuple(tokens)
    small_trace(tokens=["", "", ""]).save(tmp_path / "one.gates")
    assert only_trace(tmp_path / "one.gates").tokens == ("", "", "")


def test_a_cell_that_was_put_in_keeps_what_differs_from_the_network(tmp_path: Path, small_trace: Any) -> None:
    trace = small_trace(nn.LSTM(2, 2, 2, bidirectional=True))
    other = small_trace(nn.LSTM(2, 2, 2, bidirectional=True))
    for key, cell in other.cells.items():
        changed = trace.with_cell(cell)
        changed.save(tmp_path / "one.gates")
        read = only_trace(tmp_path / "one.gates")
        assert differences(changed, read) == []
        assert differences(other.cells[key], read.cells[key]) == []


# ------------------------------------------------------------------------------------------------- many traces


def test_traces_come_back_in_their_order_with_their_names(tmp_path: Path, small_trace: Any) -> None:
    made = [(name, small_trace(steps=steps)) for steps, name in enumerate(["a", "b", "a", "", "b"], 1)]
    with TraceWriter(tmp_path / "all.gates") as writer:
        for name, trace in made:
            writer.append(name, trace)
    read = read_traces(tmp_path / "all.gates").traces
    assert read_traces(tmp_path / "all.gates").problem is None
    assert [name for name, _ in read] == [name for name, _ in made]
    assert [differences(trace, again) for (_, trace), (_, again) in zip(made, read, strict=True)] == [[]] * 5


def test_a_file_is_continued(tmp_path: Path, small_trace: Any) -> None:
    module, path = nn.GRU(2, 2), tmp_path / "all.gates"
    made = [small_trace(module) for _ in range(4)]
    for trace in made:
        with TraceWriter(path, append=True) as writer:  # the first time there is no file
            writer.append("gru", trace)
    read = read_traces(path).traces
    assert [differences(*pair) for pair in zip(made, (trace for _, trace in read), strict=True)] == [[]] * 4
    assert len({trace.weights["weight_ih_l0"].data_ptr() for _, trace in read}) == 1  # its weights are there once


def test_without_append_a_file_is_replaced_and_who_has_it_open_keeps_it(tmp_path: Path, small_trace: Any) -> None:
    path = tmp_path / "all.gates"
    trace = small_trace(steps=5000)
    save_trace(trace, path)
    read = only_trace(path)
    with TraceWriter(path) as writer:
        writer.append("new", small_trace())
    assert [name for name, _ in read_traces(path).traces] == ["new"]
    assert differences(trace, read) == []  # would end the process if the old file had been cut


def test_weights_are_stored_once_until_they_change(tmp_path: Path, small_trace: Any) -> None:
    modules = {"one": nn.LSTM(2, 2), "two": nn.LSTM(2, 2)}
    made = []
    with TraceWriter(tmp_path / "all.gates") as writer:
        for change in (False, False, True, False):
            for name, module in modules.items():
                if change:
                    with torch.no_grad():  # -0.0 equals 0.0, but not in its bits
                        module.bias_hh_l0[0] = -0.0 if module.bias_hh_l0[0] == 0 else 0.0
                made.append(small_trace(module, grad=True))  # holds the module's own parameters
                writer.append(name, made[-1])
                made[-1] = dataclasses.replace(made[-1], weights=_copied(made[-1].weights))
    read = [trace for _, trace in read_traces(tmp_path / "all.gates").traces]
    first = [trace.weights["weight_ih_l0"].data_ptr() for trace in read]
    assert [first.index(one) for one in first] == [0, 1, 0, 1, 4, 5, 4, 5]
    for trace, again in zip(made, read, strict=True):
        assert differences(trace.weights, again.weights) == []


def _copied(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: weight.detach().clone() for name, weight in weights.items()}


# ------------------------------------------------------------------------------------------- cut and damaged


def assert_prefix(contents: Contents, whole: Contents) -> None:
    assert len(contents.traces) <= len(whole.traces)
    for (name, trace), (own, expected) in zip(contents.traces, whole.traces, strict=False):
        assert name == own
        assert differences(trace, expected) == []


def test_cut_anywhere_it_gives_what_was_complete(recording: Path, tmp_path: Path, reason_of: Any) -> None:
    whole, raw, path = read_traces(recording), recording.read_bytes(), tmp_path / "cut.gates"
    complete = []
    for size in range(len(raw)):
        path.write_bytes(raw[:size])
        found = read_or_refused(path)
        if isinstance(found, gs.GatescopeError):
            assert found.code == "trace_file_foreign" or reason_of(found) == "trace_cut"
            complete.append(0)
            continue
        assert_prefix(found, whole)
        assert found.problem is None or reason_of(found.problem) == "trace_cut"
        complete.append(len(found.traces))
    assert complete == sorted(complete)
    assert set(complete) == {0, 1, 2}


def test_what_a_cut_file_says(recording: Path, tmp_path: Path, refusal: Any) -> None:
    path, raw = tmp_path / "cut.gates", recording.read_bytes()
    path.write_bytes(raw[:-1])
    assert str(read_traces(path).problem) == f"Trace 3 in {path} cannot be read: The file ends before it does."
    path.write_bytes(raw[:100])
    error = refusal(lambda: read_traces(path))
    assert str(error) == f"Trace 1 in {path} cannot be read: The file ends before it does."


def test_a_tail_of_zeros_after_a_power_failure_is_noticed(recording: Path, tmp_path: Path, reason_of: Any) -> None:
    raw, path = bytearray(recording.read_bytes()), tmp_path / "tail.gates"
    raw[-40:] = bytes(40)
    path.write_bytes(raw)
    contents = read_traces(path)
    assert len(contents.traces) == 2
    assert reason_of(contents.problem or Message("")) == "trace_header_damaged"
    path.write_bytes(bytes(raw) + bytes(500))
    assert len(read_traces(path).traces) == 2


@given(st.data())
@settings(max_examples=12 * settings.default.max_examples, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_damaged_only_a_clear_error_or_contents_come_out(
    recording: Path, tmp_path: Path, data: st.DataObject
) -> None:
    raw, path = bytearray(recording.read_bytes()), tmp_path / "damaged.gates"
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(raw)
    found = read_or_refused(path)
    for _, trace in () if isinstance(found, gs.GatescopeError) else found.traces:
        gs.verify(trace, gates=False)
        assert trace.output is not None


@given(st.binary(max_size=300))
@settings(max_examples=3 * settings.default.max_examples, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_follows_a_trace_leaves_it_readable(recording: Path, tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "tail.gates"
    path.write_bytes(recording.read_bytes() + tail)
    contents = read_traces(path)
    assert_prefix(contents, read_traces(recording))
    assert (contents.problem is None) == (not tail)


# ------------------------------------------------------------------------------------------------- other files


@pytest.mark.parametrize("content", [b"", b"a", b"t,f,i\n1,2,3\n" * 50, bytes(500), b"\xff" * 500])
def test_what_is_no_trace_file_is_refused(content: bytes, tmp_path: Path, refusal: Any) -> None:
    (tmp_path / "file").write_bytes(content)
    assert (
        str(refusal(lambda: read_traces(tmp_path / "file"))) == f"{tmp_path / 'file'} is not a trace file of Gatescope."
    )


def test_weights_are_no_trace_file(tmp_path: Path, refusal: Any) -> None:
    safetensors.torch.save_file(nn.LSTM(2, 2).state_dict(), tmp_path / "weights.safetensors")
    assert refusal(lambda: read_traces(tmp_path / "weights.safetensors")).code == "trace_file_foreign"


def test_missing_files_folders_and_devices_are_refused(tmp_path: Path, refusal: Any) -> None:
    assert refusal(lambda: read_traces(tmp_path / "none")).code == "file_missing"
    assert refusal(lambda: read_traces(tmp_path)).code == "file_is_folder"
    assert refusal(lambda: read_traces("nul\0l")).code == "file_unreadable"
    assert refusal(lambda: TraceWriter(tmp_path)).code == "file_is_folder"
    assert refusal(lambda: TraceWriter(tmp_path, append=True)).code == "file_is_folder"
    assert refusal(lambda: TraceWriter(tmp_path / "none" / "file")).code == "file_unwritable"
    assert refusal(lambda: TraceWriter("nul\0l")).code == "file_unwritable"


@pytest.mark.skipif(sys.platform == "win32", reason="has no such devices")
def test_pipes_and_devices_are_refused_at_once(tmp_path: Path, refusal: Any) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refusal(lambda: read_traces(tmp_path / "pipe")).code == "file_special"
    for append in (False, True):
        assert refusal(lambda append=append: TraceWriter(tmp_path / "pipe", append)).code == "trace_file_special"  # type: ignore[misc]
        assert refusal(lambda append=append: TraceWriter("/dev/null", append)).code == "trace_file_special"  # type: ignore[misc]


@pytest.mark.parametrize("size", [3, 100, -1])
def test_only_a_good_file_is_continued(size: int, recording: Path, tmp_path: Path, refusal: Any) -> None:
    path = tmp_path / "cut.gates"
    path.write_bytes(recording.read_bytes()[:size])
    before = path.read_bytes()
    error = refusal(lambda: TraceWriter(path, append=True))
    assert error.code in ("trace_file_foreign", "trace_unreadable")
    assert path.read_bytes() == before


def test_a_file_without_traces_can_be_continued(tmp_path: Path, small_trace: Any) -> None:
    TraceWriter(tmp_path / "empty.gates").close()
    with TraceWriter(tmp_path / "empty.gates", append=True) as writer:
        writer.append("", small_trace())
    assert len(read_traces(tmp_path / "empty.gates").traces) == 1


# ------------------------------------------------------------------------------------------------- memory


def alone(code: str, *arguments: object) -> str:
    """Run code in a process of its own; return what it prints."""
    begin = "import resource, sys, psutil, torch, gatescope as gs\nfrom gatescope.formats.trace_file import *\n"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", begin + code, *map(str, arguments)],
        capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )  # fmt: skip
    return done.stdout.strip()


RECORD = """
trace = gs.trace(torch.nn.LSTM(8, 128), torch.randn(1000, 8, 8))  # 25 MB
with TraceWriter(sys.argv[1]) as writer:
    writer.append("lstm", trace)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(int(sys.argv[2])):
        writer.append("lstm", trace)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) // 1024)
"""
OPEN = """
process = psutil.Process()
read_traces(sys.argv[2])
before = process.memory_info().rss
traces = read_traces(sys.argv[1]).traces
print((process.memory_info().rss - before) >> 20)
traces[5][1].cell().f.sum()
print((process.memory_info().rss - before) >> 20)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted as Linux does")
def test_memory_stays_flat_while_recording_and_while_reading(recording: Path, tmp_path: Path) -> None:
    path = tmp_path / "large.gates"
    assert int(alone(RECORD, path, 11)) < 20
    assert path.stat().st_size > 280 << 20
    opened, used = map(int, alone(OPEN, path, recording).split())
    assert opened < 10
    assert used < 20


# ------------------------------------------------------------------------------------------------- taken into memory


def test_a_trace_of_a_large_file_is_taken_into_memory_as_it_is(tmp_path: Path, small_trace: Any) -> None:
    path, module = tmp_path / "all.gates", nn.LSTM(2, 3, num_layers=2, bias=False)
    with TraceWriter(path) as writer:
        for steps in (1, 4):  # the weights of the second are those of the first
            writer.append("lstm", small_trace(module, steps=steps, tokens=list("abcd"[:steps])))
    contents, fractions = read_traces(path, copied_up_to=0), list[float]()
    shown, taken = contents.traces[1][1], contents.in_memory(1, fractions.append)
    assert differences(shown, taken) == []
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    assert taken.cell(1).x is taken.cell(0).h, "what layers share is there once"
    assert taken.cell().weights.parameters.w_ih is taken.weights["weight_ih_l0"]
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
    assert not shown.x.any(), "this one shows the file"
    assert taken.x.any()
    assert contents.holds(1, shown)
    assert not contents.holds(1, taken)


def test_what_is_in_memory_already_is_not_read_again(recording: Path) -> None:
    contents = read_traces(recording)
    assert contents.in_memory(2) is contents.traces[2][1]
    assert contents.holds(2, contents.traces[2][1])


def test_what_is_larger_than_half_of_the_free_memory_stays_in_the_file(
    recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(trace_file, "is_free", asked.append)
    contents = read_traces(recording, copied_up_to=0)
    trace = contents.traces[0][1]
    assert contents.in_memory(0) is trace
    numbers = {id(one): one for one in (trace.x, *trace.weights.values(), *trace.cell().before.values())}
    held = (*numbers.values(), *trace.cell().values.values())
    assert asked == [2 * sum(one.nbytes for one in held)]


def test_what_was_cut_short_since_is_refused_by_file_and_number(
    recording: Path, tmp_path: Path, reason_of: Any
) -> None:
    path = tmp_path / "cut.gates"
    path.write_bytes(recording.read_bytes())
    contents, whole = read_traces(path, copied_up_to=0), read_traces(recording)
    os.truncate(path, path.stat().st_size - 100)
    for call in (contents.in_memory, lambda number: contents.holds(number, whole.traces[number][1])):
        with pytest.raises(gs.GatescopeError) as caught:
            call(2)
        assert reason_of(caught.value) == "trace_cut"
        assert f"Trace 3 in {path}" in str(caught.value)
    assert differences(contents.in_memory(0), whole.traces[0][1]) == []


# ------------------------------------------------------------------------------------------------- while recording


def test_each_trace_is_there_for_others_once_it_is_appended(tmp_path: Path, small_trace: Any) -> None:
    path = tmp_path / "all.gates"
    with TraceWriter(path) as writer:
        for count in range(1, 4):
            writer.append("gru", small_trace())
            code = "print(len(read_traces(sys.argv[1]).traces))"
            assert alone(code, path) == str(count)


def test_who_reads_while_it_is_written_sees_what_is_complete(tmp_path: Path, small_trace: Any, reason_of: Any) -> None:
    path, trace = tmp_path / "all.gates", small_trace(nn.LSTM(2, 64), steps=500)
    writer, seen = TraceWriter(path), []

    def record() -> None:
        for _ in range(30):
            writer.append("lstm", trace)

    writer.append("lstm", trace)
    thread = threading.Thread(target=record)
    thread.start()
    while thread.is_alive():
        contents = read_traces(path)
        assert contents.problem is None or reason_of(contents.problem) == "trace_cut"
        assert differences(trace, contents.traces[-1][1]) == []
        seen.append(len(contents.traces))
    thread.join()
    writer.close()
    assert seen == sorted(seen)
    assert len(read_traces(path).traces) == 31


FULL = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
trace = gs.trace(torch.nn.GRU(2, 2), torch.randn(1000, 2, 2))
writer = TraceWriter(sys.argv[1])
writer.append("gru", trace)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
try:
    while True:
        writer.append("gru", trace)
except gs.GatescopeError as error:
    print(error)
contents = read_traces(sys.argv[1])
print(len(contents.traces), contents.problem)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
writer.append("gru", trace)
writer.close()
contents = read_traces(sys.argv[1])
print(len(contents.traces), contents.problem)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="cannot limit the size of files")
def test_where_the_disk_refuses_the_traces_before_stay_readable(tmp_path: Path) -> None:
    said, full, after = alone(FULL, tmp_path / "all.gates").splitlines()
    assert said == (
        f"The trace could not be added to {tmp_path / 'all.gates'}: File too large. The traces before it are there."
    )
    assert (full, after) == ("2 None", "3 None")


def test_an_interrupt_leaves_no_half_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_trace: Any) -> None:
    path = tmp_path / "all.gates"
    write = trace_file.write_segment

    def interrupted(file: Any, segment: list[Tensor]) -> None:
        write(file, segment[:3])
        raise KeyboardInterrupt

    with TraceWriter(path) as writer:
        writer.append("", small_trace())
        size = path.stat().st_size
        monkeypatch.setattr(trace_file, "write_segment", interrupted)
        with pytest.raises(KeyboardInterrupt):
            writer.append("", small_trace())
        assert path.stat().st_size == size
        monkeypatch.setattr(trace_file, "write_segment", write)
        writer.append("", small_trace())
    assert len(read_traces(path).traces) == 2


def test_two_writers_do_not_spoil_a_file(tmp_path: Path, small_trace: Any, refusal: Any) -> None:
    path = tmp_path / "all.gates"
    with TraceWriter(path) as one:
        one.append("", small_trace())
        with TraceWriter(path, append=True) as other:
            other.append("", small_trace())
            error = refusal(lambda: one.append("", small_trace()))
            assert error.code == "trace_file_changed"
    contents = read_traces(path)
    assert len(contents.traces) == 2
    assert contents.problem is None


def test_a_disk_that_does_not_take_it_in_the_end_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: Any
) -> None:
    writer = TraceWriter(tmp_path / "all.gates")

    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    assert "may not be on the disk in full: No space left on device." in str(refusal(writer.close))
    writer.close()  # is closed
