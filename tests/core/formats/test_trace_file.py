"""The trace file: what is read is what was recorded, a damaged file gives a clear error, and memory stays flat."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import safetensors.torch
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

import gatescope as gs
from gatescope.formats import trace_file
from gatescope.formats.trace_file import Contents, TraceWriter, read_traces, save_trace
from gatescope.messages.message import Message
from gatescope.modules.spec import KINDS
from gatescope.traces.trace import CellTrace, Trace

DTYPES = [torch.float32, torch.float64, torch.float16, torch.bfloat16]
MIB = 1 << 20


# ------------------------------------------------------------------------------------------------- helpers


def differences(one: Any, other: Any, place: str = "trace") -> list[str]:
    """Return where two traces differ in a single bit; every field of every part counts, but not the graph."""
    if isinstance(one, Tensor):
        alike = isinstance(other, Tensor) and (one.shape, one.dtype) == (other.shape, other.dtype)
        return [] if alike and bits(one) == bits(other) else [place]
    if type(one) is not type(other):
        return [place]
    if dataclasses.is_dataclass(one):
        names = [field.name for field in dataclasses.fields(one) if field.name != "graph"]
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


def small_trace(module: nn.Module | None = None, steps: int = 3, **options: Any) -> Trace:
    module = nn.GRU(2, 2) if module is None else module
    dtype = next(module.parameters()).dtype
    return gs.trace(module, torch.randn(steps, 2, 2, dtype=dtype), **options)  # type: ignore[arg-type]


def only_trace(path: Path) -> Trace:
    ((_, trace),), problem = read_traces(path)
    assert problem is None
    return trace


def refusal(call: Callable[[], object]) -> gs.GatescopeError:
    with pytest.raises(gs.GatescopeError) as caught:
        call()
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


def read_or_refused(path: Path) -> Contents | gs.GatescopeError:
    """Read a file; any error but a refusal in one line fails the test."""
    try:
        return read_traces(path)
    except gs.GatescopeError as error:
        found = error
    assert len(str(found).splitlines()) == 1
    assert len(str(found)) < 1000
    return found


def reason_of(problem: Message | gs.GatescopeError) -> str:
    message = problem.message if isinstance(problem, gs.GatescopeError) else problem
    assert message.code == "trace_unreadable"
    reason: Message = message.params["reason"]
    return reason.code


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of three traces of two modules; the third has the weights of the first."""
    path = tmp_path_factory.mktemp("recording") / "small.gates"
    lstm = nn.LSTM(2, 1)
    with TraceWriter(path) as writer:
        writer.append("encoder", small_trace(lstm, steps=1))
        writer.append("decoder", small_trace(nn.RNN(2, 1), steps=1, tokens=["é"]))
        writer.append("encoder", small_trace(lstm, steps=2))
    return path


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
def test_what_is_read_can_be_verified_and_used_as_the_trace_itself(kind: str, tmp_path: Path) -> None:
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


def test_tokens_that_have_no_form_in_utf_8_come_back(tmp_path: Path) -> None:
    tokens = ["", "\ud800", "a\nb"]
    small_trace(tokens=tokens).save(tmp_path / "one.gates")
    assert only_trace(tmp_path / "one.gates").tokens == tuple(tokens)
    small_trace(tokens=["", "", ""]).save(tmp_path / "one.gates")
    assert only_trace(tmp_path / "one.gates").tokens == ("", "", "")


def test_a_cell_that_was_put_in_keeps_what_differs_from_the_network(tmp_path: Path) -> None:
    trace = small_trace(nn.LSTM(2, 2, 2, bidirectional=True))
    other = small_trace(nn.LSTM(2, 2, 2, bidirectional=True))
    for key, cell in other.cells.items():
        changed = trace.with_cell(cell)
        changed.save(tmp_path / "one.gates")
        read = only_trace(tmp_path / "one.gates")
        assert differences(changed, read) == []
        assert differences(other.cells[key], read.cells[key]) == []


def test_a_trace_that_does_not_fit_its_network_is_not_saved(tmp_path: Path) -> None:
    trace = small_trace()
    cell = trace.cell()
    values = {**cell.values, "h": cell.h.double()}
    error = refusal(lambda: trace.with_cell(dataclasses.replace(cell, values=values)).save(tmp_path / "one.gates"))
    assert str(error) == "l0.forward.h must be torch.float32 (3, 2, 2), but it is torch.float64 (3, 2, 2)."
    values.pop("h")
    error = refusal(lambda: trace.with_cell(dataclasses.replace(cell, values=values)).save(tmp_path / "one.gates"))
    assert str(error) == "l0.forward.h is missing."
    assert not list(tmp_path.iterdir())


def test_a_file_of_one_trace_is_a_safetensors_file(tmp_path: Path) -> None:
    trace = small_trace(nn.LSTM(2, 3, dtype=torch.bfloat16), tokens=["a", "b", "c"])
    save_trace(trace, tmp_path / "one.safetensors")
    read = safetensors.torch.load_file(tmp_path / "one.safetensors")
    assert torch.equal(read["l0.forward.c_tilde"], trace.cell().c_tilde)
    assert torch.equal(read["weights.weight_hh_l0"], trace.weights["weight_hh_l0"])


def test_what_follows_from_the_rest_is_not_written(tmp_path: Path) -> None:
    save_trace(small_trace(nn.RNN(2, 64, 4), steps=100), tmp_path / "one.gates")
    read = safetensors.torch.load_file(tmp_path / "one.gates")
    assert [name for name in read if name.endswith(".x")] == []
    save_trace(small_trace(nn.RNN(2, 64, 2, bidirectional=True)), tmp_path / "one.gates")
    read = safetensors.torch.load_file(tmp_path / "one.gates")
    assert [name for name in read if name.endswith(".x")] == ["l1.forward.x"]


# ------------------------------------------------------------------------------------------------- many traces


def test_traces_come_back_in_their_order_with_their_names(tmp_path: Path) -> None:
    made = [(name, small_trace(steps=steps)) for steps, name in enumerate(["a", "b", "a", "", "b"], 1)]
    with TraceWriter(tmp_path / "all.gates") as writer:
        for name, trace in made:
            writer.append(name, trace)
    read, problem = read_traces(tmp_path / "all.gates")
    assert problem is None
    assert [name for name, _ in read] == [name for name, _ in made]
    assert [differences(trace, again) for (_, trace), (_, again) in zip(made, read, strict=True)] == [[]] * 5


def test_a_file_is_continued(tmp_path: Path) -> None:
    module, path = nn.GRU(2, 2), tmp_path / "all.gates"
    made = [small_trace(module) for _ in range(4)]
    for trace in made:
        with TraceWriter(path, append=True) as writer:  # the first time there is no file
            writer.append("gru", trace)
    read, _ = read_traces(path)
    assert [differences(*pair) for pair in zip(made, (trace for _, trace in read), strict=True)] == [[]] * 4
    assert len({trace.weights["weight_ih_l0"].data_ptr() for _, trace in read}) == 1  # its weights are there once


def test_without_append_a_file_is_replaced_and_who_has_it_open_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "all.gates"
    trace = small_trace(steps=5000)
    save_trace(trace, path)
    read = only_trace(path)
    with TraceWriter(path) as writer:
        writer.append("new", small_trace())
    assert [name for name, _ in read_traces(path).traces] == ["new"]
    assert differences(trace, read) == []  # would end the process if the old file had been cut


def test_weights_are_stored_once_until_they_change(tmp_path: Path) -> None:
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


def test_a_change_in_one_bit_of_the_weights_is_seen(tmp_path: Path) -> None:
    module = nn.RNN(2, 2)
    torch.nn.init.zeros_(module.bias_hh_l0)
    with TraceWriter(tmp_path / "all.gates") as writer:
        writer.append("", small_trace(module))
        torch.nn.init.constant_(module.bias_hh_l0, -0.0)
        writer.append("", small_trace(module))
    _, last = [trace for _, trace in read_traces(tmp_path / "all.gates").traces]
    assert torch.signbit(last.weights["bias_hh_l0"]).all()


# ------------------------------------------------------------------------------------------- cut and damaged


def assert_prefix(contents: Contents, whole: Contents) -> None:
    assert len(contents.traces) <= len(whole.traces)
    for (name, trace), (own, expected) in zip(contents.traces, whole.traces, strict=False):
        assert name == own
        assert differences(trace, expected) == []


def test_cut_anywhere_it_gives_what_was_complete(recording: Path, tmp_path: Path) -> None:
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


def test_what_a_cut_file_says(recording: Path, tmp_path: Path) -> None:
    path, raw = tmp_path / "cut.gates", recording.read_bytes()
    path.write_bytes(raw[:-1])
    assert str(read_traces(path).problem) == f"Trace 3 in {path} cannot be read: The file ends before it does."
    path.write_bytes(raw[:100])
    error = refusal(lambda: read_traces(path))
    assert str(error) == f"Trace 1 in {path} cannot be read: The file ends before it does."


def test_a_tail_of_zeros_after_a_power_failure_is_noticed(recording: Path, tmp_path: Path) -> None:
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


# ------------------------------------------------------------------------------------------------- hostile headers

Change = Callable[[dict[str, Any], dict[str, Any]], object]


def forged(path: Path, trace: Trace, change: Change) -> Path:
    """Save a trace with a header that was changed, and a checksum that is right for it."""
    save_trace(trace, path)
    raw = path.read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:start])
    said = json.loads(header["__metadata__"]["trace"])
    change(header, said)
    if isinstance(header.get("__metadata__"), dict):
        header["__metadata__"]["trace"] = json.dumps(said)
    return sealed(path, json.dumps(header).encode(), raw[start:-8])


def sealed(path: Path, header: bytes, tensors: bytes) -> Path:
    header += b" " * (-(8 + len(header)) % 64)
    header = len(header).to_bytes(8, "little") + header
    path.write_bytes(header + tensors + b"done" + zlib.crc32(header).to_bytes(4, "little"))
    return path


def swap(key: str, **entry: Any) -> Change:
    return lambda header, _: header[key].update(entry)


def say(**values: Any) -> Change:
    return lambda _, said: said.update(values)


def say_of(key: str, **values: Any) -> Change:
    return lambda _, said: said[key].update(values)


def forget(key: str) -> Change:
    return lambda header, _: header.pop(key)


HOSTILE: dict[str, tuple[Change, str]] = {
    "no x": (forget("x"), "trace_value_wrong"),  # what comes after is then elsewhere
    "an unknown kind": (say_of("spec", kind="Transformer"), "kind_unknown"),
    "a kind that is a list": (say_of("spec", kind=["LSTM"]), "trace_value_wrong"),
    "another kind": (say_of("spec", kind="LSTM"), "trace_part_wrong"),
    "another nonlinearity": (say_of("spec", nonlinearity="relu"), "not_of_this_module"),
    "a class to make": (say_of("spec", __class__="os.system"), "trace_value_wrong"),
    "no hidden_size": (lambda _, said: said["spec"].pop("hidden_size"), "trace_value_wrong"),
    "another hidden_size": (say_of("spec", hidden_size=3), "trace_part_wrong"),
    "a negative hidden_size": (say_of("spec", hidden_size=-2), "out_of_range"),
    "a hidden_size that is text": (say_of("spec", hidden_size="2"), "not_whole"),
    "an absurd hidden_size": (say_of("spec", hidden_size=2**40), "too_much_memory"),
    "a hidden_size beyond everything": (say_of("spec", hidden_size=10**90), "out_of_range"),
    "a hidden_size of 4000 digits": (say_of("spec", hidden_size=10**4000), "trace_value_wrong"),
    "many layers": (say_of("spec", num_layers=10**6), "trace_value_wrong"),
    "absurdly many layers": (say_of("spec", num_layers=10**12), "too_much_memory"),
    "one layer more": (say_of("spec", num_layers=2), "trace_value_wrong"),
    "another dtype": (say_of("spec", dtype="float64"), "trace_part_wrong"),
    "a dtype of the system": (say_of("spec", dtype="load"), "dtype_unsupported"),
    "a huge device": (say_of("spec", device="cuda" * 10**6), "trace_value_wrong"),
    "a device that is none": (say_of("spec", device="disk"), "device_unknown"),
    "a spec that is a list": (say(spec=[1, 2]), "trace_value_wrong"),
    "a name that is a number": (say(name=3), "trace_value_wrong"),
    "a seed that is a fraction": (say(seed=0.5), "trace_value_wrong"),
    "a seed that is true": (say(seed=True), "trace_value_wrong"),
    "batched that is 1": (say(batched=1), "trace_value_wrong"),
    "unbatched with two elements": (say(batched=False), "trace_value_wrong"),
    "in order without lengths": (say(in_order=True), "trace_value_wrong"),
    "weights of itself": (say(weights_in=0), "trace_value_wrong"),
    "weights of no trace": (say(weights_in=-1), "trace_value_wrong"),
    "no source": (lambda _, said: said.update(source=["a"]), "trace_value_wrong"),
    "kernels of more cells": (say(h_from_kernel=[True, True]), "trace_value_wrong"),
    "kernels of no truth": (say(h_from_kernel=[1]), "trace_value_wrong"),
    "an arithmetic without rounding": (say_of("arithmetic", unit_roundoff=0.0), "trace_value_wrong"),
    "an arithmetic that allows all": (say_of("arithmetic", unit_roundoff=1.0), "trace_value_wrong"),
    "an arithmetic of NaN": (say_of("arithmetic", operand_roundoff=float("nan")), "trace_value_wrong"),
    "an infinite arithmetic": (say_of("arithmetic", tiny=float("inf")), "trace_value_wrong"),
    "an arithmetic of text": (say_of("arithmetic", tiny="0.1"), "trace_value_wrong"),
    "an arithmetic with more": (say_of("arithmetic", more=1.0), "trace_value_wrong"),
    "a shape that does not fit": (swap("x", shape=[2, 3, 2]), "trace_part_wrong"),
    "a shape that is flat": (swap("x", shape=[12]), "trace_value_wrong"),
    "a shape with nothing in it": (swap("x", shape=[0, 2, 2]), "trace_value_wrong"),
    "a shape of fractions": (swap("x", shape=[3.0, 2, 2]), "trace_value_wrong"),
    "a negative shape": (swap("x", shape=[-3, -2, 2]), "trace_value_wrong"),
    "a shape of many dimensions": (swap("x", shape=[1] * 70 + [3, 2, 2]), "trace_value_wrong"),
    "a shape that is text": (swap("x", shape="322"), "trace_value_wrong"),
    "a shape that is none": (swap("x", shape=None), "trace_header_damaged"),
    "an absurd shape": (
        swap("end", shape=[10**4000] * 3, data_offsets=[0, 10**4000]), "trace_value_wrong"
    ),
    "a dtype that is none": (swap("x", dtype="OBJECT"), "trace_header_damaged"),
    "a dtype that is a list": (swap("x", dtype=["F32"]), "trace_header_damaged"),
    "a dtype of another size": (swap("x", dtype="F16"), "trace_value_wrong"),
    "whole numbers": (swap("x", dtype="I64", shape=[3, 2, 1]), "trace_part_wrong"),
    "offsets that overlap": (swap("l0.forward.h", data_offsets=[0, 48]), "trace_value_wrong"),
    "offsets beyond the file": (swap("x", data_offsets=[2**62, 2**62 + 48]), "trace_value_wrong"),
    "an entry that is text": (lambda header, _: header.update(x="F32"), "trace_header_damaged"),
    "an entry that is null": (lambda header, _: header.update(x=None), "trace_header_damaged"),
    "no end": (forget("end"), "trace_part_missing"),
    "a version that is text": (lambda header, _: header["__metadata__"].update(version="one"), "trace_header_damaged"),
    "a newer version": (lambda header, _: header["__metadata__"].update(version="2"), "trace_newer"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_header_that_lies_is_refused(name: str, tmp_path: Path) -> None:
    change, code = HOSTILE[name]
    path = forged(tmp_path / "hostile.gates", small_trace(), change)
    error = refusal(lambda: read_traces(path))
    assert reason_of(error) == code, str(error)
    assert len(str(error)) < 600


PACKED = "lengths", "token_ends", "tokens"


@pytest.mark.parametrize(
    ("at", "value"),
    [("lengths", [2, 1]), ("lengths", [3, 0]), ("lengths", [3, -1]), ("lengths", [3, 4]), ("lengths", [1, 3]),
     ("token_ends", [1, 0, 3]), ("token_ends", [-1, 2, 3]), ("token_ends", [1, 2, 2**60]), ("token_ends", [1, 2, 9]),
     ("token_ends", [0, 0, 0]), ("tokens", [0xFFFFFF])],
)  # fmt: skip
def test_lengths_and_tokens_that_lie_are_refused(at: str, value: list[int], tmp_path: Path) -> None:
    packed = pack_padded_sequence(torch.randn(3, 2, 2), torch.tensor([3, 2]))
    path = forged(tmp_path / "one.gates", gs.trace(nn.GRU(2, 2), packed, tokens=["a", "b", "c"]), lambda *_: None)
    raw = bytearray(path.read_bytes())
    start = 8 + int.from_bytes(raw[:8], "little")
    first, _ = json.loads(raw[8:start])[at]["data_offsets"]
    new = np.array(value, dtype="<i8").tobytes()
    raw[start + first : start + first + len(new)] = new
    path.write_bytes(raw)
    assert reason_of(refusal(lambda: read_traces(path))) in ("trace_value_wrong", "trace_part_wrong")


@pytest.mark.parametrize("gone", [("lengths",), ("token_ends",), ("tokens",)])
def test_a_part_without_the_other_is_refused(gone: tuple[str, ...], tmp_path: Path) -> None:
    packed = pack_padded_sequence(torch.randn(3, 2, 2), torch.tensor([3, 2]))
    trace = gs.trace(nn.GRU(2, 2), packed, tokens=["a", "b", "c"])

    def rename(header: dict[str, Any], _: dict[str, Any]) -> None:
        entries = {f"other.{name}" if name in gone else name: entry for name, entry in header.items()}
        header.clear()
        header.update(entries)

    path = forged(tmp_path / "one.gates", trace, rename)
    assert reason_of(refusal(lambda: read_traces(path))) in ("trace_value_wrong", "trace_part_missing")


def test_a_tensor_that_no_such_network_has_is_refused(tmp_path: Path) -> None:
    def add(header: dict[str, Any], _: dict[str, Any]) -> None:
        start, end = header["end"]["data_offsets"]
        header["end"]["data_offsets"] = [start + 8, end + 8]
        entry = {"dtype": "U8", "shape": [8], "data_offsets": [start, end]}
        header["end"] = (header.pop("end"), header.__setitem__("\n" + "long" * 1000, entry))[0]

    path = forged(tmp_path / "one.gates", small_trace(), add)
    path.write_bytes(path.read_bytes()[:-8] + bytes(8) + path.read_bytes()[-8:])
    error = refusal(lambda: read_traces(path))
    assert reason_of(error) == "trace_part_unknown"
    assert len(str(error)) < 400


def test_tensors_at_odd_places_are_refused(tmp_path: Path) -> None:
    save_trace(small_trace(), tmp_path / "one.gates")
    raw = (tmp_path / "one.gates").read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    header = (start - 8 + 1).to_bytes(8, "little") + raw[8:start] + b" "
    end = b"done" + zlib.crc32(header).to_bytes(4, "little")
    (tmp_path / "odd.gates").write_bytes(header + raw[start:-8] + end)
    assert reason_of(refusal(lambda: read_traces(tmp_path / "odd.gates"))) == "trace_value_wrong"


START = b'{"__metadata__": {"format": "gatescope trace", "version": "1"'


@pytest.mark.parametrize(
    "header",
    [
        b"", b"}}" * 9, b', "trace": ' + b"[" * 100_000, b', "trace": "' + b"[" * 100_000 + b'"}}',
        b', "trace": ' + b"9" * 5000 + b"}}", b', "trace": "{}"}}', b', "trace": "null"}}', b', "trace": "\xff"}}',
        b', "trace": {}}}', b"}}", b'}, "x": {"x": {"x": []}}}',
    ],
    ids=range(11),
)  # fmt: skip
def test_json_that_is_none_or_goes_deep_is_refused(header: bytes, tmp_path: Path) -> None:
    path = sealed(tmp_path / "json.gates", START + header, b"")
    assert reason_of(refusal(lambda: read_traces(path))) in ("trace_header_damaged", "trace_value_wrong")


@pytest.mark.parametrize("depth", [*range(50, 1000, 50), *range(900, 1000, 7)])
def test_what_is_nested_deeply_is_refused_also_where_it_can_just_be_read(depth: int, tmp_path: Path) -> None:
    nested: Any = []
    for _ in range(depth):
        nested = [nested]
    try:
        text = json.dumps(nested)
    except RecursionError:
        text = "[" * depth + "]" * depth
    header = START + b', "trace": ' + json.dumps('{"name": %s}' % text).encode() + b"}}"  # noqa: UP031 - braces
    path = sealed(tmp_path / "json.gates", header, b"")
    assert reason_of(refusal(lambda: read_traces(path))) in ("trace_header_damaged", "trace_value_wrong")


def test_a_header_of_gigabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.gates"
    with path.open("wb") as file:
        file.write((2 << 30).to_bytes(8, "little") + START)
        file.truncate(3 << 30)  # a hole, which takes no room
    before = psutil.Process().memory_info().rss
    assert reason_of(refusal(lambda: read_traces(path))) == "trace_header_damaged"
    assert psutil.Process().memory_info().rss - before < 50 * MIB


def test_weights_of_a_trace_of_another_network_are_refused(tmp_path: Path) -> None:
    def borrow(header: dict[str, Any], said: dict[str, Any]) -> None:
        said["weights_in"] = 0

    one = forged(tmp_path / "one.gates", small_trace(nn.RNN(2, 3)), lambda *_: None).read_bytes()
    two = tmp_path / "two.gates"
    module = nn.RNN(2, 2)
    with TraceWriter(two) as writer:
        for _ in range(2):
            writer.append("", small_trace(module))
    whole = two.read_bytes()
    first = whole.index(b"done") + 8
    (tmp_path / "three.gates").write_bytes(one + whole[first:])
    contents = read_traces(tmp_path / "three.gates")
    assert len(contents.traces) == 1
    assert contents.problem is not None


def test_nothing_of_a_file_is_ever_run(recording: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("would run code")

    for name in ("pickle.load", "pickle.loads", "pickle.Unpickler", "torch.load", "builtins.eval", "builtins.exec"):
        monkeypatch.setattr(name, refuse)
    assert len(read_traces(recording).traces) == 3


# ------------------------------------------------------------------------------------------------- other files


def test_a_newer_file_says_so(tmp_path: Path) -> None:
    path = forged(tmp_path / "new.gates", small_trace(), HOSTILE["a newer version"][0])
    assert str(refusal(lambda: read_traces(path))) == (
        f"Trace 1 in {path} cannot be read: It was written by a newer version of Gatescope; update Gatescope."
    )


@pytest.mark.parametrize("content", [b"", b"a", b"t,f,i\n1,2,3\n" * 50, bytes(500), b"\xff" * 500])
def test_what_is_no_trace_file_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    assert (
        str(refusal(lambda: read_traces(tmp_path / "file"))) == f"{tmp_path / 'file'} is not a trace file of Gatescope."
    )


def test_weights_are_no_trace_file(tmp_path: Path) -> None:
    safetensors.torch.save_file(nn.LSTM(2, 2).state_dict(), tmp_path / "weights.safetensors")
    assert refusal(lambda: read_traces(tmp_path / "weights.safetensors")).code == "trace_file_foreign"


def test_missing_files_folders_and_devices_are_refused(tmp_path: Path) -> None:
    assert refusal(lambda: read_traces(tmp_path / "none")).code == "file_missing"
    assert refusal(lambda: read_traces(tmp_path)).code == "file_is_folder"
    assert refusal(lambda: read_traces("nul\0l")).code == "file_unreadable"
    assert refusal(lambda: TraceWriter(tmp_path)).code == "file_is_folder"
    assert refusal(lambda: TraceWriter(tmp_path, append=True)).code == "file_is_folder"
    assert refusal(lambda: TraceWriter(tmp_path / "none" / "file")).code == "file_unwritable"
    assert refusal(lambda: TraceWriter("nul\0l")).code == "file_unwritable"


@pytest.mark.skipif(sys.platform == "win32", reason="has no such devices")
def test_pipes_and_devices_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refusal(lambda: read_traces(tmp_path / "pipe")).code == "trace_file_foreign"
    for append in (False, True):
        assert refusal(lambda append=append: TraceWriter(tmp_path / "pipe", append)).code == "trace_file_special"  # type: ignore[misc]
        assert refusal(lambda append=append: TraceWriter("/dev/null", append)).code == "trace_file_special"  # type: ignore[misc]


@pytest.mark.parametrize("size", [3, 100, -1])
def test_only_a_good_file_is_continued(size: int, recording: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.gates"
    path.write_bytes(recording.read_bytes()[:size])
    before = path.read_bytes()
    error = refusal(lambda: TraceWriter(path, append=True))
    assert error.code in ("trace_file_foreign", "trace_unreadable")
    assert path.read_bytes() == before


def test_a_file_without_traces_can_be_continued(tmp_path: Path) -> None:
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
traces, problem = read_traces(sys.argv[1])
print((process.memory_info().rss - before) >> 20)
traces[5][1].cell().f.sum()
print((process.memory_info().rss - before) >> 20)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted as Linux does")
def test_memory_stays_flat_while_recording_and_while_reading(recording: Path, tmp_path: Path) -> None:
    path = tmp_path / "large.gates"
    assert int(alone(RECORD, path, 11)) < 20
    assert path.stat().st_size > 280 * MIB
    opened, used = map(int, alone(OPEN, path, recording).split())
    assert opened < 10
    assert used < 20


def test_what_is_written_to_a_tensor_does_not_reach_the_file(recording: Path) -> None:
    before = recording.read_bytes()
    (_, trace), *_ = read_traces(recording).traces
    trace.cell().h.fill_(7.0)
    trace.x.zero_()
    assert recording.read_bytes() == before
    assert (read_traces(recording).traces[0][1].cell().h != 7).all()


@pytest.mark.skipif(sys.platform != "linux", reason="needs files with holes")
def test_a_file_larger_than_the_memory_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "large.gates"
    save_trace(small_trace(), path)
    os.truncate(path, 2 * psutil.virtual_memory().total)
    contents = read_traces(path)
    assert len(contents.traces) == 1
    assert reason_of(contents.problem or Message("")) == "trace_header_damaged"


# ------------------------------------------------------------------------------------------------- while recording


def test_each_trace_is_there_for_others_once_it_is_appended(tmp_path: Path) -> None:
    path = tmp_path / "all.gates"
    with TraceWriter(path) as writer:
        for count in range(1, 4):
            writer.append("gru", small_trace())
            code = "print(len(read_traces(sys.argv[1]).traces))"
            assert alone(code, path) == str(count)


def test_who_reads_while_it_is_written_sees_what_is_complete(tmp_path: Path) -> None:
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


def test_an_interrupt_leaves_no_half_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_two_writers_do_not_spoil_a_file(tmp_path: Path) -> None:
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


def test_a_disk_that_does_not_take_it_in_the_end_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = TraceWriter(tmp_path / "all.gates")

    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    assert "may not be on the disk in full: No space left on device." in str(refusal(writer.close))
    writer.close()  # is closed


def test_a_header_that_could_not_be_read_again_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gatescope.formats.trace_segment.MOST_HEADER", 1000)
    assert refusal(lambda: save_trace(small_trace(), tmp_path / "one.gates")).code == "trace_header_too_long"


# ------------------------------------------------------------------------------------------------- saving one


def test_progress_reaches_one_and_a_cancel_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
def test_a_full_disk_is_a_clear_error() -> None:
    error = refusal(lambda: small_trace(steps=5000).save("/dev/full"))
    assert str(error) == "/dev/full cannot be written: No space left on device. Nothing was changed there."


def test_every_field_of_a_trace_is_known_here() -> None:
    cell = {
        "layer",
        "direction",
        "cell",
        "x",
        "before",
        "weights",
        "values",
        "lengths",
        "graph",
        "h_from_kernel",
        "holds",
    }
    trace = {
        "spec",
        "weights",
        "x",
        "batched",
        "cells",
        "arithmetic",
        "tokens",
        "seed",
        "lengths",
        "in_order",
        "source",
        "holds",
    }
    nowhere = {"module"}  # no file holds a module of one's own: reading it would run code
    assert {field.name for field in dataclasses.fields(CellTrace)} == cell  # a new one needs a place in the file
    assert {field.name for field in dataclasses.fields(Trace)} == trace | nowhere


def test_a_file_older_than_a_field_with_a_default_is_read(tmp_path: Path) -> None:
    path = tmp_path / "old.gates"
    trace = small_trace()
    trace.save(path)
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = data[8 : 8 + length]
    older = header.replace(b', \\"stored_roundings\\": 0.0', b"")
    assert older != header
    raw = length.to_bytes(8, "little") + older.ljust(length)
    body = data[8 + length : -8]
    path.write_bytes(raw + body + b"done" + zlib.crc32(raw).to_bytes(4, "little"))
    ((_, found),) = read_traces(path).traces
    assert found.arithmetic == trace.arithmetic
