"""Settings may hold anything: wrong types, damaged bytes, objects of Qt's that end a process as they are built."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from gatescope_app.state.settings import settings

OBJECTS = [
    "@Variant(\\0\\0\\0\\x1c\\xff\\xff\\xff\\xff)",
    "@DateTime(\\0\\0\\0\\x10\\xff\\xff)",
    "1, @Variant(\\0\\0\\0\\x3f\\x7c\\xa6)",
    "\\x40Variant(\\0\\0\\0\\x39\\x52\\x4c)",
    "\\100Variant(\\0\\0\\0\\x39\\x52\\x4c)",
    '"@Var""iant(\\0\\0\\0\\x39\\x52)"',
    "@Vari\\\nant(\\0\\0\\0\\x39\\x52)",
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path))
    file = tmp_path / "Gatescope" / "Gatescope.ini"
    file.parent.mkdir()
    return file


def test_what_is_set_is_there_the_next_time(file: Path) -> None:
    settings().setValue("theme", "dark")
    settings().sync()
    assert "theme=dark" in file.read_text()
    assert settings().value("theme") == "dark"


@pytest.mark.parametrize("value", OBJECTS)
def test_no_object_is_built_and_everything_else_stays(file: Path, value: str) -> None:
    whole = f"[General]\ntheme=dark\nodd={value}\nlanguage=zh_CN\n"
    file.write_text(whole)
    assert settings().value("theme") == "dark"
    assert settings().value("language") == "zh_CN"
    assert settings().value("odd") is None
    assert file.with_name("Gatescope.ini.damaged").read_text() == whole


def test_a_sound_file_is_left_as_it_is(file: Path) -> None:
    whole = '[General]\ngeometry="@ByteArray(\\x1\\xd9)"\nrecent_files=/a, /b/@Variant(1).pt\nat=@@Variant(2)\n'
    file.write_text(whole)
    assert settings().value("recent_files") == ["/a", "/b/@Variant(1).pt"]
    assert settings().value("at") == "@Variant(2)"
    assert file.read_text() == whole
    assert list(file.parent.iterdir()) == [file]


def test_a_file_damaged_anywhere_ends_no_process(tmp_path: Path) -> None:
    """In a process of its own: what Qt builds of wrong bytes may end it."""
    script = """
import random, sys
from pathlib import Path
from PySide6.QtCore import QSettings
from gatescope_app.state.settings import settings
rng = random.Random(0)
good = (b'[General]\\ntheme=dark\\ngeometry="@ByteArray(\\\\x1\\\\xd9\\\\xd0)"\\n'
        b"odd=@Variant(\\\\0\\\\0\\\\0\\\\x1c\\\\0)\\nlist=1, 2\\n")
QSettings.setDefaultFormat(QSettings.Format.IniFormat)
for number in range(300):
    folder = Path(sys.argv[1]) / str(number)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder))
    (folder / "Gatescope").mkdir(parents=True)
    damaged = bytearray(good)
    for _ in range(rng.randrange(1, 12)):
        damaged[rng.randrange(len(damaged))] = rng.randrange(256)
    (folder / "Gatescope" / "Gatescope.ini").write_bytes(damaged)
    for key in settings().allKeys():
        settings().value(key)
"""
    assert subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False).returncode == 0
