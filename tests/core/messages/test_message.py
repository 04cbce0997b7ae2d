"""Messages and errors: a code with its parameters, and a list that names its first few."""

from __future__ import annotations

import pytest

from gatescope.messages.message import GatescopeError, Message, describe_several


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
