"""The first look at an expression: its signs, its brackets, how long it is and how deep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import nn

import gatescope as gs
from gatescope.debugging.expressions.compiled import compile_condition, compile_expression
from gatescope.debugging.expressions.errors import ExpressionError
from gatescope.debugging.expressions.log_message import compile_message
from gatescope.debugging.expressions.names import Names

LSTM = Names.of(gs.ModuleSpec(4, 8), tokens=True, reference=True)


@pytest.mark.parametrize(
    ("marked", "code"),
    [
        # not finished
        ("‹›", "empty"),
        ("‹  \n ›", "empty"),
        ("f[‹›", "unit_not_whole"),
        ("any(f)[‹›", "unit_missing"),
        ("f[‹]›", "unit_not_whole"),
        ("f‹[›3", "not_closed"),
        ("f[3] <‹›", "value_missing_after"),
        ("f[3] <‹›   ", "value_missing_after"),
        ("t > 1 and‹›", "value_missing_after"),
        ("not‹›", "value_missing_after"),
        ("-‹›", "value_missing_after"),
        ("any‹(›f > 1", "not_closed"),
        ("any(‹›", "value_missing_after"),
        ("crosses(c[0],‹›", "value_missing_after"),
        ("crosses(c[0],‹)›", "value_missing_after"),
        ('token == ‹"›l', "text_open"),
        ("token == ‹'›", "text_open"),
        # what does not belong together
        ("‹*›", "value_missing"),
        ("t ‹2› > 1", "operator_missing"),
        ("f[3] ‹i›", "operator_missing"),
        ("f[3]‹)› > 1", "not_opened"),
        ("(f[3‹)› > 1", "not_opened"),
        ("(‹)› > 1", "value_missing_after"),
        ("(t‹,› 1) > 1", "comma"),
        ("f[0‹,› 1] > 1", "comma"),
        ("t > ‹[›1]", "value_missing_after"),
        ("t > ‹or› 1", "value_missing_after"),
        ("t <=‹>› 1", "value_missing_after"),
        # signs and words of other languages
        ("t ‹=› 1", "sign_instead"),
        ("t > 1 ‹&&› t < 3", "sign_instead"),
        ("t ‹≥› 1", "sign_instead"),
        ("‹（›t) > 1", "sign_instead"),
        ("t > ‹１›", "sign_instead"),
        ("‹ｆ›[3] > 1", "sign_instead"),
        ("t ‹**› 2", "sign_instead"),
        ("f‹.›mean() > 1", "point"),
        ("t > 1 ‹?› 2", "sign"),
        ("t ‹if› t else t", "keyword"),
        ("‹lambda›: 1", "keyword"),
        ("t > 1 == ‹True›", "true_false"),
        # numbers and texts
        ("t > ‹1_000›", "number"),
        ("t > ‹0x10›", "number"),
        ("t > ‹1j›", "number"),
        ("t > ‹007›", "number"),
        ("t > ‹1000000000000001›", "number_huge"),
        ("t > ‹1e999›", "number_huge"),
        ('token == "a‹\\d›"', "escape"),
        ('token == "a‹\n›"', "sign"),
        ('token == "a‹\u202e›"', "sign"),
    ],
)  # fmt: skip
def test_a_sign_that_does_not_belong_is_marked_where_it_is(
    marked: str, code: str, refused: Callable[..., tuple[str, str]]
) -> None:
    assert refused(marked.replace("‹", "").replace("›", "")) == (marked, code)


def test_a_text_may_have_500_characters() -> None:
    fits = "t > 1".ljust(500)
    assert compile_condition(fits, LSTM).text == fits
    with pytest.raises(ExpressionError) as caught:
        compile_condition(fits + " ", LSTM)
    assert (caught.value.code, caught.value.start, caught.value.end) == ("expression_too_long", 500, 501)
    assert compile_message(fits, LSTM).parts == (fits,)
    with pytest.raises(ExpressionError):
        compile_message(fits + " ", LSTM)


@pytest.mark.parametrize(
    ("fits", "too_deep"),
    [
        ("(" * 100 + "t" + ")" * 100, "(" * 100 + "‹(›" + "t" + ")" * 101),
        ("-" * 99 + "t", "-" * 100 + "‹t›"),
        ("not " * 98 + "t > 1", "not " * 99 + "‹t› > 1"),
        ("t" + " + 1" * 99, "‹t›" + " + 1" * 100),
        ("t" + " < 1" * 120, "abs(" * 99 + "‹t› * t" + ")" * 99),
    ],
)  # fmt: skip
def test_a_hundred_levels_may_be_nested(fits: str, too_deep: str, refused: Callable[..., tuple[str, str]]) -> None:
    assert compile_expression(fits, LSTM).text == fits
    assert refused(too_deep.replace("‹", "").replace("›", "")) == (too_deep, "too_deep")


TOKENS = [(r'"\n"', "\n"), (r"'\''", "'"), (r'"\\"', "\\"), ('"你"', "你"), ('"{"', "{")]


@pytest.mark.parametrize(("written", "token"), TOKENS)
def test_any_token_can_be_written(written: str, token: str, evaluated: Callable[..., Any]) -> None:
    trace = replace(gs.trace(nn.LSTM(1, 1), torch.zeros(2, 1)), tokens=(token, "x"))
    assert evaluated(f"token == {written}", trace).ravel().tolist() == [True, False]
    assert evaluated(f"{written} != token", trace).ravel().tolist() == [False, True]
