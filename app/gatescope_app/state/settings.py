"""What is remembered between starts: the layout of the window, the theme, the language, the size of type."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

from PySide6.QtCore import QSettings

_OBJECT = re.compile(rb"[=,]\s*@(Variant|DateTime)\(")
"""Begins a value that Qt builds any object of its own from; of wrong bytes that may end the process."""

_SEAM = re.compile(rb'\\\r?\n|"')
"""Where Qt joins what stands in two lines, or in quotes."""

_ESCAPED = re.compile(rb"\\x([0-9a-fA-F]+)|\\([0-7]+)")


def settings() -> QSettings:
    """Return the program's settings, kept where the system keeps settings.

    Whoever reads one has to expect anything: a person may have edited the file, or a disk damaged it.
    """
    # The default format, not always the native one, so that tests and pictures can keep theirs in a folder.
    kept = QSettings(QSettings.defaultFormat(), QSettings.Scope.UserScope, "Gatescope", "Gatescope")
    kept.setFallbacksEnabled(False)
    if _take_objects_out(kept.fileName()):
        kept.sync()
    return kept


@cache
def _take_objects_out(path: str) -> bool:
    """Take the lines out of a file that Qt would build objects from, which are never the program's own.

    The file is read before Qt looks into it, which it does when the first value is asked for. Where something is taken
    out, the file as it was stays beside it. Returns whether something was.
    """
    file = Path(path)
    if file.suffix not in (".conf", ".ini") or not file.is_file():
        return False
    try:
        whole = file.read_bytes()
        lines = re.split(rb"(?<=[^\\])\r?\n", whole)  # one that ends with a backslash goes on
        left = [line for line in lines if not _OBJECT.search(_ESCAPED.sub(_unescaped, _SEAM.sub(b"", line)))]
        if len(left) == len(lines):
            return False
        file.with_name(f"{file.name}.damaged").write_bytes(whole)
        written = file.with_name(f"{file.name}.part")
        written.write_bytes(b"\n".join(left))
        os.replace(written, file)
    except OSError:  # Qt could not read it or write it either
        return False
    return True


def _unescaped(escape: re.Match[bytes]) -> bytes:
    """Return the character of an escape, where it is an ASCII one."""
    code = int(escape[1], 16) if escape[1] else int(escape[2], 8)
    return bytes([code]) if code < 128 else b"?"
