"""How files are called where a person reads it."""

from __future__ import annotations

from pathlib import Path


def format_path(path: str | Path) -> str:
    r"""Return a path on one line, with what has no shape of its own, such as a line break, as `\n`."""
    text = str(path)
    return text if text.isprintable() else "".join(map(_format_character, text))


def _format_character(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
