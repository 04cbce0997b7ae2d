"""Of the engine's tests as a whole: they mirror its rooms, so that who opens a module finds its tests by its name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import pytest

import gatescope

ENGINE, TESTS = Path(gatescope.__file__).parent, Path(__file__).parent

ROOMS = tuple(sorted(path.parent.name for path in ENGINE.glob("*/__init__.py")))

WITHOUT_A_FILE = {
    "cells/values": "types, and a function that returns what it is given",
    "messages/templates/*": "texts, all of which messages/test_catalogue.py fills in",
    "verification/findings": "what verify puts together and Report reads",
    "messages/translation_marks": "returns the text that it is given",
}

rooms = pytest.mark.parametrize("room", ROOMS)


@rooms
def test_every_module_has_a_file_of_tests(room: str) -> None:
    modules, tests = _files(ENGINE, room, "*.py"), _files(TESTS, room, "test_*.py")
    assert modules
    assert _untested(modules, tests) == []
    new = PurePosixPath(room, "new")
    assert _untested([*modules, new], tests) == [new]
    assert _untested([*modules, new], [*tests, PurePosixPath(room, "test_new_on_a_theme")]) == []


@rooms
def test_every_file_of_tests_is_about_a_module(room: str) -> None:
    modules, tests = _files(ENGINE, room, "*.py"), _files(TESTS, room, "test_*.py")
    assert tests
    assert _orphans(modules, tests) == []
    elsewhere, renamed = PurePosixPath(room, "inner", tests[0].name), PurePosixPath(room, "test_gone")
    assert _orphans(modules, [*tests, elsewhere, renamed]) == [elsewhere, renamed]


def test_what_has_no_file_of_tests_is_there_and_needs_the_exception() -> None:
    modules = [module for room in ROOMS for module in _files(ENGINE, room, "*.py")]
    tests = [test for room in ROOMS for test in _files(TESTS, room, "test_*.py")]
    for pattern in WITHOUT_A_FILE:
        excepted = [module for module in modules if module.match(pattern)]
        assert excepted
        assert not [module for module in excepted if any(_is_about(test, module) for test in tests)]


def _files(root: Path, room: str, pattern: str) -> list[PurePosixPath]:
    """Return the files of a room, without their ending, from the folder of all rooms on."""
    found = (path.relative_to(root).with_suffix("") for path in (root / room).rglob(pattern))
    return sorted(PurePosixPath(path) for path in found if path.name != "__init__")


def _untested(modules: Iterable[PurePosixPath], tests: list[PurePosixPath]) -> list[PurePosixPath]:
    needed = [module for module in modules if not any(map(module.match, WITHOUT_A_FILE))]
    return [module for module in needed if not any(_is_about(test, module) for test in tests)]


def _orphans(modules: list[PurePosixPath], tests: Iterable[PurePosixPath]) -> list[PurePosixPath]:
    return [test for test in tests if not any(_is_about(test, module) for module in modules)]


def _is_about(test: PurePosixPath, module: PurePosixPath) -> bool:
    """Whether it is test_<module> or test_<module>_<theme> in the folder that mirrors the module's."""
    return test.parent == module.parent and f"{test.name}_".startswith(f"test_{module.name}_")
