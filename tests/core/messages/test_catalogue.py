"""The engine's words: every code that is raised has a template, every template is used, and the fields fit."""

from __future__ import annotations

import ast
import string
from functools import cache
from pathlib import Path
from typing import get_args

import gatescope
from gatescope.messages.catalogue import MESSAGES
from gatescope.messages.message import Message
from gatescope.modules.spec import Direction

CORE = Path(gatescope.__file__).parent
SOURCES = sorted([*CORE.rglob("*.py"), *(CORE.parents[1] / "app").rglob("*.py")])


def fields(code: str) -> set[str]:
    """Return the names of a template's fields."""
    return {name for _, name, _, _ in string.Formatter().parse(MESSAGES[code]) if name}


@cache
def said() -> list[tuple[str, set[str] | None, str]]:
    """Return the code, the names of the parameters (None if not plain) and the place of every statement."""
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
                continue
            if node.func.id not in ("GatescopeError", "Message"):
                continue
            for code in codes_in(node.args[0]):
                found.append((code, parameters_of(node), f"{path.name}:{node.lineno}"))
    return found


def codes_in(node: ast.expr) -> list[str]:
    """Return the codes that an argument may be: one literal, or either branch of a choice."""
    if isinstance(node, ast.IfExp):
        return [*codes_in(node.body), *codes_in(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def parameters_of(call: ast.Call) -> set[str] | None:
    if len(call.args) > 1:  # Message(code, {...})
        keys = call.args[1].keys if isinstance(call.args[1], ast.Dict) else []
        plain = keys and all(isinstance(key, ast.Constant) for key in keys)
        return {key.value for key in keys if isinstance(key, ast.Constant)} if plain else None
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    return {str(keyword.arg) for keyword in call.keywords}


def test_every_code_that_is_said_has_a_template() -> None:
    assert said()
    assert not [(code, place) for code, _, place in said() if code not in MESSAGES]


def test_every_template_is_said_somewhere() -> None:
    directions = set(get_args(Direction))  # a direction is its own code
    assert set(MESSAGES) - {code for code, _, _ in said()} - directions == set()


def test_the_parameters_are_those_of_the_template() -> None:
    plain = [statement for statement in said() if statement[1] is not None]
    assert plain
    for code, given, place in plain:
        assert given == fields(code), f"{code} at {place}"


def test_every_message_is_one_line_whatever_it_says() -> None:
    for code, template in MESSAGES.items():
        message = Message(code, dict.fromkeys(fields(code), "two\nlines\r\nor three\u2028four"))
        assert len(str(message).splitlines()) == 1, code
        assert "{" not in str(message), code
        assert template == template.strip(), code
