"""Names of files on one line, whatever is in them."""

from __future__ import annotations

from pathlib import Path

from gatescope_app.look.file_names import format_path


def test_what_can_be_read_stays_and_what_cannot_is_escaped() -> None:
    assert format_path(Path("/home/我/a b.pt")) == "/home/我/a b.pt"
    assert format_path("a\x1b[31m\nb\u202e.pt") == "a\\x1b[31m\\nb\\u202e.pt"
    assert format_path("not-utf8-\udcff.pt") == "not-utf8-\\udcff.pt"
