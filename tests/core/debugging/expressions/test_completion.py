"""What is offered while an expression is typed."""

from __future__ import annotations

import pytest

import gatescope as gs
from gatescope.debugging.expressions.compiled import compile_expression
from gatescope.debugging.expressions.completion import completions
from gatescope.debugging.expressions.names import Names

LSTM = Names.of(gs.ModuleSpec(4, 8), tokens=True, reference=True)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("sa", ["saturated("]),
        ("f[0] > 1 and z_", ["z_f", "z_i", "z_c", "z_o"]),
        ("M", ["mean(", "min(", "max("]),
        ("any(is", ["isnan(", "isfinite("]),
        ("f[0] < ma", ["max("]),
        ("not tok", ["token"]),
        ("f[", []),
        ("f[1", []),
        ("f[m", []),
        ("f[-", []),
        ("f[abs(", []),
        ("f[0] ", []),
        ("f[0] m", []),
        ("3m", []),
        ("f.m", []),
        ('token == "m', []),
        ('token == "one and ', []),
        ('token == "l" ', []),
        ('token == "l" or dir', ["direction"]),
        ("q", []),
    ],
)  # fmt: skip
def test_what_fits_the_word_before_the_cursor_is_offered(text: str, offered: list[str]) -> None:
    found = completions(text, len(text), LSTM)
    assert [each.insert for each in found] == offered
    assert all(text[each.start :].lower() == each.insert[: len(text) - each.start] for each in found)


@pytest.mark.parametrize("text", ["", "  ", "any(", "t > ", "t > 1 and ", "f[0] +", "crosses(c[1],"])
def test_where_a_value_may_begin_everything_is_offered(text: str) -> None:
    found = completions(text, len(text), LSTM)
    assert {"t", "token", "f", "g", "z_o", "err", "prev(", "crosses("} <= {each.insert for each in found}
    assert {each.start for each in found} == {len(text)}


def test_what_is_offered_depends_on_the_cursor_and_on_the_network() -> None:
    assert [each.insert for each in completions("sum(f) > saturated", 2, LSTM)] == ["sum("]
    assert completions("f", -3, LSTM) == completions("", 0, LSTM)
    assert completions("f", 99, LSTM)[0].insert == "f"
    gru = {each.insert for each in completions("", 0, Names.of(gs.ModuleSpec(4, 3, kind="GRU")))}
    assert {"r", "z", "n", "h", "z_r"} <= gru
    assert not {"f", "c", "token", "err"} & gru


def test_everything_that_is_offered_says_in_one_line_what_it_is_and_is_understood() -> None:
    for each in completions("", 0, LSTM):
        assert len(str(each.help).splitlines()) == 1
        if each.insert.endswith("("):
            assert str(each.help).startswith(each.insert)
        else:
            assert compile_expression(each.insert, LSTM).text == each.insert
    by_name = {each.insert: str(each.help) for each in completions("", 0, LSTM)}
    assert by_name["f"] == "f_t = σ(z_f), units 0 to 7"
    assert by_name["g"] == "another name of c_tilde, units 0 to 7"
