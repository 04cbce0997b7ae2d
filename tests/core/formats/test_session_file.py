"""The file of a session: what was written comes back bit for bit, and nothing that it says of itself is believed."""

from __future__ import annotations

import contextlib
import json
import math
import os
import resource
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
from hypothesis import given, settings, strategies as st
from torch import Tensor

import gatescope as gs
from gatescope.formats import session_file
from gatescope.formats.session_file import digest_of, read_session_file, write_session_file
from gatescope.formats.trace_segment import DTYPES
from gatescope.messages.message import Cancelled

SPECIAL = torch.tensor([-0.0, 0.0, math.nan, math.inf, -math.inf, 5e-324, 1.0]).double()


def tensors_of_every_dtype() -> dict[str, Tensor]:
    made = [SPECIAL.to(dtype).view(7, 1)[:6] for dtype in DTYPES.values() if dtype.is_floating_point]
    made += [torch.arange(5), torch.arange(3, dtype=torch.uint8), torch.zeros(0, 4), torch.tensor(2.5)]
    made.append(torch.tensor([0x7FC00001, 0xFFC00000 - 2**32], dtype=torch.int32).view(torch.float32))  # NaNs with bits
    return {digest_of(one): one for one in made}


def _bytes_of(tensor: Tensor) -> Tensor:
    return tensor.reshape(-1).view(torch.uint8)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lesson.gatescope"


def refusal(path: Path) -> gs.GatescopeError:
    with pytest.raises(gs.GatescopeError) as caught:
        read_session_file(path)
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


def with_header(path: Path, change: Any) -> None:
    """Write a file again with a changed header, as somebody could by hand."""
    raw = path.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + length])
    change(header)
    text = json.dumps(header, separators=(",", ":")).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + raw[8 + length :])


def test_the_description_and_every_bit_of_the_numbers_come_back(path: Path) -> None:
    tensors = tensors_of_every_dtype()
    write_session_file(path, '{"名": 1}'.encode(), tensors)
    parts = read_session_file(path)
    assert parts.description == '{"名": 1}'.encode()
    assert list(parts.tensors) == list(tensors)
    for name, tensor in tensors.items():
        read = parts.tensors[name]
        assert (read.shape, read.dtype) == (tensor.shape, tensor.dtype)
        assert torch.equal(_bytes_of(read), _bytes_of(tensor))


def test_other_programs_read_it_as_safetensors(path: Path) -> None:
    tensors = tensors_of_every_dtype()
    write_session_file(path, b"{}", tensors)
    assert safetensors.torch.load_file(path).keys() == tensors.keys()


def test_a_digest_tells_types_shapes_and_signs_of_zero_apart() -> None:
    tensors = [
        torch.zeros(2, 3), torch.zeros(3, 2), torch.zeros(6), torch.zeros(2, 3).double(), -torch.zeros(2, 3),
        torch.zeros(3, dtype=torch.int64), torch.zeros(0), torch.zeros(0, 1),
    ]  # fmt: skip
    assert len({digest_of(one) for one in tensors}) == len(tensors)
    assert digest_of(torch.ones(4, 3).t()) == digest_of(torch.ones(3, 4))


def test_what_was_read_stays_when_the_file_is_written_again(path: Path) -> None:
    ones = torch.ones(1000)
    write_session_file(path, b"{}", {digest_of(ones): ones})
    parts = read_session_file(path)
    path.write_bytes(b"")
    assert parts.tensors[digest_of(ones)].sum() == 1000


@pytest.mark.parametrize("raw", [b"", b"x", b"\0" * 100, b"\xff" * 8 + b"{}", b"PK\x03\x04" * 50, b"[" * 100_000])
def test_what_is_no_session_is_refused(path: Path, raw: bytes) -> None:
    path.write_bytes(raw)
    assert refusal(path).code == "session_foreign"


def test_weights_called_a_session_are_refused(path: Path) -> None:
    safetensors.torch.save_file({"weight": torch.ones(2)}, path)
    assert refusal(path).code == "session_foreign"


def test_a_file_that_is_missing_a_folder_or_a_pipe_is_refused(path: Path) -> None:
    assert refusal(path).code == "file_missing"
    assert refusal(path.parent).code == "file_is_folder"
    os.mkfifo(path)
    assert refusal(path).code == "file_special"


def test_a_newer_version_is_refused_whatever_else_it_has(path: Path) -> None:
    write_session_file(path, b"{}", {})
    with_header(path, lambda header: header["__metadata__"].update(version="2", further="3"))
    assert refusal(path).code == "session_newer"


def _claim_much(header: dict[str, Any]) -> None:
    name = next(name for name in header if name != "__metadata__")
    header[name] = {"dtype": "F64", "shape": [1 << 40, 1 << 40], "data_offsets": [0, 1 << 83]}


def _claim_gap(header: dict[str, Any]) -> None:
    *_, last = header
    header[last]["data_offsets"] = [one + 8 for one in header[last]["data_offsets"]]


def _change_dtype(header: dict[str, Any]) -> None:
    *_, last = header
    header[last]["dtype"] = "I64" if header[last]["dtype"] == "F64" else "F64"


@pytest.mark.parametrize(
    "change",
    [
        _claim_much,
        _claim_gap,
        _change_dtype,
        lambda header: header["__metadata__"].update(description="[" * 100_000),
        lambda header: header["__metadata__"].update(checksum="00000000"),
        lambda header: header["__metadata__"].update(further="1"),
        lambda header: header["__metadata__"].update(version="one"),
        lambda header: header["__metadata__"].pop("checksum"),
        lambda header: header.popitem(),
        lambda header: header.update(more={"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}),
        lambda header: header.update(more=json.loads("[" * 900 + "]" * 900)),
        lambda header: header.update(more={"dtype": "F32", "shape": [-1], "data_offsets": [0, -4]}),
        lambda header: header.update(more={"dtype": "F32", "shape": [1] * 1000, "data_offsets": [0, 4]}),
        lambda header: header.update(more=7),
    ],
)
def test_lies_in_the_header_are_refused(path: Path, change: Any) -> None:
    write_session_file(path, b"{}", tensors_of_every_dtype())
    with_header(path, change)
    assert refusal(path).code == "session_damaged"


def test_json_nested_without_end_is_refused(path: Path) -> None:
    write_session_file(path, b"{}", {})
    raw = path.read_bytes()
    start = raw[8 : raw.index(b'"checksum"')]
    for deep in (start + b'"x":' + b"[" * 100_000, start + b'"checksum":' + b'{"a":' * 100_000):
        path.write_bytes(len(deep).to_bytes(8, "little") + deep)
        assert refusal(path).code == "session_damaged"


def test_numbers_that_do_not_fit_their_name_are_refused(path: Path) -> None:
    ones = torch.ones(8)
    write_session_file(path, b"{}", {digest_of(torch.zeros(8)): ones})
    assert refusal(path).message.params["problem"].code == "session_checksum"


CONTENT = tensors_of_every_dtype()


@settings(max_examples=2 * settings.default.max_examples)
@given(st.data())
def test_a_file_with_changed_bytes_is_refused_or_what_it_was(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "x.gatescope"
    write_session_file(path, b'{"a": [1, 2, 3]}', CONTENT)
    raw = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(raw) - 1))
    match data.draw(st.sampled_from(("flip", "cut", "insert", "drop", "swap"))):
        case "flip":
            raw[place] ^= 1 << data.draw(st.integers(0, 7))
        case "cut":
            del raw[place:]
        case "insert":
            raw[place:place] = data.draw(st.binary(min_size=1, max_size=9))
        case "drop":
            del raw[place : place + data.draw(st.integers(1, 9))]
        case "swap":
            raw[:] = raw[place:] + raw[:place]
    path.write_bytes(raw)
    with contextlib.suppress(gs.GatescopeError):
        parts = read_session_file(path)
        assert parts.description == b'{"a": [1, 2, 3]}'
        assert parts.tensors.keys() == CONTENT.keys()
        assert all(digest_of(tensor) == name for name, tensor in parts.tensors.items())


def test_a_cancelled_or_failed_write_leaves_the_older_file(path: Path) -> None:
    write_session_file(path, b"{}", {})
    older = path.read_bytes()

    def cancel(_fraction: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        write_session_file(path, b"[]", tensors_of_every_dtype(), cancel)
    assert path.read_bytes() == older
    assert os.listdir(path.parent) == [path.name]


def test_a_full_disk_leaves_the_older_file_and_says_so(path: Path) -> None:
    write_session_file(path, b"{}", {})
    older = path.read_bytes()
    code = f"""
import resource, signal, torch
from gatescope.formats.session_file import digest_of, write_session_file
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
big = torch.ones(5000)
try:
    write_session_file({str(path)!r}, b"[]", {{digest_of(big): big}})
except ValueError as error:
    print(error.code)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "file_unwritable"
    assert path.read_bytes() == older
    assert os.listdir(path.parent) == [path.name]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 4096  # of that process only


def test_a_description_without_end_is_not_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_file, "_MOST_HEADER", 1000)
    with pytest.raises(gs.GatescopeError) as caught:
        write_session_file(path, b" " * 1000, {})
    assert caught.value.code == "session_too_long"
    assert not path.exists()


def test_the_checksum_is_that_of_the_description(path: Path) -> None:
    write_session_file(path, b'{"a":1}', {})
    raw = path.read_bytes()
    metadata = json.loads(raw[8:])["__metadata__"]
    assert int(metadata["checksum"], 16) == zlib.crc32(b'{"a":1}')
    assert metadata["version"] == "1"


def test_progress_ends_at_one(path: Path) -> None:
    written: list[float] = []
    read: list[float] = []
    write_session_file(path, b"{}", tensors_of_every_dtype(), written.append)
    read_session_file(path, read.append)
    assert written == sorted(written)
    assert read == sorted(read)
    assert written[-1] == read[-1] == 1
