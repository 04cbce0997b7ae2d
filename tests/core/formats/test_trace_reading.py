"""Reading a trace: nothing is believed that a file says of itself, and a map of it shows what was written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

import gatescope as gs
from gatescope.formats.trace_file import COPIED, TraceWriter, read_traces, save_trace
from gatescope.messages.message import Message
from gatescope.traces.trace import Trace

MIB = 1 << 20


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
    "returns of no number": (say(returned=["output", "one", "1"]), "trace_value_wrong"),
    "returns that are not numbers": (say(returned=["output", "nan", "1"]), "trace_value_wrong"),
    "returns without a bound": (say(returned=["h_n", "1"]), "trace_value_wrong"),
    "returns within any bound": (say(returned=["h_n", "1", "inf"]), "trace_value_wrong"),
    "returns of another place": (say(returned=["input", "0", "1"]), "trace_value_wrong"),
    "returns that are no texts": (say(returned=[1, 2, 3]), "trace_value_wrong"),
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
def test_a_header_that_lies_is_refused(
    name: str, tmp_path: Path, small_trace: Any, refusal: Any, reason_of: Any
) -> None:
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
def test_lengths_and_tokens_that_lie_are_refused(
    at: str, value: list[int], tmp_path: Path, refusal: Any, reason_of: Any
) -> None:
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
def test_a_part_without_the_other_is_refused(
    gone: tuple[str, ...], tmp_path: Path, refusal: Any, reason_of: Any
) -> None:
    packed = pack_padded_sequence(torch.randn(3, 2, 2), torch.tensor([3, 2]))
    trace = gs.trace(nn.GRU(2, 2), packed, tokens=["a", "b", "c"])

    def rename(header: dict[str, Any], _: dict[str, Any]) -> None:
        entries = {f"other.{name}" if name in gone else name: entry for name, entry in header.items()}
        header.clear()
        header.update(entries)

    path = forged(tmp_path / "one.gates", trace, rename)
    assert reason_of(refusal(lambda: read_traces(path))) in ("trace_value_wrong", "trace_part_missing")


def test_a_tensor_that_no_such_network_has_is_refused(
    tmp_path: Path, small_trace: Any, refusal: Any, reason_of: Any
) -> None:
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


def test_tensors_at_odd_places_are_refused(tmp_path: Path, small_trace: Any, refusal: Any, reason_of: Any) -> None:
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
def test_json_that_is_none_or_goes_deep_is_refused(header: bytes, tmp_path: Path, refusal: Any, reason_of: Any) -> None:
    path = sealed(tmp_path / "json.gates", START + header, b"")
    assert reason_of(refusal(lambda: read_traces(path))) in ("trace_header_damaged", "trace_value_wrong")


@pytest.mark.parametrize("depth", [*range(50, 1000, 50), *range(900, 1000, 7)])
def test_what_is_nested_deeply_is_refused_also_where_it_can_just_be_read(
    depth: int, tmp_path: Path, refusal: Any, reason_of: Any
) -> None:
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


def test_a_header_of_gigabytes_is_not_read(tmp_path: Path, refusal: Any, reason_of: Any) -> None:
    path = tmp_path / "huge.gates"
    with path.open("wb") as file:
        file.write((2 << 30).to_bytes(8, "little") + START)
        file.truncate(3 << 30)  # a hole, which takes no room
    before = psutil.Process().memory_info().rss
    assert reason_of(refusal(lambda: read_traces(path))) == "trace_header_damaged"
    assert psutil.Process().memory_info().rss - before < 50 * MIB


def test_weights_of_a_trace_of_another_network_are_refused(tmp_path: Path, small_trace: Any) -> None:
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


def test_a_newer_file_says_so(tmp_path: Path, small_trace: Any, refusal: Any) -> None:
    path = forged(tmp_path / "new.gates", small_trace(), HOSTILE["a newer version"][0])
    assert str(refusal(lambda: read_traces(path))) == (
        f"Trace 1 in {path} cannot be read: It was written by a newer version of Gatescope; update Gatescope."
    )


def test_what_is_written_to_a_tensor_does_not_reach_the_file(recording: Path) -> None:
    before = recording.read_bytes()
    (_, trace), *_ = read_traces(recording).traces
    trace.cell().h.fill_(7.0)
    trace.x.zero_()
    assert recording.read_bytes() == before
    assert (read_traces(recording).traces[0][1].cell().h != 7).all()


@pytest.mark.skipif(sys.platform != "linux", reason="needs files with holes")
def test_a_file_larger_than_the_memory_is_opened(tmp_path: Path, small_trace: Any, reason_of: Any) -> None:
    path = tmp_path / "large.gates"
    save_trace(small_trace(), path)
    os.truncate(path, 2 * psutil.virtual_memory().total)
    contents = read_traces(path)
    assert len(contents.traces) == 1
    assert reason_of(contents.problem or Message("")) == "trace_header_damaged"


def test_a_file_older_than_a_field_with_a_default_is_read(tmp_path: Path, small_trace: Any) -> None:
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


CUT = """
import os, sys
import gatescope as gs
from gatescope.formats.trace_file import read_traces

path, change = sys.argv[1:]
contents = read_traces(path)
trace = contents.traces[0][1] if contents.source.is_mapped and change == "left mapped" else contents.in_memory(0)
if change in ("cut", "left mapped"):
    os.truncate(path, 0)
elif change == "overwritten":
    with open(path, "r+b") as file:
        file.write(bytes(os.path.getsize(path)))
elif change == "replaced":
    os.replace(f"{path}.other", path)
else:
    os.unlink(path)
assert gs.verify(trace).matches
"""


def read_while(path: Path, trace: Trace, change: str, *, large: bool) -> subprocess.CompletedProcess[str]:
    """Read a file and change it, in a process of its own: the system ends one that reads what is gone under a map."""
    save_trace(trace, path)
    if large:
        os.truncate(path, COPIED + 1)
    path.with_name(f"{path.name}.other").write_bytes(b"other")
    command = [sys.executable, "-c", CUT, str(path), change]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
@pytest.mark.parametrize("change", ["cut", "overwritten", "replaced", "removed"])
def test_a_trace_stays_as_it_was_read_whatever_becomes_of_the_file(
    tmp_path: Path, small_trace: Any, change: str, large: bool
) -> None:
    ended = read_while(tmp_path / "shown.gates", small_trace(nn.LSTM(2, 64), steps=500), change, large=large)
    assert ended.returncode == 0, (ended.returncode, ended.stderr)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system refuses to cut what is mapped, or says more")
def test_the_test_of_that_would_find_a_trace_that_is_left_mapped(tmp_path: Path, small_trace: Any) -> None:
    trace = small_trace(nn.LSTM(2, 64), steps=500)
    assert read_while(tmp_path / "shown.gates", trace, "left mapped", large=True).returncode == -signal.SIGBUS


@pytest.mark.parametrize("copied_up_to", [0, 1 << 30])
def test_a_trace_that_is_mapped_or_copied_is_the_same(tmp_path: Path, small_trace: Any, copied_up_to: int) -> None:
    path, trace = tmp_path / "run.gates", small_trace(nn.LSTM(2, 8), steps=50)
    save_trace(trace, path)
    ((_, found),) = read_traces(path, copied_up_to).traces
    assert torch.equal(found.cell().h, trace.cell().h)
    found.cell().h.fill_(7.0)
    assert torch.equal(read_traces(path, copied_up_to).traces[0][1].cell().h, trace.cell().h)
