"""The line above the steps: how many steps, numbers and batch elements, and how the array is read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gatescope_app.panels.sequence.sequence_view import SequenceView
from gatescope_app.state.runs import Setup, example_setup

CAPTIONS = {
    "nn.LSTM(4, 3, batch_first=True)": (
        "7 steps of 4 numbers, batch of 10",
        "x is (B, T, K) = (10, 7, 4).",
    ),
    "nn.GRU(4, 3)": ("7 steps of 4 numbers, batch of 10", "x is (T, B, K) = (7, 10, 4)."),
    "nn.LSTMCell(4, 3)": ("7 steps of 4 numbers, batch of 10", "x is (T, B, K) = (7, 10, 4)."),
}


def caption(show_alone: Any, setup: Setup) -> tuple[str, str]:
    view = show_alone(SequenceView, setup, 300, 300)[2]
    return view.caption.text(), view.caption.toolTip().split(" Sequence")[0]


@pytest.mark.parametrize("line", CAPTIONS)
def test_a_batch_is_said_with_its_axes(show_alone: Any, make_setup: Any, line: str) -> None:
    assert caption(show_alone, make_setup(line, steps=7, batch=10)) == CAPTIONS[line]


def test_without_a_batch_that_is_said(show_alone: Any, make_setup: Any) -> None:
    single = make_setup("nn.LSTM(4, 3, batch_first=True)", steps=7)
    assert caption(show_alone, single) == ("7 steps of 4 numbers, no batch", "x is (T, K) = (7, 4).")


def test_tokens_are_called_so(show_alone: Any) -> None:
    hello = example_setup("hello")
    assert caption(show_alone, hello)[0] == "5 tokens of 4 numbers, no batch"
    batch = replace(hello.sequence, values=hello.sequence.values[:, None].repeat(2, axis=1))
    assert caption(show_alone, replace(hello, sequence=batch))[0] == "5 tokens of 4 numbers, batch of 2"
