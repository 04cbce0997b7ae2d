"""Sequences from text, and what all files of sequences have in common."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st

import gatescope as gs
from gatescope.formats.sequences import from_text, read_array, read_sequence


def refused(call: object, *arguments: object) -> gs.GatescopeError:
    with pytest.raises(gs.GatescopeError) as caught:
        call(*arguments)  # type: ignore[operator]
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


# ---- text ----


def test_hello_is_one_hot_over_its_sorted_letters() -> None:
    sequence = from_text("hello")
    assert sequence.vocabulary == "ehlo"
    assert sequence.tokens == ("h", "e", "l", "l", "o")
    assert sequence.width == 4
    assert sequence.values.argmax(axis=1).tolist() == [1, 0, 2, 2, 3]
    assert sequence.values.sum(axis=1).tolist() == [1] * 5
    assert sequence.values.dtype == np.float64


@given(st.text(min_size=1, max_size=30))
def test_any_text_can_be_read_back_from_its_columns(text: str) -> None:
    sequence = from_text(text)
    assert sequence.vocabulary is not None
    assert "".join(sequence.vocabulary[column] for column in sequence.values.argmax(axis=1)) == text
    assert sequence.values.shape == (len(text), len(set(text)))


def test_a_given_vocabulary_keeps_its_order() -> None:
    assert from_text("ab", "ba ").values.tolist() == [[0, 1, 0], [1, 0, 0]]


def test_a_character_outside_the_vocabulary_is_named_with_its_position() -> None:
    error = refused(from_text, "hello\nx", "ehlo")
    assert error.code == "text_outside_vocabulary"
    assert "'\\n' at position 5" in str(error)
    assert "'ehlo'" in str(error)


@pytest.mark.parametrize("vocabulary", [None, "ab"])
def test_empty_text_is_refused(vocabulary: str | None) -> None:
    assert refused(from_text, "", vocabulary).code == "sequence_empty"


def test_text_that_cannot_fit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Little:
        available = 1000

    monkeypatch.setattr("gatescope.modules.memory_needed.ALWAYS", 0)
    monkeypatch.setattr("gatescope.modules.memory_needed.psutil.virtual_memory", Little)
    assert refused(from_text, "".join(map(chr, range(32, 100)))).code == "too_much_memory"


def test_a_width_that_does_not_fit_the_network_names_both() -> None:
    error = refused(from_text("hello").require_width, gs.ModuleSpec(5, 3))
    assert error.code == "sequence_width"
    assert "4 values" in str(error)
    assert "takes 5" in str(error)
    from_text("hello").require_width(gs.ModuleSpec(4, 3))


# ---- files ----


def test_the_ending_may_be_in_capitals_and_the_path_a_text(tmp_path: Path) -> None:
    (tmp_path / "TABLE.CSV").write_text("1,2")
    assert read_sequence(str(tmp_path / "TABLE.CSV")).width == 2


@pytest.mark.parametrize("ending", [".csv", ".npy"])
@pytest.mark.parametrize("read", [read_sequence, read_array])
def test_files_that_are_not_there_or_no_files(tmp_path: Path, ending: str, read: object) -> None:
    missing, folder = tmp_path / f"missing{ending}", tmp_path / f"folder{ending}"
    folder.mkdir()
    below_a_file = tmp_path / f"file{ending}"
    below_a_file.write_text("")
    assert refused(read, missing).code == "file_missing"
    assert str(missing) in str(refused(read, missing))
    assert refused(read, folder).code == "file_is_folder"
    assert refused(read, tmp_path).code == "file_is_folder"
    for path in (below_a_file / f"x{ending}", f"a\0b{ending}", "a" * 300 + ending):
        assert refused(read, path).code in ("file_unreadable", "file_missing")


@pytest.mark.parametrize("name", ["table.txt", "table", "table.csv.gz", "table.npz", ".csv"])
def test_another_ending_is_refused_with_those_allowed(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("1,2")
    error = refused(read_sequence, path)
    assert error.code == "file_ending"
    assert ".csv, .npy" in str(error)


@pytest.mark.parametrize("ending", [".csv", ".npy"])
def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    path = tmp_path / f"secret{ending}"
    path.write_text("1,2")

    def refuse(*_arguments: object, **_options: object) -> object:
        raise PermissionError(13, "Permission denied", str(path))  # as root, no mode bits would refuse

    monkeypatch.setattr(Path, "open", refuse)
    error = refused(read_sequence, path)
    assert error.code == "file_unreadable"
    assert str(error) == f"{path} cannot be read: Permission denied."
