"""What a file is, is told by its content, whatever it is called; nothing in it is run."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import nn

from gatescope.formats.file_types import identify_file
from gatescope.formats.session_file import write_session_file
from gatescope.formats.trace_file import TraceWriter

STATE = nn.LSTM(4, 3).state_dict()


def written(write: Callable[[io.BytesIO], object]) -> bytes:
    buffer = io.BytesIO()
    write(buffer)
    return buffer.getvalue()


def zipped(*names: str) -> bytes:
    def write(buffer: io.BytesIO) -> None:
        with zipfile.ZipFile(buffer, "w") as archive:
            for name in names:
                archive.writestr(name, b"content")

    return written(write)


def tarred(*names: str) -> bytes:
    def write(buffer: io.BytesIO) -> None:
        with tarfile.open(fileobj=buffer, mode="w:", format=tarfile.PAX_FORMAT) as archive:
            for name in names:
                member = tarfile.TarInfo(name)
                member.size, member.mtime = 4, 1.5  # a time with a fraction needs a header of its own
                archive.addfile(member, io.BytesIO(b"data"))

    return written(write)


def field(number: int, value: int | bytes) -> bytes:
    """Return a field of a protocol buffer; only numbers below 16 and values below 128 or shorter than 16384."""
    if isinstance(value, int):
        return bytes([number << 3, value])
    return bytes([number << 3 | 2, len(value) & 127 | 128, len(value) >> 7]) + value


ONNX = field(1, 8) + field(2, b"pytorch") + field(3, b"2.3") + field(7, b"\x0a" * 9000) + field(8, b"\x10\x11")
SAVED_MODEL = field(1, 1) + field(2, b"\x0a" * 9000)

# By what they are: their bytes, the ending by which a reader opens them, and words of what is said.
FILES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "empty": (lambda: b"", "", "empty"),
    "lfs": (lambda: b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "", "git lfs pull"),
    "npy": (lambda: written(lambda file: np.save(file, np.ones((2, 3)))), ".npy", "a NumPy file"),
    "npz": (lambda: written(lambda file: np.savez(file, np.ones(3))), "", "NumPy .npz"),
    "safetensors": (lambda: safetensors.torch.save(STATE), ".safetensors", "safetensors"),
    "torch.save": (lambda: written(lambda file: torch.save(STATE, file)), ".pt", "torch.save"),
    "pickle": (lambda: pickle.dumps({"lstm": [1, 2]}), "", "a Python pickle"),
    "pickle 0": (lambda: pickle.dumps({"lstm": [1, 2]}, 0), "", "a Python pickle"),
    "pickle 1": (lambda: pickle.dumps([{"lstm": [1, 2]}], 1), "", "a Python pickle"),
    "pickle 0 of a class": (lambda: pickle.dumps(Path, 0), "", "a Python pickle"),
    "pickle 2": (lambda: pickle.dumps({"lstm": [1, 2]}, 2), "", "a Python pickle"),
    "hdf5": (lambda: b"\x89HDF\r\n\x1a\n" + bytes(500), "", "an HDF5 file"),
    "tflite": (lambda: b"\x1c\0\0\0TFL3" + bytes(99), "", "a model of TensorFlow Lite"),
    "onnx": (lambda: ONNX, "", "an ONNX model; save the PyTorch module's state_dict()"),
    "tensorflow": (lambda: SAVED_MODEL, "", "a model of TensorFlow"),
    "keras": (lambda: zipped("metadata.json", "config.json", "model.weights.h5"), "", "a model of Keras"),
    "t7": (lambda: b"\x04\0\0\0\x01\0\0\0\x03\0\0\0V 1\r\0\0\0nn.Sequential", "", "Lua Torch7"),
    "t7, a table": (lambda: b"\x03\0\0\0\x01\0\0\0\x02\0\0\0\x02\0\0\0\x05\0\0\0model", "", "Lua Torch7"),
    "t7 in text": (lambda: b"4\n1\n3\nV 1\n13\nnn.Sequential\n", "", "Lua Torch7"),
    "gguf": (lambda: b"GGUF\x03\0\0\0", "", "GGUF"),
    "parquet": (lambda: b"PAR1" + bytes(50), "", "Parquet"),
    "matlab": (lambda: b"MATLAB 5.0 MAT-file, Platform", "", "MATLAB"),
    "wav": (lambda: b"RIFF\x24\0\0\0WAVEfmt ", "", "WAV"),
    "excel": (lambda: zipped("[Content_Types].xml", "xl/workbook.xml"), "", "Excel"),
    "gzip": (lambda: gzip.compress(safetensors.torch.save(STATE)), "", "compressed with gzip"),
    "web page": (lambda: b"\n<!DOCTYPE html><html>", "", "a web page"),
    "tar": (lambda: tarred("model.pth", "config.json"), "", "a tar archive; unpack it"),
    "torch tar": (lambda: tarred("sys_info", "pickle", "tensors", "storages"), "", "PyTorch 0.1"),
    "torch.export": (lambda: zipped("model/archive_format", "model/models/model.json"), "", "torch.export"),
    "torchscript": (lambda: zipped("net/data.pkl", "net/constants.pkl", "net/code/x.py"), "", "torch.jit.load"),
    "zip": (lambda: zipped("model.pth", "readme.txt"), "", "a zip archive that torch.save did not write"),
    "cut zip": (lambda: zipped("a.pth")[:40], "", "cut, damaged"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("called", ["model", "model.pth.tar", "my-model.dat", "x.t7", "model.csv", "model.pt"])
def test_a_file_is_what_it_holds_whatever_it_is_called(called: str, name: str, tmp_path: Path) -> None:
    content, ending, said = FILES[name]
    (tmp_path / called).write_bytes(content())
    found = identify_file(tmp_path / called)
    assert found is not None
    assert found.ending == ending
    assert said in str(found.what)
    assert len(str(found.what).splitlines()) == 1


@pytest.mark.parametrize("protocol", [2, 3, 4])
def test_what_torch_save_wrote_before_version_1_6_is_a_checkpoint(protocol: int, tmp_path: Path) -> None:
    torch.save(STATE, tmp_path / "model", pickle_protocol=protocol, _use_new_zipfile_serialization=False)
    found = identify_file(tmp_path / "model")
    assert found is not None
    assert found.ending == ".pt"


def test_files_of_gatescope_are_known_without_their_endings(tmp_path: Path, small_trace: Any) -> None:
    with TraceWriter(tmp_path / "recording") as writer:
        writer.append("", small_trace())
    write_session_file(tmp_path / "session", b"{}", {})
    endings = []
    for name in ("recording", "session"):
        found = identify_file(tmp_path / name)
        endings.append(found and found.ending)
    assert endings == [".gates", ".gatescope"]


TEXTS = {
    "numbers": "1,2,3\n4,5,6\n", "a header": "loss\n1\n2\n", "prose": "Only a few words.\n", "json": '{"a": [1]}',
    "python": "class LSTM\nx = 1\n", "one column": "c\nclass\n1\n", "yaml": "(d\n", "eight letters": "12345678{}",
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_text_says_nothing_of_itself(name: str, tmp_path: Path) -> None:
    (tmp_path / "text").write_text(TEXTS[name])
    assert identify_file(tmp_path / "text") is None


def test_random_bytes_and_broken_protocol_buffers_are_not_known(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    for content in (random.bytes(900), b"\x08" + random.bytes(99), ONNX[:-1], b"\x08\x01\x0b", b"\x08"):
        (tmp_path / "model.bin").write_bytes(content)
        assert identify_file(tmp_path / "model.bin") is None


@pytest.mark.skipif(sys.platform == "win32", reason="has no such files")
def test_what_is_no_plain_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    os.symlink("nowhere", tmp_path / "link")
    for name in ("pipe", "link", "missing", "."):
        assert identify_file(tmp_path / name) is None
