"""Arrays from .npy files: numbers are read, objects are never unpickled, and broken files are refused."""

from __future__ import annotations

import io
import pickle
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import gatescope as gs
from gatescope.formats.sequences import Sequence, read_array, read_sequence


def saved(path: Path, array: Any) -> Path:
    np.save(path, array)
    return path


def npy(header: str, data: bytes = b"", version: tuple[int, int] = (1, 0)) -> bytes:
    """Return a .npy file with a header of one's own."""
    text = header.encode("latin-1") + b"\n"
    length = struct.pack("<H" if version == (1, 0) else "<I", len(text))
    return b"\x93NUMPY" + bytes(version) + length + text + data


def described(descr: str = "'<f8'", shape: str = "(2, 1)") -> str:
    return f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}}}"


def refused(path: Path) -> gs.GatescopeError:
    with pytest.raises(gs.GatescopeError) as caught:
        read_sequence(path)
    assert len(str(caught.value).splitlines()) == 1
    assert len(str(caught.value)) < len(str(path)) + 250
    assert str(path) in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    "dtype", ["float16", "float32", "float64", "longdouble", "int8", "uint8", "int64", "uint64", "bool", ">f4", ">i2"]
)
@pytest.mark.parametrize("shape", [(6, 1), (3, 2), (3, 2, 1)])
def test_real_numbers_of_any_type_are_read_as_float64(tmp_path: Path, dtype: str, shape: tuple[int, ...]) -> None:
    array = np.array([0, 1, 1, 0, 1, 0]).reshape(shape).astype(dtype)
    sequence = read_sequence(saved(tmp_path / "x.npy", array))
    assert sequence.values.dtype == np.float64
    assert sequence.values.shape == shape
    np.testing.assert_array_equal(sequence.values, array.astype(np.float64))
    assert sequence.values.flags.writeable  # no view of the file, which may change


def test_one_dimension_is_one_number_a_step(tmp_path: Path) -> None:
    sequence = read_sequence(saved(tmp_path / "x.npy", np.arange(5)))
    assert sequence.values.tolist() == [[0], [1], [2], [3], [4]]
    assert read_array(tmp_path / "x.npy").shape == (5,)


def test_fortran_order_and_nan_are_kept(tmp_path: Path) -> None:
    array = np.asfortranarray([[1.0, np.nan], [np.inf, -0.0], [3.0, 4.0]])
    np.testing.assert_array_equal(read_sequence(saved(tmp_path / "x.npy", array)).values, array)


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_every_version_of_the_format_is_read(tmp_path: Path, version: tuple[int, int]) -> None:
    path = tmp_path / "x.npy"
    path.write_bytes(npy(described(), bytes(16), version))
    assert read_sequence(path).values.tolist() == [[0], [0]]


def test_objects_are_never_unpickled(tmp_path: Path, trap: Any) -> None:
    array = np.empty(1, dtype=object)
    array[0] = trap
    path = tmp_path / "x.npy"
    np.save(path, array, allow_pickle=True)
    assert refused(path).code == "file_has_objects"
    assert "never unpickled" in str(refused(path))
    path.write_bytes(pickle.dumps(trap))
    assert refused(path).code == "file_not_npy"
    structured = np.array([(1.0, trap)], dtype=[("a", float), ("b", object)])
    np.save(path, structured, allow_pickle=True)
    assert refused(path).code == "file_has_objects"
    assert not trap.path.exists()
    np.load(path, allow_pickle=True)  # the trap does work
    assert trap.path.exists()


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_objects_are_named_in_every_version_of_the_format(tmp_path: Path, version: tuple[int, int]) -> None:
    path = tmp_path / "x.npy"
    path.write_bytes(npy(described("'|O'"), b"\x80\x04N.", version))
    assert refused(path).code == "file_has_objects"


@pytest.mark.parametrize(
    "array",
    [
        np.ones((2, 2), dtype=complex),
        np.array([["a", "b"]]),
        np.array([[b"a"]]),
        np.array([["2024-01-01"]], dtype="datetime64[D]"),
        np.array([[1]], dtype="timedelta64[s]"),
        np.zeros(2, dtype=[("a", float), ("b", float)]),
        np.zeros((2, 1), dtype="V3"),
    ],
)
def test_other_things_than_real_numbers_are_named(tmp_path: Path, array: Any) -> None:
    error = refused(saved(tmp_path / "x.npy", array))
    assert error.code == "file_not_real_numbers"
    assert array.dtype.name in str(error) or str(array.dtype) in str(error)


@pytest.mark.parametrize("shape", [(), (1, 1, 1, 1)])
def test_a_wrong_number_of_dimensions_is_told_with_the_shape(tmp_path: Path, shape: tuple[int, ...]) -> None:
    error = refused(saved(tmp_path / "x.npy", np.zeros(shape)))
    assert error.message.params["problem"].code == "sequence_dimensions"
    assert str(shape) in str(error)


def test_a_batch_without_sequences_is_read_where_it_will_do(tmp_path: Path) -> None:
    for shape in ((2, 0, 3), (0, 2, 3)):
        path = saved(tmp_path / "x.npy", np.zeros(shape))
        assert read_sequence(path, empty_batch=True).values.shape == shape
    for shape in ((0, 0, 3), (2, 3, 0), (0, 3)):
        path = saved(tmp_path / "x.npy", np.zeros(shape))
        with pytest.raises(gs.GatescopeError, match="The sequence is empty"):
            read_sequence(path, empty_batch=True)


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0), (2, 0, 3)])
def test_empty_arrays_are_refused(tmp_path: Path, shape: tuple[int, ...]) -> None:
    error = refused(saved(tmp_path / "x.npy", np.zeros(shape)))
    assert error.message.params["problem"].code == "sequence_empty"


def archive(compressed: bool) -> bytes:
    file = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(file, x=np.ones((3, 2)))
    return file.getvalue()


BROKEN: dict[str, bytes] = {
    "empty file": b"",
    "text": b"1,2\n3,4\n",
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(50),
    "archive": archive(False),
    "compressed archive": archive(True),
    "broken archive": b"PK\x03\x04 and no more",
    "empty archive": b"PK\x05\x06" + bytes(18),
    "part of the signature": b"\x93NUM",
    "signature only": b"\x93NUMPY",
    "no length": b"\x93NUMPY\x01\x00",
    "length without a header": b"\x93NUMPY\x01\x00\xff\xff{",
    "unknown version": npy(described(), bytes(16), (9, 0)),
    "truncated": npy(described(), bytes(15)),
    "no data": npy(described()),
    "promises 10^15 items": npy(described(shape=f"({10**15},)"), bytes(16)),
    "promises 10^30 items": npy(described(shape=f"({10**30},)"), bytes(16)),
    "promises 10^30 items of none": npy(described(shape=f"(0, {10**30})"), bytes(16)),
    "negative shape": npy(described(shape="(-2, 1)"), bytes(16)),
    "shape of truths": npy(described(shape="(True,)"), bytes(16)),
    "shape of fractions": npy(described(shape="(1.5,)"), bytes(16)),
    "too many dimensions": npy(described(shape=str((1,) * 70)), bytes(16)),
    "unknown type": npy(described("'<x8'"), bytes(16)),
    "type of no text": npy(described("7"), bytes(16)),
    "type of a tuple": npy(described("('a',)"), bytes(16)),
    "type of twins": npy(described("[('a', '<f8'), ('a', '<f8')]"), bytes(16)),
    "header of nothing": npy(""),
    "header of zeros": npy("\0" * 20),
    "header of code": npy("__import__('os').abort()"),
    "header of a list": npy("[1, 2]"),
    "header of other keys": npy("{'a': 1}"),
    "header of mixed keys": npy("{1: 1, 'a': 2}"),
    "header of a list as key": npy("{[]: 1}"),
    "header with an open quote": npy("{'descr': '''"),
    "header with an open bracket": npy("("),
    "header of a huge number": npy("1" * 5000),
    "header nested deeply": npy("-" * 4000 + "1"),
    "header longer than numpy reads": npy(" " * 20_000, version=(2, 0)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_refused_in_one_short_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.npy"
    path.write_bytes(BROKEN[name])
    assert refused(path).code == "file_not_npy"


@pytest.mark.parametrize(
    ("descr", "shape", "words"),
    [
        (
            "<f8",
            (2**40, 2**40),
            "the shape (1099511627776, 1099511627776), 9671406556917033397649408 bytes",
        ),
        ("<f8", (100, 4), "an array of the shape (100, 4), 3200 bytes, but it holds 64 bytes."),
        ("|u1", (2**61, 0), "its header promises the shape (2305843009213693952, 0), which no array can have."),
        ("<f4", (0, 2**60), "its header promises the shape (0, 1152921504606846976), which no array can have."),
    ],
)
def test_a_claimed_shape_that_the_file_cannot_hold_is_refused_with_the_shape(
    tmp_path: Path, descr: str, shape: tuple[int, ...], words: str
) -> None:
    path = tmp_path / "x.npy"
    path.write_bytes(npy(described(repr(descr), str(shape)), bytes(64)))
    error = refused(path)
    assert error.code == "file_not_npy"
    assert words in str(error)


def test_advice_to_load_unsafely_is_not_passed_on(tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    path.write_bytes(pickle.dumps([1, 2]))
    assert str(refused(path)) == f"{path} is not a NumPy .npy file: it does not begin as one."


def test_a_file_of_python_2_is_read_without_a_remark(tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    path.write_bytes(npy(described(shape="(2L, 1L)"), bytes(16)))
    assert read_sequence(path).values.shape == (2, 1)


def test_an_array_larger_than_memory_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Little:
        available = 100

    path = saved(tmp_path / "x.npy", np.zeros((100, 1), dtype=np.int8))
    monkeypatch.setattr("gatescope.modules.memory_needed.ALWAYS", 0)
    monkeypatch.setattr("gatescope.modules.memory_needed.psutil.virtual_memory", Little)
    assert refused(path).code == "too_much_memory"


types = ["'<f8'", "'|O'", "'<f2'", "'|b1'", "'<U3'", "('<f8', (2,))", "[('a', '<f8')]", "None", "'<f0'", "'V0'"]
shapes = ["(1, 1)", "(2,)", "()", "(1, -1)", "(0,)", "[1]", "1", "(1e9,)", "(2**9,)", f"({10**20},)"]
headers = st.builds(described, st.sampled_from(types), st.sampled_from(shapes))


@given(
    content=st.binary(max_size=100)
    | st.binary(max_size=100).map(b"\x93NUMPY\x01\x00".__add__)
    | st.binary(max_size=100).map(b"PK\x03\x04".__add__)
    | st.builds(npy, headers, st.binary(max_size=40), st.sampled_from([(1, 0), (2, 0), (3, 0), (4, 0)]))
    | st.builds(npy, st.text("{}[]()',:'\"descrfortan_shp01eLj-<>|O \n", max_size=80), st.binary(max_size=40))
)
@settings(max_examples=8 * settings.default.max_examples, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_npy_is_a_sequence_or_a_refusal(read_or_refuse: Any, content: bytes) -> None:
    result = read_or_refuse("any.npy", content)
    if isinstance(result, Sequence):
        assert result.values.dtype == np.float64
        assert result.values.ndim in (2, 3)
    else:
        assert len(str(result).splitlines()) == 1
