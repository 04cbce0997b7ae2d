"""Whatever a test draws, it draws again in the next run, alone or after others, and on any machine."""

from __future__ import annotations

import random
import zlib

import hypothesis
import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st


def draw() -> tuple[float, float, float]:
    return float(torch.rand(())), float(np.random.random()), random.random()  # noqa: NPY002 - it is seeded too


def seed(value: int) -> None:
    torch.manual_seed(value)
    np.random.seed(value)  # noqa: NPY002 - as above
    random.seed(value)


@pytest.fixture(scope="module")
def shared() -> tuple[float, float, float]:
    return draw()


def test_a_test_draws_what_follows_from_its_name(request: pytest.FixtureRequest) -> None:
    drawn = draw()
    seed(zlib.crc32(request.node.nodeid.encode()))
    assert drawn == draw()


def test_a_shared_fixture_draws_what_follows_from_its_own_name(request: pytest.FixtureRequest) -> None:
    first = draw()
    shared = request.getfixturevalue("shared")
    second = draw()
    seed(zlib.crc32(request.node.nodeid.encode()))
    assert (first, second) == (draw(), draw())  # whoever needs the fixture first draws no others for that
    seed(zlib.crc32(b"tests/test_conftest.py::shared"))
    assert shared == draw()


def test_each_example_of_hypothesis_draws_the_same() -> None:
    drawn, numbers = set(), list[int]()

    @given(st.integers())
    def example(number: int) -> None:
        drawn.add(draw())
        numbers.append(number)

    for value in (1, 2):
        seed(value)
        example()
    assert len(drawn) == 1
    tried = len(numbers) // 2
    assert tried > 10
    assert numbers[:tried] == numbers[tried:]
    assert hypothesis.settings.default.derandomize
