"""What is no plain file, given as one: pipes, sockets and devices are refused at once, by every reader."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from gatescope.formats.readers import READERS

PROGRAM = """
import sys
from gatescope.formats.readers import read_file
from gatescope.messages.message import GatescopeError
for argument in sys.argv[1:]:
    content, path = argument.split(":", 1)
    try:
        read_file(path, content)
    except GatescopeError as error:
        print(error.code)
    else:
        print("read")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no such files")
def test_pipes_sockets_and_devices_are_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    arguments = []
    for number, reader in enumerate(READERS):
        for ending in reader.endings:
            os.mkfifo(f"pipe{ending}")
            os.symlink("/dev/zero", f"zero{ending}")
            os.symlink(f"pipe{ending}", f"link{number}{ending}")
            with socket.socket(socket.AF_UNIX) as one:
                one.bind(f"socket{ending}")
            names = (f"pipe{ending}", f"zero{ending}", f"link{number}{ending}", f"socket{ending}")
            arguments += [f"{reader.content}:{name}" for name in names]
    command = [sys.executable, "-c", PROGRAM, *arguments]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)  # a pipe would wait
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split() == ["file_special"] * len(arguments)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.function)
def test_folders_and_names_that_no_file_can_have_are_refused(tmp_path: Path, reader: object) -> None:
    from gatescope.formats.readers import Reader, read_file
    from gatescope.messages.message import GatescopeError

    assert isinstance(reader, Reader)
    for ending in reader.endings:
        (tmp_path / f"folder{ending}").mkdir()
        with pytest.raises(GatescopeError) as folder:
            read_file(tmp_path / f"folder{ending}", reader.content)
        assert folder.value.code == "file_is_folder"
        for name in ("x" * 300, "nul\0l"):
            with pytest.raises(GatescopeError) as refused:
                read_file(tmp_path / f"{name}{ending}", reader.content)
            assert refused.value.code in ("file_missing", "file_unreadable")
