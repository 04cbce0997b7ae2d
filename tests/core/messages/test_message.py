"""Messages and errors: a code with its parameters, and a list that names its first few."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import gatescope
from gatescope.messages.message import GatescopeError, Message, describe_all, describe_several

ENGINE = Path(gatescope.__file__).parent


def test_an_error_carries_its_code_and_parameters_and_is_a_value_error() -> None:
    error = GatescopeError("in_file", path="a.csv", problem=Message("sequence_empty"))
    assert isinstance(error, ValueError)
    assert error.code == error.message.code == "in_file"
    assert error.message.params == {"path": "a.csv", "problem": Message("sequence_empty")}
    assert str(error) == "a.csv: The sequence is empty; it needs at least one step."


@pytest.mark.parametrize(
    ("count", "text"), [(0, "none"), (1, "a"), (2, "a, b"), (3, "a, b and 1 more"), (5, "a, b and 3 more")]
)
def test_of_many_things_the_first_are_named_and_the_others_counted(count: int, text: str) -> None:
    assert str(describe_several(list("abcde")[:count], shown=2)) == text


def test_a_listing_has_the_commas_of_the_language_however_long_it_is() -> None:
    message = Message("no_such_direction", {"allowed": describe_all(["forward", "reverse"]), "value": "up"})
    chinese = {"{first}, {next}": "{first}，{next}"}
    assert str(message) == "direction must be forward, reverse, but it is up."
    assert "forward，reverse, but" in message.format_with(lambda text: chinese.get(text, text))
    assert str(describe_all([])) == "none"
    assert str(describe_all(map(str, range(5000)))).endswith(", 4998, 4999")


def joins_in_messages(source: str) -> list[int]:
    """Return the lines where a message is given parts that code has joined."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    messages = [call for call in calls if getattr(call.func, "id", "") in ("Message", "GatescopeError", "refuse")]
    inner = (node for call in messages for node in ast.walk(call) if isinstance(node, ast.Attribute))
    return [node.lineno for node in inner if node.attr == "join" and ast.unparse(node.value) == "', '"]


def test_no_message_is_given_commas_that_are_written_in_code() -> None:
    found = {path.name: lines for path in ENGINE.rglob("*.py") if (lines := joins_in_messages(path.read_text("utf-8")))}
    assert not found
    assert joins_in_messages("raise GatescopeError('x', allowed=', '.join(names))") == [1]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\x1b]0;title\x07.csv", r"\x1b]0;title\x07.csv"),
        ("\u202egnp.csv", r"\u202egnp.csv"),
        ("two\nlines.csv", r"two\nlines.csv"),
        ("\udcff.csv", r"\udcff.csv"),  # a byte that is no UTF-8
        ("naïve 名字\u3000🙂 \\.csv", "naïve 名字\u3000🙂 \\.csv"),
    ],
)
def test_what_a_name_holds_that_no_one_can_see_is_written_out(name: str, shown: str) -> None:
    message = Message("file_missing", {"path": Path(name)})
    assert str(message) == f"There is no file {shown}."
    outer = str(Message("in_file", {"path": name, "problem": message}))
    assert outer.endswith(f": There is no file {shown}.")
    assert outer.isprintable() or "\u3000" in outer


def test_words_of_several_lines_become_one() -> None:
    message = Message("call_failed", {"reason": "RuntimeError: one\n  two\x1b[0m"})
    assert r"RuntimeError: one   two\x1b[0m" in str(message)
