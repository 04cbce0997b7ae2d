"""What is refused in an expression: where it is marked, what is said, and what is offered while typing."""

from __future__ import annotations

import pytest

import gatescope as gs
from gatescope.debugging.expressions.compiled import compile_condition, compile_expression
from gatescope.debugging.expressions.completion import completions
from gatescope.debugging.expressions.errors import ExpressionError
from gatescope.debugging.expressions.log_message import compile_message
from gatescope.debugging.expressions.names import Names

LSTM = Names.of(gs.ModuleSpec(4, 8), tokens=True, reference=True)
STACKED = Names.of(gs.ModuleSpec(4, 8, num_layers=2))


def refused(text: str, names: Names = LSTM) -> tuple[str, str]:
    """Return the marked text with ‹ › around what is wrong, and the code."""
    with pytest.raises(ExpressionError) as caught:
        compile_condition(text, names)
    start, end = caught.value.start, caught.value.end
    return f"{text[:start]}‹{text[start:end]}›{text[end:]}", caught.value.code.removeprefix("expression_")


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
        ("1 < ‹not t›", "not_read"),
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
        # names
        ("‹foo› > 1", "unknown"),
        ("‹forget› > 1", "unknown"),
        ("‹C›[0] > 1", "unknown_near"),
        ("‹abs› > 1", "function_alone"),
        ("‹mean›[3] > 1", "function_alone"),
        ("‹crosess›(c[0], 1)", "unknown_near"),
        ("‹print›(1)", "unknown"),
        ("‹f›(3) > 1", "not_a_function"),
        ("(‹f[0]›)(3) > 1", "not_a_function"),
        # units
        ("f[‹8›] > 1", "unit_range"),
        ("f[‹-1›] > 1", "unit_range"),
        ("f[‹0.5›] > 1", "unit_not_whole"),
        ("f[‹t›] > 1", "unit_not_whole"),
        ('f[‹"a"›] > 1', "unit_not_whole"),
        ("‹t[0]› > 1", "no_units"),
        ("‹f[0][0]› > 1", "no_units"),
        # kinds
        ("‹f[0]›", "condition_number"),
        ("‹f›", "condition_number"),
        ("  ‹token›  ", "condition_text"),
        ("\n‹f > 1›", "condition_vector"),
        ("not ‹t›", "kind"),
        ("t > 1 and ‹t›", "kind"),
        ("-(‹t > 1›) > 0", "kind"),
        ("(‹t > 1›) + 1 > 0", "kind"),
        ("any(‹f›)", "kind"),
        ("min(‹f > 1›) > 0", "kind"),
        ("mean(‹token›) > 0", "kind"),
        ("abs(‹token›) > 0", "kind"),
        ("isnan(‹t > 1›)", "kind"),
        ("isfinite(‹token›)", "kind"),
        ("crosses(‹token›, 1)", "kind"),
        ("crosses(t, ‹token›)", "kind"),
        ("saturated(‹f > 1›, 0.9) > 1", "kind"),
        ("saturated(f, ‹token›) > 1", "kind"),
        ("(‹t > 1›) == (t > 2)", "truth_compared"),
        ("1 == (‹t > 1›)", "truth_compared"),
        ("‹token == 1›", "text_and_number"),
        ("t < ‹1 == \"l\"›", "text_and_number"),
        ("‹token < \"l\"›", "text_order"),
        ("any(‹\"l\"›)", "text_place"),
        ("‹\"l\"›", "text_place"),
        ("‹\"l\"› == \"l\"", "text_place"),
        ("prev(‹\"l\"›) == token", "text_place"),
        ("direction == ‹\"back\"›", "direction"),
        ("‹\"back\"› == prev(direction)", "direction"),
        # vectors
        ("any(‹f[3] > 1›)", "no_vector"),
        ("max(‹t›) > 1", "no_vector"),
        ("any(‹f + x› > 1)", "units_differ"),
        ("any(‹x > f›)", "units_differ"),
        ("‹max(f[0], f[1])› > 1", "values"),
        ("‹crosses(c[0])›", "values"),
        ("‹prev()› > 1", "values"),
        ("saturated(‹c›, 0.9) > 1", "no_limits"),
        ("saturated(f, ‹1.5›) > 1", "level"),
        ("saturated(f, ‹-0.1›) > 1", "level"),
        ("saturated(f, ‹i›) > 1", "level_vector"),
        # places count characters, whatever is before them
        ('token == "你好" and ‹foo› > 1', "unknown"),
        ('token == "𝄞\\\\" and f[‹9›] > 1', "unit_range"),
        ("  \n\t ‹foo› > 1", "unknown"),
        ("t > 1 or\r\n‹foo› > 1", "unknown"),
        ("\u3000t > 1 and\u00a0‹foo› > 1", "unknown"),
    ],
)  # fmt: skip
def test_an_error_marks_the_place_that_is_wrong(marked: str, code: str) -> None:
    assert refused(marked.replace("‹", "").replace("›", "")) == (marked, code)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("f[", "The unit of f must be a whole number from 0 to 7."),
        ("f[9]", "f has the units 0 to 7, but not 9."),
        ("f[3] <", "After < a value is missing, such as f[0] or 0.5."),
        ("f > 0.1", "f > 0.1 is true or false for each unit; say any(f > 0.1) or all(f > 0.1)."),
        ("f", "f is a number, not true or false; compare it, as in any(f > 0.5)."),
        ("t", "t is a number, not true or false; compare it, as in t > 0.5."),
        ("token", 'token is a text, not true or false; compare it, as in token == "l".'),
        ("direction", 'direction is a text, not true or false; compare it, as in direction == "forward".'),
        ("t = 1", "= has no meaning in an expression; write ==."),
        ("\u202e", "U+202E has no meaning in an expression."),
        ("any(x > f)", "x has 4 units, but f has 8, so they cannot be taken unit by unit."),
        ("min(f > 1) > 0", "f > 1 is true or false, but a number is needed here."),
        ("tokn", "There is no tokn; did you mean token? There are t, token, x, f, i, c_tilde, g, c, o, h, z_f, z_i, "
                 "z_c, z_o, layer, direction, batch, err."),
    ],
)  # fmt: skip
def test_an_error_says_what_would_be_right(text: str, said: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_condition(text, LSTM)
    assert str(caught.value) == said


def test_a_vector_whose_units_depend_on_the_layer_goes_with_no_other() -> None:
    assert refused("any(x + h > 1)", STACKED) == ("any(‹x› + h > 1)", "units_vary")
    assert refused("any(h > x)", STACKED) == ("any(h > ‹x›)", "units_vary")
    assert compile_condition("any(x > prev(x) * t)", STACKED).kind == "truth"
    assert refused("x[8] > 1", STACKED) == ("x[‹8›] > 1", "unit_range")
    both_ways = Names.of(gs.ModuleSpec(16, 8, num_layers=2, bidirectional=True))
    assert compile_expression("x", both_ways).width == 16
    assert refused("any(x > h)", both_ways)[1] == "units_differ"


def test_a_long_part_is_repeated_in_short() -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_condition("f + " * 60 + "f > 1", LSTM)
    assert "…" in str(caught.value)
    assert len(str(caught.value)) < 250


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
def test_a_hundred_levels_may_be_nested(fits: str, too_deep: str) -> None:
    assert compile_expression(fits, LSTM).text == fits
    assert refused(too_deep.replace("‹", "").replace("›", "")) == (too_deep, "too_deep")


@pytest.mark.parametrize(
    ("marked", "code"),
    [
        ("f = ‹{›f[3]", "log_message_brace"),
        ("f = f[3]‹}›", "log_message_brace"),
        ("{{f‹}› {t}", "log_message_brace"),
        ("{f[‹9›]}", "expression_unit_range"),
        ("你 {t} {‹foo›}", "expression_unknown"),
        ("{‹›}", "expression_empty"),
        ("{t‹:›.2f}", "expression_sign"),
        ("{t‹!›r}", "expression_sign_instead"),
        ("{f‹.›T}", "expression_point"),
        ("{‹\"l\"›}", "expression_text_place"),
    ],
)  # fmt: skip
def test_an_error_in_a_message_marks_the_place_in_the_message(marked: str, code: str) -> None:
    text = marked.replace("‹", "").replace("›", "")
    with pytest.raises(ExpressionError) as caught:
        compile_message(text, LSTM)
    error = caught.value
    assert (f"{text[: error.start]}‹{text[error.start : error.end]}›{text[error.end :]}", error.code) == (marked, code)


# ------------------------------------------------------------------------------------------------ completion


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
