"""The command line speaks the language of the environment; what scripts read stays as it is."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import gatescope_app.cli
from gatescope.messages.message import GatescopeError, Message
from gatescope_app.cli import console_language
from gatescope_app.cli.command_line import main
from gatescope_app.cli.console_language import describe, environment_language, in_english, translate
from gatescope_resources.translations import read_texts, translation_path

Capture = pytest.CaptureFixture[str]

HELLO = ["trace", "nn.LSTM(4, 3)", "--text", "hello"]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set a Chinese locale."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")


def alone(*arguments: str, code: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command, or code in its place, in an interpreter of its own."""
    start = ["-c", code] if code else ["-m", "gatescope_app"]
    paths = os.pathsep.join(path for path in sys.path if path)
    variables = {**os.environ, "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8", **environment}
    command = [sys.executable, *start, *arguments]
    return subprocess.run(command, capture_output=True, check=False, env=variables, encoding="utf-8", text=True)


# ---- which language ----


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_CN"}, "zh_CN"),
        ({"LANG": "zh_CN.GB18030"}, "zh_CN"),
        ({"LANG": "zh-Hans"}, "zh_CN"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LC_MESSAGES": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh_CN"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "en:zh_CN"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "de:zh_CN:en"}, "zh_CN"),
        ({"LANGUAGE": "zh_CN"}, "zh_CN"),
        ({"LC_ALL": "C", "LANGUAGE": "zh_CN", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "zh_CN"}, "en"),
        ({"LC_ALL": "POSIX", "LANG": "zh_CN.UTF-8"}, "en"),
    ],
)
def test_the_environment_decides_as_for_other_programs(variables: dict[str, str], language: str) -> None:
    assert environment_language(variables) == language


def test_texts_that_nobody_translated_stay_english(chinese: None) -> None:
    assert translate("console", "no such text") == "no such text"
    assert translate("no such context", "stopped") == "stopped"


def test_a_message_is_said_with_the_messages_in_it(chinese: None) -> None:
    inner = Message("and_more", {"first": "a", "count": 2})
    outer = Message("file_missing", {"path": inner})
    assert describe(outer) == "文件 a，另有 2 项 不存在。"
    assert describe(outer, in_english) == str(outer) == "There is no file a and 2 more."
    assert describe(GatescopeError("file_missing", path="x\ny")) == "文件 x y 不存在。"


# ---- what is said ----


def test_errors_are_one_line_in_the_language(chinese: None, capsys: Capture) -> None:
    assert main([*HELLO, "--h0", "nowhere.npy"]) == 2
    assert capsys.readouterr() == ("", "gatescope: 文件 nowhere.npy 不存在。\n")


def test_verdict_and_captions_are_said_in_the_language_and_the_table_stays(chinese: None, capsys: Capture) -> None:
    assert main(HELLO) == 0
    said = capsys.readouterr().out.splitlines()
    os.environ["LC_ALL"] = "C"
    assert main(HELLO) == 0
    english = capsys.readouterr().out.splitlines()
    assert said[-3].startswith("与 nn.LSTM 一致")
    assert english[-3].startswith("matches nn.LSTM")
    assert said[2:-3] == english[2:-3]  # header and rows of the table


def test_quiet_says_the_same_in_every_language(chinese: None, capsys: Capture) -> None:
    assert main([*HELLO, "--quiet"]) == 0
    said = capsys.readouterr()
    os.environ["LC_ALL"] = "C"
    assert main([*HELLO, "--quiet"]) == 0
    assert said == capsys.readouterr()
    assert said.out.startswith("matches nn.LSTM (")


def test_files_are_the_same_in_every_language(chinese: None, tmp_path: Path, capsys: Capture) -> None:
    written = []
    for locale in ("zh_CN.UTF-8", "C"):
        os.environ["LC_ALL"] = locale
        assert main([*HELLO, "--quiet", "--csv", "hello.csv"]) == 0
        written.append(Path("hello.csv").read_bytes() + Path("hello.csv.json").read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize("command", [[], ["trace"], ["demo"]])
def test_help_is_there_in_every_language(chinese: None, command: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit, match="0"):
        main([*command, "--help"])
    assert f"{translate('console', 'usage: ')}gatescope" in capsys.readouterr().out


@pytest.fixture
def capitals(chinese: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have each text of the console in capitals for its Chinese, but for what is filled in."""

    def capital(text: str) -> str:
        parts = re.split(r"(%(?:\(\w+\))?[sr]|\{\w+\})", text)
        return "".join(part if number % 2 else part.upper() for number, part in enumerate(parts))

    class Texts(dict[str, str]):
        def get(self, text: str, _default: object = None) -> str:  # type: ignore[override]  # nothing is missing
            return capital(text)

    monkeypatch.setattr(console_language, "_read", lambda _language: {"console": Texts()})


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["trace", "--seed", "x"], "ARGUMENT --seed: INVALID int VALUE: 'x'"),
        (["trace", "--layout", "x"], "ARGUMENT --layout: INVALID CHOICE: 'x' (CHOOSE FROM "),
        (["trace", "--nothing"], "UNRECOGNIZED ARGUMENTS: --nothing"),
        (["trace", "--csv"], "ARGUMENT --csv: EXPECTED ONE ARGUMENT"),
        (["trace", "--quiet=1"], "ARGUMENT --quiet: IGNORED EXPLICIT ARGUMENT '1'"),
        (["trace", "--text", "a", "--example", "hello"], "ARGUMENT --example: NOT ALLOWED WITH ARGUMENT --text"),
        (["trace", "--se", "1", "--d", "cpu"], "AMBIGUOUS OPTION: --d COULD MATCH --device, --dtype"),
    ],
)
def test_what_argparse_finds_wrong_is_said_in_the_language(
    capitals: None, capsys: Capture, arguments: list[str], said: str
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert capsys.readouterr().err.startswith(f"gatescope: {said}")


def test_the_headings_of_help_are_said_in_the_language(capitals: None, capsys: Capture) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["trace", "--help"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("USAGE: gatescope trace")
    assert {"POSITIONAL ARGUMENTS:", "OPTIONS:"} <= set(lines)
    assert any(line.endswith("SHOW THIS HELP MESSAGE AND EXIT") for line in lines)


def test_a_command_of_its_own_says_it_in_the_language_of_the_environment(chinese: None) -> None:
    done = alone("trace", "--seed", "x", LANG="zh_CN.UTF-8", LC_ALL="", LC_MESSAGES="", LANGUAGE="")
    problem = translate("console", "argument %(argument_name)s: %(message)s") % {
        "argument_name": "--seed",
        "message": translate("console", "invalid %(type)s value: %(value)r") % {"type": "int", "value": "x"},
    }
    said = translate("console", "{problem} (see {command} --help)").format(problem=problem, command="gatescope trace")
    assert (done.returncode, done.stderr) == (2, f"gatescope: {said}\n")


# ---- where it runs ----


def test_it_needs_no_qt() -> None:
    code = (
        "import sys; sys.modules['PySide6'] = None; from gatescope_app.cli.command_line import main; sys.exit(main())"
    )
    done = alone("trace", "nn.LSTM(4, 3)", "--input", "nowhere.csv", code=code, LC_ALL="zh_CN.UTF-8")
    assert (done.returncode, done.stderr) == (2, "gatescope: 文件 nowhere.csv 不存在。\n")


@pytest.mark.parametrize(
    ("encoding", "speaks"), [("utf-8", True), ("gb18030", True), ("ascii", False), ("cp1252", False)]
)
def test_a_console_that_cannot_show_it_gets_english(encoding: str, speaks: bool) -> None:
    code = (
        "from gatescope_app.cli.console_language import describe; from gatescope.messages.message import Message as M;"
    )
    code += "print(ascii(describe(M('forward'))))"
    done = alone(code=code, LC_ALL="zh_CN.UTF-8", PYTHONIOENCODING=encoding)
    assert done.stdout.strip() == (ascii("正向") if speaks else "'forward'")


# ---- the texts ----


def untranslated(source: str) -> list[str]:
    """Return the words that a command says to a person without asking for them in another language."""
    found = []
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        said = [keyword.value for keyword in call.keywords if keyword.arg in ("help", "description", "epilog")]
        said += call.args if name in ("Refused", "refuse", "remark", "show") else []
        found += [text for node in said for text in _constants(node) if re.search(r"[a-z]{2} ", text)]
    return found


def _constants(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("translate", "getattr", "describe"):
        return []
    own = [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []
    return own + [text for child in ast.iter_child_nodes(node) for text in _constants(child)]


@pytest.mark.parametrize(
    "path", sorted(Path(gatescope_app.cli.__file__).parent.glob("*.py")), ids=lambda path: path.stem
)
def test_whatever_a_command_says_is_asked_for_in_the_language(path: Path) -> None:
    assert untranslated(path.read_text(encoding="utf-8")) == []


def test_a_text_that_is_said_as_it_is_written_is_found() -> None:
    assert untranslated("refuse('no screen')") == ["no screen"]
    assert untranslated("parser.add_argument('--x', help='what it is')") == ["what it is"]
    assert untranslated("raise Refused(translate('console', 'no {name}').format(name=name))") == []


def test_the_texts_without_qt_are_those_of_the_catalogue() -> None:
    contexts = ElementTree.parse(translation_path("zh_CN").with_suffix(".ts")).getroot().iter("context")
    catalogue = {
        context.findtext("name"): {
            m.findtext("source"): text for m in context.iter("message") if (text := m.findtext("translation"))
        }
        for context in contexts
    }
    texts = read_texts("zh_CN")
    assert texts == {name: catalogue[name] for name in texts}
    assert "engine" in texts
    assert "console" in texts or "console" not in catalogue
    assert json.loads(translation_path("zh_CN").with_suffix(".json").read_text(encoding="utf-8")) == texts
