"""What is refused in an expression: where it is marked, and what is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import gatescope as gs
from gatescope.debugging.expressions.compiled import compile_condition, compile_expression
from gatescope.debugging.expressions.errors import ExpressionError
from gatescope.debugging.expressions.names import Names

LSTM = Names.of(gs.ModuleSpec(4, 8), tokens=True, reference=True)
STACKED = Names.of(gs.ModuleSpec(4, 8, num_layers=2))


@pytest.mark.parametrize(
    ("marked", "code"),
    [
        ("1 < ‹not t›", "not_read"),
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
def test_an_error_marks_the_place_that_is_wrong(
    marked: str, code: str, refused: Callable[..., tuple[str, str]]
) -> None:
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


def test_a_vector_whose_units_depend_on_the_layer_goes_with_no_other(refused: Callable[..., tuple[str, str]]) -> None:
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
