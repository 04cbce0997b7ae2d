"""Text that means harm: each is refused in one line, and nothing of it is ever run."""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

import gatescope as gs
from gatescope.debugging.expressions import grammar
from gatescope.debugging.expressions.compiled import compile_condition, compile_expression
from gatescope.debugging.expressions.completion import completions
from gatescope.debugging.expressions.errors import ExpressionError
from gatescope.debugging.expressions.log_message import compile_message
from gatescope.debugging.expressions.names import Names

NAMES = Names.of(gs.ModuleSpec(4, 8, num_layers=2), tokens=True, reference=True)

ATTACKS = [
    # attributes and dunder names
    "f.T", "f.tofile('/tmp/x')", "f[0].real", "().__class__", "f.__class__.__mro__", "t.__add__(1) > 1", "__builtins__",
    "__import__", "__name__ == 'x'", "f.__getattribute__('tofile')", "prev.__globals__", "''.join(token)", "f . T",
    "f[0] .5.real", "1..real", "1.5.hex()",
    # calls of anything else
    "__import__('os').system('true')", "eval('1')", "exec('1')", "compile('1', '', 'eval')", "open('/etc/passwd')",
    "globals()", "getattr(f, 'T')", "print(1)", "np.load('x')", "(lambda: 1)()", "f()", "f(0)", "any()(1)", "abs(abs)",
    "any(any)", "prev(prev)", "exit()", "breakpoint()", "input()", "type(f)", "abs(f)(1)", "[abs][0](1)", "f[0](1)",
    # keywords of calls
    "any(f, axis=0)", "mean(*f)", "mean(**f)", "max(f, key=abs)", "crosses(value=c[0], level=1)", "any(f for f in f)",
    # lambda, comprehensions, other syntax
    "lambda: 1", "lambda x: x > 1", "[x for x in f]", "{x for x in f}", "{x: 1 for x in f}", "(x for x in f)", "[1, 2]",
    "{1, 2}", "{1: 2}", "(1, 2)", "1,", "f[0] if t else i[0]", "(y := 1) > 0", "y = 1", "y += 1", "t: int", "yield 1",
    "await t", "async t", "import os", "del f", "assert t", "raise t", "pass", "return t", "for t in f: t", "@t",
    "with t: t", "t; t", "t\\\n > 1", "t > 1 # all", "while 1: t", "class A: t", "def a(): t", "global t", "*f", "**f",
    "f[:]", "f[0:1]", "f[::2]", "f[...]", "f[None]", "f[True]", "f[(0)](1)", "f[0, 1]", "f[f]", "f[i > 0]", "f[*i]",
    "f[0j]", "f['a']", "f[-9]", "f[10**9]", "f[99999999999999999999]", "f[1e0]", "f[--0.5]",
    # words and constants
    "True", "False", "None", "not None", "t is t", "t is not t", "1 in f", "t not in f", "...", "1j > 0", "0x10 > 1",
    "0b1 > 1", "0o7 > 1", "1_0 > 1", "01 > 1", "1if t else 2", "1or t", "1 and t", "t and True", "inf > 1", "nan > 1",
    # strings
    "'a'", '"a" > "b"', "'a' * 1000000000", "'a' + 'b' == token", "'%s' % t", "'{}'.format(t)", "f'{t}' == token",
    'f"{__import__("os")}"', "b'a' == token", "r'a' == token", "u'a' == token", "'a' 'b' == token", "'''a''' == token",
    "token == 'a", 'token == "\\x41"', 'token == "\\N{BULLET}"', 'token == "\\d"', "token == 1", "token < 'a'",
    "token + token == token", "token[0] == 'a'", "'a'[0] == token", "any(token == 'a')", "abs('a')", "-'a'", "not 'a'",
    "'a' and t > 1", "token * 9", "token",
    # power, bits, huge numbers
    "9**9**9", "t ** 2 > 1", "2 ** -1 > 0", "t ^ 1", "t | 1", "t & 1", "~t", "t << 9999999999", "1 >> t", "t @ t",
    "9" * 400, "9" * 499 + "j", "1e999 > t", "1e309", "-1e400", "1000000000000001 > t", "0" * 300,
    # nesting and length
    "(" * 250 + "t" + ")" * 249, "(" * 500, "[" * 500, "f[" * 250, "-" * 499 + "t", "not " * 124 + "t", "abs(" * 125,
    "+1" * 250, "~" * 500, "a" * 10**6, "(" * 10**6, "9" * 10**6, " " * 10**6, '"' * 10**6,
    "{" * 100, "lambda:" * 70, "t if " * 90,
    # null bytes, control and bidirectional characters, characters that look like others
    "t > 1\0", "\0", "t\x00 > 1", "t > 1\x1b[2J", "t > 1\x08", "\ufefft > 1",
    "t > 1\u202e", "t\u2066 > 1", "\u200bt > 1",
    "ｔ > 1", "𝐭 > 1", "ﬁ > 1", "ªny(f)", "t > １", "t > ²", "t > ٣", "т > 1", "ε > 1", "h̃ > 1", "t ＞ 1",
    "（t) > 1", "f［0］ > 1", "token == “a”", "token == 'a\u202e'", "token == 'a\0'", "token == 'a\n'", "t > 1\ud800",
    "token == '\udfff'", "\U0001d453[0] > 1", "__ｉmport__('os')",
    # out of the brackets that the text is parsed in
    ") or (", "t > 1) or (t > 2", "t > 1)\n(", ")", "]", "t)#", "1)+(1", "\n)\nimport os\n(", "t]", "f[0)]",
    # nothing at all
    "", " ", "\t\r\n", "()", "[]", "{}", ",", "not", "and", "-", "\\", "$t", "?", "`t`", "!", "t !", "a\u0301 b",
]  # fmt: skip


def refuse_to_run(*_arguments: Any, **_keywords: Any) -> None:
    raise AssertionError("text was run")


@pytest.fixture
def nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail where Python is asked to run anything, and not only to parse it."""
    parse: Callable[..., Any] = builtins.compile

    def only_parse(source: Any, filename: Any, mode: Any, flags: int = 0, *rest: Any, **keywords: Any) -> Any:
        assert flags & ast.PyCF_ONLY_AST
        return parse(source, filename, mode, flags, *rest, **keywords)

    with monkeypatch.context() as patch:
        patch.setattr(builtins, "compile", only_parse)
        patch.setattr(builtins, "eval", refuse_to_run)
        patch.setattr(builtins, "exec", refuse_to_run)
        yield


def refused(text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        compile_condition(text, NAMES)
    error = caught.value
    assert 0 <= error.start <= error.end <= len(text)
    said = str(error)
    assert len(said.splitlines()) == 1
    assert len(said) < 400
    assert said.encode("utf-8", "strict")
    assert said.isprintable()
    return error


@pytest.mark.usefixtures("nothing_is_run")
@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_an_attack_is_refused_in_one_line_and_never_run(text: str, capfd: pytest.CaptureFixture[str]) -> None:
    refused(text)
    assert capfd.readouterr() == ("", "")


def assert_compiled_or_refused(check: Callable[[str, Names], object], text: str) -> None:
    error = None
    try:
        check(text, NAMES)
    except ExpressionError as caught:
        error = caught
    if error is not None:
        assert 0 <= error.start <= error.end <= len(text)
        assert str(error).isprintable()


@pytest.mark.usefixtures("nothing_is_run")
@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_an_attack_in_a_message_or_while_typing_does_nothing_either(text: str) -> None:
    assert_compiled_or_refused(compile_message, f"{{{text}}}")
    completions(text[:600], min(len(text), 600), NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "f.T", "f[0] ** 2", "lambda: 1", "[x for x in f]", "(x for x in f)", "{t: t}", "{t}", "[t]", "(t, t)", "f[0:1]",
        "t if t else t", "(y := 1)", "f'{t}'", "f'{t!r:>{t}}'", "b'a'", "1j", "...", "None", "True", "t is t", "t in f",
        "~t", "t | t", "t & t", "t ^ t", "t << t", "t >> t", "t @ t", "any(*f)", "any(f, key=1)", "any(**f)", "'a'",
        "f[True]", "f[...]", "f[0, 1]", "__import__('os')", "f.tofile('x')", "(yield t)", "(await t)", "f[:]",
        "any(f > 1, out=f)", "abs(t)(t)", "not t.real", "t < t.imag", "-t.real", "prev(f.T)", "f['a']", "'%s' % t",
    ],
)  # fmt: skip
def test_the_grammar_refuses_them_by_itself_should_the_first_look_ever_miss_one(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grammar, "screen", lambda text, _names: text)
    with pytest.raises(ExpressionError) as caught:
        grammar.compiled_term(text, NAMES)
    assert 0 <= caught.value.start <= caught.value.end <= len(text)


@pytest.mark.parametrize("text", ["t > 1 >", "(", "t t", "\0", "9" * 5000, "\ud800", "(" * 5000, "-" * 100_000 + "t"])
def test_whatever_python_says_of_a_text_becomes_an_error_of_ours(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar, "screen", lambda text, _names: text)
    with pytest.raises(ExpressionError) as caught:
        grammar.compiled_term(text, NAMES)
    assert 0 <= caught.value.start <= caught.value.end <= len(text)


def depth() -> int:
    frame, count = sys._getframe(), 0
    while frame.f_back is not None:
        frame, count = frame.f_back, count + 1
    return count


def test_an_expression_that_is_typed_very_deep_down_in_a_program_is_refused_and_nothing_breaks() -> None:
    compile_expression("t", NAMES)  # its names are known from now on

    def descend(levels: int) -> None:
        if levels:
            return descend(levels - 1)
        with pytest.raises(ExpressionError) as caught:
            compile_expression("abs(" * 99 + "t" + ")" * 99, NAMES)
        assert caught.value.code == "expression_too_deep"
        return None

    descend(sys.getrecursionlimit() - depth() - 120)


LANGUAGE = st.sampled_from(
    [
        "t", "token", "f", "c", "x", "any", "mean", "prev", "crosses", "isnan", "[", "]", "(", ")", "0", "3", "0.5",
        "9", "and ", "or ", "not ", "<", ">", "==", "!=", "+", "-", "*", "/", "//", "%", '"l"', ",", " ", "\n",
        "if ", "else ", "lambda ", "for ", "in ", "**", "=", ":", ".", "{", "}", "'", '"', "\\", "\0", "你", "ｆ",
        "e", "_",
    ]
)  # fmt: skip


@settings(max_examples=10 * settings.default.max_examples)
@given(st.text() | st.lists(LANGUAGE, max_size=12).map("".join) | st.lists(LANGUAGE, max_size=60).map("".join))
def test_any_text_is_compiled_or_refused(text: str) -> None:
    for check in (compile_expression, compile_condition, compile_message):
        assert_compiled_or_refused(check, text)
    for position in range(0, len(text) + 1, 3):
        assert all(each.start <= position for each in completions(text, position, NAMES))


CONDITIONS = ['mean(o) > 0.9 and token == "l"', "abs(c[0] - prev(c[0])) > 0.5", "crosses(c[2], 0) or t>3"]


@settings(max_examples=5 * settings.default.max_examples)
@given(st.sampled_from(CONDITIONS), st.data())
def test_a_condition_that_is_cut_short_or_mistyped_is_compiled_or_refused(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    changed = text[:start] + data.draw(LANGUAGE | st.just("")) + text[end:]
    assert_compiled_or_refused(compile_condition, changed)
