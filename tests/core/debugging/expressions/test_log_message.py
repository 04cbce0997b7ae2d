"""The messages of log points: values as people write them, and where a brace or an expression is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch import nn

import gatescope as gs
from gatescope.debugging.expressions.errors import ExpressionError
from gatescope.debugging.expressions.log_message import compile_message
from gatescope.debugging.expressions.names import Names
from gatescope.debugging.expressions.step_arrays import StepArrays
from gatescope.traces.trace import Trace

LSTM = Names.of(gs.ModuleSpec(4, 8), tokens=True, reference=True)


def test_a_message_holds_values_as_people_write_them(
    trace: Trace, names_of: Callable[[Trace], Names], with_values: Callable[..., Trace]
) -> None:
    trace = with_values(trace, f=[0.43123] * 7, c=[-2.0] * 7)
    arrays, names = StepArrays(trace), names_of(trace)
    written = {
        "f = {f[0]}, C = {c[0]}": "f = 0.4312, C = -2", "{t}: {token}": "3: l", "{{{t}}}": "{3}", "plain": "plain",
        "": "", "{prev(t) / 0} {0 / 0}": "inf NaN", "{t > 2} {t > 3}": "true false", '{token == "}"}': "false",
        "{1e15 * 3} {t + 123456}": "3e+15 123459", "two\nlines": "two lines", "{{f}}": "{f}",
    }  # fmt: skip
    for text, expected in written.items():
        assert compile_message(text, names).at(arrays, 3) == expected
    assert compile_message("{token}{g[0]}", names).uses == {"token", "c_tilde"}
    assert compile_message("plain", names).uses == frozenset()


def test_a_message_shows_at_most_eight_units_of_a_vector(names_of: Callable[[Trace], Names]) -> None:
    trace = gs.trace(nn.LSTM(1, 9), torch.zeros(1, 1))
    nine = torch.tensor([[[0.12, 0.5, 1, 2, 3, 4, 5, 6, 7]]])
    trace = trace.with_cell(replace(trace.cell(), values=trace.cell().values | {"f": nine}))
    assert compile_message("{f}", names_of(trace)).at(StepArrays(trace), 0) == "[0.12 0.5 1 2 3 4 5 6 …]"
    assert compile_message("{x > 0}", names_of(trace)).at(StepArrays(trace), 0) == "[false]"


def test_a_token_that_would_break_the_line_is_written_as_in_python(names_of: Callable[[Trace], Names]) -> None:
    trace = replace(gs.trace(nn.LSTM(1, 1), torch.zeros(2, 1)), tokens=("\n", "\u202e"))
    message = compile_message("<{token}>", names_of(trace))
    assert [message.at(StepArrays(trace), t) for t in range(2)] == ["<\\n>", "<\\u202e>"]


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
