"""Numbers in CSV files and in pasted cells of a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from gatescope.formats.files import readable_file, reason_of
from gatescope.formats.sequences import Numbers
from gatescope.messages.message import GatescopeError


def read_csv(path: Path) -> Numbers:
    """Read the numbers of a CSV file in UTF-8, (T, K): a row for each step, with or without a header.

    Raises
    ------
    GatescopeError
        Where the file cannot be opened; `file_not_text`; and `in_file` for what `from_rows` refuses.
    """
    try:
        text = readable_file(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise GatescopeError("file_not_text", path=path) from None
    except OSError as error:
        raise GatescopeError("file_unreadable", path=path, reason=reason_of(error)) from None
    if "\0" in text:
        raise GatescopeError("file_not_text", path=path)
    try:
        return from_rows(split_rows(text))
    except GatescopeError as error:
        raise GatescopeError("in_file", path=path, problem=error.message) from None


def from_rows(rows: Iterable[Sequence[str]]) -> Numbers:
    """Read rows of text cells as numbers, (T, K); a first row without any number is a header.

    Rows without any text are skipped, as spreadsheets leave them at the end.

    Raises
    ------
    GatescopeError
        Where there is no row, rows differ in length, or a cell is no number: row and column are named,
        counted from 1 as spreadsheets do.
    """
    numbered = [(number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if numbered and not any(_is_number(cell) for cell in numbered[0][1]):
        # A header; but a table of one row or one column has to look like a header all the way down.
        header, numbered = numbered[0], numbered[1:]
        if not numbered:
            raise _not_numeric(*header)
    if not numbered:
        raise GatescopeError("sequence_empty")
    width = len(numbered[0][1])
    for number, row in numbered:
        if len(row) != width:
            raise GatescopeError("sequence_ragged", row=number, given=len(row), expected=width)
    try:
        return np.array([row for _, row in numbered], dtype=np.float64)
    except ValueError:
        for number, row in numbered:
            if not all(_is_number(cell) for cell in row):
                raise _not_numeric(number, row) from None
        raise


def _not_numeric(number: int, row: Sequence[str]) -> GatescopeError:
    column = next(index for index, cell in enumerate(row) if not _is_number(cell))
    return GatescopeError("sequence_not_numeric", row=number, column=column + 1, value=repr(row[column][:40]))


def _is_number(cell: str) -> bool:
    try:
        np.float64(cell)
    except ValueError:
        return False
    return True


def split_rows(text: str) -> list[list[str]]:
    """Split pasted or read text into cells: at tabs as spreadsheets copy them, else at semicolons or commas."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = next((mark for mark in "\t;" if mark in first), ",")
    reader = csv.reader(text.splitlines(), delimiter=delimiter)
    try:
        return list(reader)
    except csv.Error:  # a cell longer than the reader's limit
        raise GatescopeError("sequence_not_numeric", row=reader.line_num, column=1, value=repr(text[:40])) from None
