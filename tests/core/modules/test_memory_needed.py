"""Absurd sizes are refused by what is free, in a unit that people read."""

from __future__ import annotations

import pytest

import gatescope as gs
from gatescope.modules import memory_needed
from gatescope.modules.memory_needed import format_bytes, is_free, require_memory


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"), (999, "999 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (3.2 * 2**30, "3.2 GiB"),
        (1023.7 * 2**20, "1024 MiB"), (2**60, "1024 PiB"), (2**70 - 2**60, "1047552 PiB"),
        (2**70, "over 1 million PiB"), (10**400, "over 1 million PiB"),
    ],
)  # fmt: skip
def test_bytes_are_written_in_the_largest_unit_that_fits(size: float, text: str) -> None:
    assert format_bytes(size) == text


def test_what_is_more_than_the_free_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Machine:
        available = 3 << 30

    monkeypatch.setattr("gatescope.modules.memory_needed.psutil.virtual_memory", Machine)
    assert is_free(3 << 30)
    assert not is_free((3 << 30) + 1)
    require_memory(3 << 30, "all that there is")
    with pytest.raises(gs.GatescopeError) as caught:
        require_memory((3 << 30) + 1, lambda: "a byte more")
    assert caught.value.code == "too_much_memory"
    assert caught.value.message.params == {"what": "a byte more", "needed": "3 GiB", "available": "3 GiB"}


def test_little_is_never_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    def unexpected() -> None:
        raise AssertionError("the question takes longer than a small run")

    monkeypatch.setattr("gatescope.modules.memory_needed.psutil.virtual_memory", unexpected)
    require_memory(memory_needed.ALWAYS, unexpected)  # type: ignore[arg-type]  # nor is the text made
