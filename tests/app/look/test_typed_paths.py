"""Paths as people type and paste them."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatescope_app.look.typed_paths import read_typed_path


def test_the_path_that_is_meant_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for typed, meant in (
        ("x.npy", "x.npy"), ("  x.npy\n", "x.npy"), ("'a b.npy'", "a b.npy"), ('"~/x.npy"', f"{tmp_path}/x.npy"),
        ("~/x.npy", f"{tmp_path}/x.npy"), ("file:///a%20b/%C3%A4.npy", "/a b/ä.npy"), ("it's.npy'", "it's.npy'"),
        ("'", "'"), ("", ""),
    ):  # fmt: skip
        assert read_typed_path(typed) == meant


def test_what_is_there_as_it_was_typed_is_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("~", "'x.npy'", " x.npy"):
        Path(name).touch()
        assert read_typed_path(name) == name
