"""Numbers from CSV files and pasted cells: what is understood, and what is refused with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import gatescope as gs
from gatescope.formats.csv_reader import from_rows, split_rows
from gatescope.formats.sequences import Sequence, read_sequence


def refused(call: object, *arguments: object) -> gs.GatescopeError:
    with pytest.raises(gs.GatescopeError) as caught:
        call(*arguments)  # type: ignore[operator]
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


NAN, INF = float("nan"), float("inf")

TABLES: dict[str, tuple[bytes, list[list[float]]]] = {
    "plain": (b"1,2\n3,4\n", [[1, 2], [3, 4]]),
    "no newline at the end": (b"1,2\n3,4", [[1, 2], [3, 4]]),
    "header": (b"left,right\n1,2\n", [[1, 2]]),
    "header with an empty cell": (b",right\n1,2\n", [[1, 2]]),
    "Chinese header": ("左,右\n1,2\n".encode(), [[1, 2]]),
    "quoted": (b'"a","b"\n"1","2"\n', [[1, 2]]),
    "byte order mark": (b"\xef\xbb\xbf1,2\n3,4\n", [[1, 2], [3, 4]]),
    "byte order mark and header": (b"\xef\xbb\xbfa,b\r\n3,4\r\n", [[3, 4]]),
    "Windows lines": (b"1,2\r\n3,4\r\n", [[1, 2], [3, 4]]),
    "old Mac lines": (b"1,2\r3,4\r", [[1, 2], [3, 4]]),
    "tabs": (b"1\t2\n3\t4\n", [[1, 2], [3, 4]]),
    "tabs with a header": (b"a\tb\n3\t4\n", [[3, 4]]),
    "semicolons": (b"1;2\n3;4\n", [[1, 2], [3, 4]]),
    "spaces around": (b" 1 , 2 \n 3,4\n", [[1, 2], [3, 4]]),
    "blank lines": (b"\n\n1,2\n\n , \n3,4\n\n\n", [[1, 2], [3, 4]]),
    "one column": (b"1\n2\n3\n", [[1], [2], [3]]),
    "one column with a header": (b"x\n2\n3\n", [[2], [3]]),
    "one number": (b"1", [[1]]),
    "exponents and signs": (b"1e-3,-2.5E+2,+.5\n", [[0.001, -250, 0.5]]),
    "NaN and infinity": (b"nan,inf\n-Infinity,NaN\n", [[NAN, INF], [-INF, NAN]]),
    "more than float64 holds": (b"1e999,1e-999\n", [[INF, 0]]),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables_as_programs_write_them_are_read(tmp_path: Path, name: str) -> None:
    content, rows = TABLES[name]
    (tmp_path / "table.csv").write_bytes(content)
    sequence = read_sequence(tmp_path / "table.csv")
    np.testing.assert_array_equal(sequence.values, np.array(rows, dtype=np.float64))
    assert sequence.values.dtype == np.float64
    assert sequence.tokens is None


BAD_TABLES: dict[str, tuple[bytes, str, list[str]]] = {
    "empty": (b"", "sequence_empty", []),
    "blank": (b"\n \n,,\n", "sequence_empty", []),
    "only a byte order mark": (b"\xef\xbb\xbf", "sequence_empty", []),
    "header only": (b"a,b\n", "sequence_not_numeric", ["Row 1, column 1", "'a'"]),
    "ragged, short": (b"1,2\n3\n", "sequence_ragged", ["Row 2 has 1", "have 2"]),
    "ragged, long": (b"a,b\n1,2\n\n3,4\n5,6,7\n", "sequence_ragged", ["Row 5 has 3", "have 2"]),
    "a word": (b"1,2\n3,x\n", "sequence_not_numeric", ["Row 2, column 2", "'x'"]),
    "a missing number": (b"1,2,3\n4,,6\n", "sequence_not_numeric", ["Row 2, column 2", "''"]),
    "a trailing comma": (b"1,2,\n3,4,\n", "sequence_not_numeric", ["Row 1, column 3"]),
    "decimal commas": (b"1,5;2,5\n3,5;4,5\n", "sequence_not_numeric", ["'3,5'"]),
    "a date": (b"a,b\n2024-01-01,2\n", "sequence_not_numeric", ["Row 2, column 1"]),
    "hexadecimal": (b"0x10,1\n", "sequence_not_numeric", ["'0x10'"]),
    "complex": (b"1,1\n1j,1\n", "sequence_not_numeric", ["Row 2, column 1", "'1j'"]),
    "open quote": (b'1,2\n"3,4\n5,6', "sequence_ragged", ["Row 2"]),
    "a very long cell": (b"1\n2\n" + b"1" * 200_000 + b"\n", "sequence_not_numeric", ["Row 3"]),
}


@pytest.mark.parametrize("name", BAD_TABLES)
def test_bad_tables_are_refused_with_row_and_column(tmp_path: Path, name: str) -> None:
    content, code, names = BAD_TABLES[name]
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    error = refused(read_sequence, path)
    assert error.code == "in_file"
    assert error.message.params["problem"].code == code
    assert str(error).startswith(f"{path}: ")
    assert len(str(error)) < len(str(path)) + 150
    for part in names:
        assert part in str(error)


@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n\0\0", b"1,2\n3,\xe9\n", "1,2\n3,4".encode("utf-16"), b"1,2\0\n", bytes(range(256))],
)
def test_what_is_no_text_is_no_csv(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    error = refused(read_sequence, path)
    assert error.code == "file_not_text"
    assert str(path) in str(error)


def test_pasted_cells_are_split_as_spreadsheets_copy_them() -> None:
    assert split_rows("1\t2\r\n3\t4\r\n") == [["1", "2"], ["3", "4"]]
    assert split_rows("1,2\n3,4") == [["1", "2"], ["3", "4"]]
    assert split_rows("1;2\n3;4") == [["1", "2"], ["3", "4"]]
    assert from_rows(split_rows("\n\n1\t2")).tolist() == [[1, 2]]
    assert refused(from_rows, []).code == "sequence_empty"
    assert refused(from_rows, [["1\0", "2"], ["3", "4"]]).code == "sequence_not_numeric"


@given(st.lists(st.lists(st.floats(width=64), min_size=2, max_size=2), min_size=1, max_size=5))
def test_every_float_is_read_to_the_same_bits(rows: list[list[float]]) -> None:
    values = from_rows([[repr(value) for value in row] for row in rows])
    np.testing.assert_array_equal(values, np.array(rows))
    assert np.array_equal(np.signbit(values), np.signbit(rows)) or np.isnan(values).any()


@given(content=st.binary(max_size=80) | st.text("0123456789.,;\t\r\n\"'-+eEnaifx_ ", max_size=80).map(str.encode))
@settings(max_examples=5 * settings.default.max_examples, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_csv_is_a_sequence_or_a_refusal(read_or_refuse: Any, content: bytes) -> None:
    result = read_or_refuse("any.csv", content)
    if isinstance(result, Sequence):
        assert result.values.ndim == 2
        assert result.values.size > 0
    else:
        assert len(str(result).splitlines()) == 1
