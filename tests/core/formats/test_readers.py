"""The table of readers: each line is a reader that is there, and all that is said of files comes from it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import get_args

import numpy as np
import pytest
import torch
from torch import nn

import gatescope as gs
from gatescope.formats import readers
from gatescope.formats.readers import (
    READERS,
    Content,
    Reader,
    content_of,
    content_of_name,
    describe_file,
    format_endings,
    format_patterns,
    read_file,
    require_content,
    split_location,
)
from gatescope.formats.sequences import read_array, read_sequence


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.function)
def test_every_line_names_a_function_that_is_there_and_endings_in_lower_case(reader: Reader) -> None:
    module, _, name = reader.function.rpartition(".")
    assert callable(getattr(import_module(f"gatescope.formats.{module}"), name))
    assert all(ending.startswith(".") and ending == ending.lower() for ending in reader.endings)


def test_no_ending_stands_in_two_lines() -> None:
    endings = format_endings().split(", ")
    assert len(endings) == len(set(endings))


def test_the_endings_of_each_kind_of_file() -> None:
    assert format_endings("sequence").startswith(".csv, .npy")
    assert format_patterns("checkpoint").startswith("*.pt *.pth *.safetensors *.ckpt *.bin")
    assert format_patterns("recording").startswith("*.gates")
    assert format_patterns("session") == "*.gatescope"
    each = [format_endings(content) for content in get_args(Content)]
    assert sorted(format_endings().split(", ")) == sorted(", ".join(each).split(", "))


@pytest.mark.parametrize(
    ("location", "content"),
    [
        ("data.csv", "sequence"),
        ("/tmp/DATA.NPY", "sequence"),
        ("model.pt::encoder.lstm", "checkpoint"),
        ("run.gates::encoder.lstm#3", "recording"),
        ("lesson.gatescope", "session"),
        ("model.onnx", None),
        ("nn.LSTM(4, 3)", None),
        ("", None),
    ],
)
def test_what_a_file_holds_is_told_by_its_ending(location: str, content: str | None) -> None:
    assert content_of(location) == content_of_name(location) == content


NAMES = ["model.pth.tar", "model.dat", "model.t7", "model.pkl", "my-model", "model.csv", "model.npz", "model.gatescope"]


@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_a_checkpoint_is_opened_whatever_it_is_called(name: str, legacy: bool, tmp_path: Path) -> None:
    saved = {"epoch": 3, "state_dict": nn.GRU(4, 3).state_dict()}
    torch.save(saved, tmp_path / name, _use_new_zipfile_serialization=not legacy)
    location = f"{tmp_path / name}::encoder"
    assert content_of(location) == require_content(location) == "checkpoint"
    (found,) = read_file(tmp_path / name, "checkpoint").modules
    assert found.kind == "GRU"
    error = refuse(lambda: read_file(tmp_path / name, "sequence"))
    assert error.code == "file_of_other_kind"
    assert "is a checkpoint that torch.save wrote; here a file of .csv, .npy" in str(error)


def test_a_sequence_and_a_recording_are_opened_whatever_they_are_called(tmp_path: Path, recording: Path) -> None:
    np.save(tmp_path / "x.npy", np.ones((5, 4)))
    (tmp_path / "x.npy").rename(tmp_path / "my-numbers.txt")
    assert read_sequence(tmp_path / "my-numbers.txt").values.shape == (5, 4)
    shutil.copy(recording, tmp_path / "run")
    assert len(read_file(tmp_path / "run", "recording").traces) == 3


def refuse(call: Callable[[], object]) -> gs.GatescopeError:
    with pytest.raises(gs.GatescopeError) as caught:
        call()
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


def test_a_file_that_no_reader_opens_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "my-model.h5"
    path.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(90))
    for call in (lambda: require_content(str(path)), lambda: read_file(path, "checkpoint")):
        error = refuse(call)
        assert error.code == "file_foreign"
        assert f"{path} cannot be opened: it is an HDF5 file" in str(error)
        assert "state_dict() with torch.save" in str(error)


@pytest.mark.skipif(sys.platform == "win32", reason="has no such files")
def test_what_is_no_file_with_something_in_it_is_named_in_one_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    os.symlink("nowhere", tmp_path / "link")
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").touch()
    (tmp_path / "words").write_text("Only a few words.")
    codes = {"pipe": "file_special", "link": "file_missing", "folder": "file_is_folder", "missing": "file_missing",
             "empty": "file_foreign", "words": "file_ending"}  # fmt: skip
    found = {name: refuse(lambda name=name: require_content(str(tmp_path / name))).code for name in codes}
    assert found == codes


def test_a_file_in_the_place_of_a_constructor_is_named(tmp_path: Path) -> None:
    torch.save(nn.GRU(4, 3).state_dict(), tmp_path / "my-model")
    (tmp_path / "model.tflite").write_bytes(b"\x1c\0\0\0TFL3" + bytes(50))
    assert "is a file, and no constructor" in str(describe_file(f"{tmp_path / 'my-model'}"))
    assert "a model of TensorFlow Lite" in str(describe_file(str(tmp_path / "model.tflite")))
    assert describe_file("nn.LSTM(4, 3)") is describe_file("") is describe_file("nul\0l") is None


@pytest.mark.parametrize(
    ("text", "path", "prefix"),
    [
        ("model.pt::encoder.lstm", "model.pt", "encoder.lstm"),
        ("model.pt", "model.pt", None),
        ("model.pt::", "model.pt", ""),
        ("C:\\models\\model.pt", "C:\\models\\model.pt", None),
        ("C:\\models\\model.pt::lstm", "C:\\models\\model.pt", "lstm"),
        ("C:model.pt::a", "C:model.pt", "a"),
        ("a::b/model.pt::lstm", "a::b/model.pt", "lstm"),
    ],
)
def test_a_location_is_a_path_and_perhaps_a_name_in_it(text: str, path: str, prefix: str | None) -> None:
    assert split_location(text) == (path, prefix)


def test_a_file_of_another_kind_is_refused_with_the_endings_of_this_one(tmp_path: Path) -> None:
    path = tmp_path / "model.pt"
    path.write_bytes(b"")
    with pytest.raises(gs.GatescopeError, match=r"must end in \.csv, \.npy[^:]*\.$") as caught:
        read_file(path, "sequence")
    assert caught.value.code == "file_ending"


def test_what_is_not_there_is_said_before_its_ending(tmp_path: Path) -> None:
    with pytest.raises(gs.GatescopeError) as caught:
        read_file(tmp_path / "missing.txt", "sequence")
    assert caught.value.code == "file_missing"


def test_one_line_is_all_that_a_further_reader_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = ModuleType("gatescope.formats.planted")
    planted.read = lambda path: np.loadtxt(path, delimiter="/")  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, planted.__name__, planted)
    monkeypatch.setattr(readers, "READERS", (*READERS, Reader("sequence", (".slashes",), "planted.read")))
    path = tmp_path / "x.slashes"
    path.write_text("1/2\n3/4\n")
    assert read_sequence(path).values.tolist() == [[1, 2], [3, 4]]
    assert read_array(path).shape == (2, 2)
    assert content_of(str(path)) == "sequence"
    assert format_patterns("sequence").endswith(" *.slashes")
    assert format_endings().count(".slashes") == 1
