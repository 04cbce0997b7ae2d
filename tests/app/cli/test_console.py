"""What the commands say on the console."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import gatescope_app.cli
from gatescope_app.cli.console import BAD_INPUT, OneLineParser, refuse, remark

COMMANDS = sorted(Path(gatescope_app.cli.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_no_command_imports_the_module_that_chooses_between_them(path: Path) -> None:
    imported = {node.module for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)}
    assert "gatescope_app.cli.command_line" not in imported


def test_whatever_is_refused_or_remarked_is_one_line_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert refuse("two\nlines") == BAD_INPUT
    remark("a\nremark")
    assert capsys.readouterr() == ("", "gatescope: two lines\ngatescope: a remark\n")


def test_a_parser_refuses_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        OneLineParser(prog="gatescope trace").parse_args(["--unknown"])
    output = capsys.readouterr()
    assert output == ("", "gatescope: unrecognized arguments: --unknown (see gatescope trace --help)\n")
