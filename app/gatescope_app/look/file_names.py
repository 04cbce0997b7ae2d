"""How files are called where a person reads it."""

from __future__ import annotations

from pathlib import Path

from gatescope.messages.message import escaped


def format_path(path: str | Path) -> str:
    r"""Return a path on one line, with what has no shape of its own, such as a line break, as `\n`."""
    return escaped(str(path))
