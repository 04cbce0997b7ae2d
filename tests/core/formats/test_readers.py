"""The table of readers: each line is a reader that is there, and all that is said of files comes from it."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import get_args

import numpy as np
import pytest

import gatescope as gs
from gatescope.formats import readers
from gatescope.formats.readers import (
    READERS,
    Content,
    Reader,
    content_of,
    format_endings,
    format_patterns,
    read_file,
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
    assert content_of(location) == content


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
