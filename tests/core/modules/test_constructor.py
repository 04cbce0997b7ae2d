"""Constructor text is read, never run; whatever is not a plain nn.LSTM call is refused in one line."""

from __future__ import annotations

import builtins
import os
from typing import Any

import pytest
from hypothesis import given, strategies as st

import gatescope as gs
from gatescope.modules.spec import ModuleSpec

GOOD: dict[str, ModuleSpec] = {
    "nn.LSTM(4, 3)": ModuleSpec(4, 3),
    "torch.nn.LSTM(4, 3)": ModuleSpec(4, 3),
    "LSTM(4, 3)": ModuleSpec(4, 3),
    "  nn.LSTM( 4,3, )\n": ModuleSpec(4, 3),
    "nn.LSTM(\n    4,\n    3,\n)": ModuleSpec(4, 3),
    "nn.LSTM(4, 3, num_layers=2)": ModuleSpec(4, 3, num_layers=2),
    "nn.LSTM(input_size=4, hidden_size=3)": ModuleSpec(4, 3),
    "nn.LSTM(hidden_size=3, input_size=4)": ModuleSpec(4, 3),
    "nn.LSTM(4, 3, 2, False, True, 0.5, True, 1)": ModuleSpec(4, 3, 2, False, True, 0.5, True, 1),
    "nn.LSTM(4, 3, 1, True, False, 0, False, 0, 'cpu', torch.float64)": ModuleSpec(4, 3, dtype="float64", dropout=0),
    "nn.LSTM(4, 3, dtype=torch.double)": ModuleSpec(4, 3, dtype="float64"),
    "nn.LSTM(4, 3, dtype=torch.float)": ModuleSpec(4, 3),
    "nn.LSTM(4, 3, device='cuda:1')": ModuleSpec(4, 3, device="cuda:1"),
    "nn.LSTM(4, 3, device=None, dtype=None)": ModuleSpec(4, 3),
    "nn.LSTM(4, 3)  # a comment": ModuleSpec(4, 3),
    "self.rnn = nn.GRU(4, 3)  # a whole line": ModuleSpec(4, 3, kind="GRU"),
    "m: nn.LSTM = torch.nn.LSTM(4, 3)": ModuleSpec(4, 3),
    "nn.RNN(4, 3, 2, 'relu', False)": ModuleSpec(4, 3, 2, nonlinearity="relu", bias=False, kind="RNN"),
    "nn.RNNCell(4, 3, False, 'relu')": ModuleSpec(4, 3, nonlinearity="relu", bias=False, kind="RNNCell"),
    "torch.nn.LSTMCell(4, 3, bias=False)": ModuleSpec(4, 3, bias=False, kind="LSTMCell"),
    "nn.GRU(4, 3, dtype=torch.half)": ModuleSpec(4, 3, dtype="float16", kind="GRU"),
}


@pytest.mark.parametrize("text", GOOD)
def test_calls_as_people_write_them_are_understood(text: str) -> None:
    assert gs.parse_constructor(text) == GOOD[text]


ATTACKS: dict[str, str] = {
    # code in the place of a value
    "nn.LSTM(__import__('os').system('touch HACKED'), 3)": "constructor_not_literal",
    "nn.LSTM(open('HACKED', 'w'), 3)": "constructor_not_literal",
    "nn.LSTM((lambda: 4)(), 3)": "constructor_not_literal",
    "nn.LSTM([x for x in (4,)][0], 3)": "constructor_not_literal",
    "nn.LSTM(f'{open(1)}', 3)": "constructor_not_literal",
    "nn.LSTM(f'''a\n{1}''', 3)": "constructor_not_literal",
    "nn.LSTM((x := 4), 3)": "constructor_not_literal",
    "nn.LSTM(x.y.z, 3)": "constructor_not_literal",
    "nn.LSTM(x, 3)": "constructor_not_literal",
    "nn.LSTM(2 + 2, 3)": "constructor_not_literal",
    "nn.LSTM(9**9**9**9, 3)": "constructor_not_literal",
    "nn.LSTM(4 if True else 5, 3)": "constructor_not_literal",
    "nn.LSTM(not 4, 3)": "constructor_not_literal",
    "nn.LSTM(~4, 3)": "constructor_not_literal",
    "nn.LSTM(--4, 3)": "constructor_not_literal",
    "nn.LSTM((yield), 3)": "constructor_not_literal",
    "nn.LSTM([4], 3)": "constructor_not_literal",
    "nn.LSTM((4, 4), 3)": "constructor_not_literal",
    "nn.LSTM({4}, 3)": "constructor_not_literal",
    "nn.LSTM(nn.LSTM(4, 3), 3)": "constructor_not_literal",
    "nn.LSTM('4', 3)": "constructor_not_literal",
    "nn.LSTM(b'4', 3)": "constructor_not_literal",
    "nn.LSTM(4j, 3)": "constructor_not_literal",
    "nn.LSTM(..., 3)": "constructor_not_literal",
    "nn.LSTM(*[4, 3])": "constructor_not_literal",
    "nn.LSTM(4, 3, dtype=torch.int8)": "constructor_not_literal",
    "nn.GRU(4, 3, proj_size=2)": "constructor_unknown_argument",
    "nn.LSTMCell(4, 3, num_layers=2)": "constructor_unknown_argument",
    "nn.LSTM(4, 3, nonlinearity='relu')": "constructor_unknown_argument",
    "nn.RNN(4, 3, nonlinearity='cos')": "nonlinearity_unknown",
    "nn.RNN(4, 3, nonlinearity=1)": "constructor_not_literal",
    "nn.LSTM(4, 3, dtype=torch.load('x'))": "constructor_not_literal",
    "nn.LSTM(4, 3, dtype='float32')": "constructor_not_literal",
    "nn.LSTM(4, 3, device=torch.device('cpu'))": "constructor_not_literal",
    "nn.LSTM(4, 3, device=0)": "constructor_not_literal",
    "nn.LSTM(4, 3, **{'bias': False})": "constructor_not_a_call",
    # something else than one call
    "nn.LSTM": "constructor_not_a_call",
    "4": "constructor_not_a_call",
    "'nn.LSTM(4, 3)'": "constructor_not_a_call",
    "lambda: nn.LSTM(4, 3)": "constructor_not_a_call",
    "[nn.LSTM(4, 3)]": "constructor_not_a_call",
    "nn.LSTM(4, 3), 1": "constructor_not_a_call",
    "nn.LSTM(4, 3).eval": "constructor_not_a_call",
    "nn.LSTM(4, 3) or 1": "constructor_not_a_call",
    "await nn.LSTM(4, 3)": "constructor_not_a_call",
    "(m := nn.LSTM(4, 3))": "constructor_not_a_call",
    # another call
    "nn.Linear(4, 3)": "constructor_other_class",
    "nn.QuantizedLSTM(4, 3)": "constructor_other_class",
    "lstm(4, 3)": "constructor_other_class",
    "os.nn.LSTM(4, 3)": "constructor_other_class",
    "exit()": "constructor_other_class",
    "nn.LSTM(4, 3)(1)": "constructor_other_class",
    "nn.LSTM(4, 3).eval()": "constructor_other_class",
    "nn.LSTM.__init__(4, 3)": "constructor_other_class",
    "getattr(nn, 'LSTM')(4, 3)": "constructor_other_class",
    "(lambda a, b: 0)(4, 3)": "constructor_other_class",
    # not an expression
    "a = 1; m = nn.LSTM(4, 3)": "constructor_syntax",
    "m = open('HACKED', 'w')": "constructor_other_class",
    "m: nn.LSTM": "constructor_syntax",
    "m += nn.LSTM(4, 3)": "constructor_syntax",
    "import os": "constructor_syntax",
    "nn.LSTM(4, 3); import os": "constructor_syntax",
    "nn.LSTM(4, 3": "constructor_syntax",
    "nn.LSTM(4, 3))": "constructor_syntax",
    "nn.LSTM(4 3)": "constructor_syntax",
    "nn.LSTM(num_layers=2, 4, 3)": "constructor_syntax",
    "nn.LSTM(4, 3, num_layers=2, num_layers=3)": "constructor_twice",
    "nn.LSTM(4, 3)\0": "constructor_syntax",
    "\0": "constructor_syntax",
    "\udc80": "constructor_syntax",
    "nn.LSTM(" * 50 + ")" * 50: "constructor_not_literal",
    "nn.LSTM(" + "(" * 240 + ")" * 240: "constructor_syntax",
    "nn.LSTM(" + "-" * 450 + "4, 3)": "constructor_not_literal",
    "nn" + ".a" * 240 + "(4)": "constructor_other_class",
    "": "constructor_empty",
    " \n ": "constructor_empty",
    "nn.LSTM(4, 3)" + " " * 500 + "+": "constructor_too_long",
    "x" * 10**6: "constructor_too_long",
    # wrong arguments
    "nn.LSTM()": "constructor_missing",
    "nn.LSTM(4)": "constructor_missing",
    "nn.LSTM(hidden_size=3)": "constructor_missing",
    "nn.LSTM(None, 3)": "constructor_missing",
    "nn.LSTM(4, hidden_size=None)": "constructor_missing",
    "nn.LSTM(4, 3, layers=2)": "constructor_unknown_argument",
    "nn.LSTM(4, 3, __class__=2)": "constructor_unknown_argument",
    "nn.LSTM(4, 3, input_size=4)": "constructor_twice",
    "nn.LSTM(4, 3, 1, True, False, 0, False, 0, 'cpu', None, 1)": "constructor_too_many",
    # right arguments, wrong values
    "nn.LSTM(True, 3)": "not_whole",
    "nn.LSTM(4, 3.0)": "not_whole",
    "nn.LSTM(4, 3, 1, 1)": "not_a_bool",
    "nn.LSTM(4, 3, bias=0)": "not_a_bool",
    "nn.LSTM(0, 3)": "out_of_range",
    "nn.LSTM(4, -3)": "out_of_range",
    "nn.LSTM(4, 3, dropout=1.5)": "out_of_range",
    "nn.LSTM(4, 3, dropout=1e999)": "out_of_range",
    "nn.LSTM(4, 3, dropout=" + "9" * 400 + ")": "out_of_range",
    "nn.LSTM(" + "9" * 480 + ", 3)": "out_of_range",
    "nn.LSTM(0x" + "f" * 480 + ", 3)": "out_of_range",
    "nn.LSTM(4, 3, proj_size=3)": "proj_too_large",
    "nn.LSTM(4, 99999999999)": "too_much_memory",
    "nn.LSTM(4, 3, device='gpu')": "device_unknown",
    "nn.LSTM(4, 3, device='a\\nb')": "device_unknown",
}


@pytest.mark.parametrize("text", ATTACKS, ids=lambda text: text[:50].encode("unicode_escape").decode())
def test_anything_else_is_refused_in_one_line(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any, **_options: Any) -> Any:
        raise AssertionError("the text was run")

    monkeypatch.setattr(builtins, "eval", fail)
    monkeypatch.setattr(builtins, "exec", fail)
    monkeypatch.setattr(os, "system", fail)
    with pytest.raises(gs.GatescopeError) as caught:
        gs.parse_constructor(text)
    assert caught.value.code == ATTACKS[text]
    assert len(str(caught.value).splitlines()) == 1
    assert len(str(caught.value)) < 700


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("nn.LSTM(4, 2 + 1)", "2 + 1"),
        ("nn.Linear(4, 3)", "nn.Linear"),
        ("nn.LSTM(4, 3, layers=2)", "layers"),
        ("nn.LSTM(4, 3, **extra)", "**extra"),
        ("nn.LSTM(4, hidden)", "hidden_size"),
        ("nn.LSTM(4)", "hidden_size is missing"),
        ("nn.LSTM(4, 3, bias=1)", "bias must be True or False"),
    ],
)
def test_the_part_that_is_not_understood_is_named(text: str, part: str) -> None:
    with pytest.raises(gs.GatescopeError) as caught:
        gs.parse_constructor(text)
    assert part in str(caught.value)


@given(st.text(max_size=60) | st.text("nLSTM.(),=1234 _abdpr'\"[]{}-+*#\\\n", max_size=60).map("nn.LSTM(4, 3".__add__))
def test_any_text_is_a_network_or_a_refusal(text: str) -> None:
    try:
        result: ModuleSpec | gs.GatescopeError = gs.parse_constructor(text)
    except gs.GatescopeError as error:
        result = error
    assert isinstance(result, ModuleSpec) or len(str(result).splitlines()) == 1
