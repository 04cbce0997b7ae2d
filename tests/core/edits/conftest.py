"""What the tests of edits share: the line that a refusal says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import gatescope as gs


@pytest.fixture(scope="session")
def refusal() -> Callable[[Callable[[], object]], str]:
    """Return a function that returns what a call is refused with, which is one line."""

    def refused(call: Callable[[], object]) -> str:
        with pytest.raises(gs.GatescopeError) as error:
            call()
        assert len(str(error.value).splitlines()) == 1
        return str(error.value)

    return refused
