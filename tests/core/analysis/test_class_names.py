"""Labels and targets as people type them, and what is said where they are wrong."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gatescope.analysis.class_names import ClassNames
from gatescope.messages.message import GatescopeError

LETTERS = ClassNames(4, tuple("ehlo"))
NUMBERS = ClassNames(10)
WORDS = ClassNames(3, ("not spam", "spam", "2"))


@pytest.mark.parametrize(
    ("names", "text", "wanted"),
    [
        (LETTERS, "ohlol", (3, 1, 2, 3, 2)),
        (LETTERS, "  ohlol ", (3, 1, 2, 3, 2)),
        (LETTERS, "o h l o l", (3, 1, 2, 3, 2)),
        (LETTERS, "3 1 2 2 3", (3, 1, 2, 2, 3)),
        (LETTERS, "3,1, 2，2;3", (3, 1, 2, 2, 3)),
        (LETTERS, "o", (None, None, None, None, 3)),
        (NUMBERS, "7", (None, None, None, None, 7)),
        (NUMBERS, "1 2 3 4 5", (1, 2, 3, 4, 5)),
        (WORDS, "spam", (None, None, None, None, 1)),
        (WORDS, " not spam ", (None, None, None, None, 0)),
        (WORDS, "spam, not spam, spam, spam, 2", (1, 0, 1, 1, 2)),
        (ClassNames(3, ("a", " ", "b")), "a b a", (0, 1, 2, 1, 0)),
        (ClassNames(3, ("0", "2", "1")), "00021", (0, 0, 0, 1, 2)),
    ],
)
def test_targets_are_read(names: ClassNames, text: str, wanted: tuple[int | None, ...]) -> None:
    targets = names.read_targets(text, 5)
    assert targets == wanted
    assert names.read_targets(names.format_targets(targets), 5) == wanted


@pytest.mark.parametrize(
    ("names", "text", "code", "words"),
    [
        (LETTERS, "ohlox", "no_such_class", "There is no class 'x'; write one of ehlo, or a number from 0 to 3."),
        (LETTERS, "3 1 2 2 4", "no_such_class", "There is no class '4'"),
        (LETTERS, "3 1 2 2 -1", "no_such_class", "There is no class '-'"),
        (LETTERS, "ohlo", "targets_count", "There are 5 steps, but 4 targets; write one for each step, or a single"),
        (LETTERS, "1 2", "targets_count", "5 steps, but 2 targets"),
        (NUMBERS, "seven", "no_such_class", "no class 'seven'; write numbers from 0 to 9, with spaces between them."),
        (NUMBERS, "10", "no_such_class", "There is no class '10'"),
        (NUMBERS, "1,,2", "no_such_class", "There is no class ''"),
        (NUMBERS, "1e3", "no_such_class", "There is no class '1e3'"),
        (WORDS, "ham", "no_such_class", "write one of not spam, spam, 2, or a number from 0 to 2."),
    ],
)
def test_wrong_targets_are_told_with_what_would_be_right(names: ClassNames, text: str, code: str, words: str) -> None:
    with pytest.raises(GatescopeError) as caught:
        names.read_targets(text, 5)
    assert caught.value.code == code
    assert words in str(caught.value)


def test_very_many_labels_are_not_all_listed() -> None:
    with pytest.raises(GatescopeError) as caught:
        ClassNames(300, tuple(map(chr, range(200, 500)))).read_targets("a", 1)
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize(
    ("text", "count", "labels"),
    [
        ("ehlo", 4, ("e", "h", "l", "o")),
        ("a,b", 3, ("a", ",", "b")),
        ("yes, no", 2, ("yes", "no")),
        ("cat，dog，no animal", 3, ("cat", "dog", "no animal")),
        ("好坏", 2, ("好", "坏")),
    ],
)
def test_labels_are_characters_or_names(text: str, count: int, labels: tuple[str, ...]) -> None:
    names = ClassNames.read(text, count)
    assert names.labels == labels
    assert [names[number] for number in range(count)] == list(labels)


@pytest.mark.parametrize(
    ("text", "count", "code", "words"),
    [
        ("ehl", 4, "labels_count", "There are 4 classes, but 3 labels; write 4 characters, or 4 names with commas"),
        ("a, b, c", 4, "labels_count", "4 classes, but 3 labels"),
        ("a, b,", 3, "labels_count", "3 classes, but 2 labels"),
        ("ehho", 4, "label_twice", "The label 'h' is there twice; each class needs its own."),
        ("yes, no, yes", 3, "label_twice", "'yes'"),
    ],
)
def test_wrong_labels_are_told(text: str, count: int, code: str, words: str) -> None:
    with pytest.raises(GatescopeError) as caught:
        ClassNames.read(text, count)
    assert caught.value.code == code
    assert words in str(caught.value)


def test_without_labels_classes_have_numbers() -> None:
    assert [NUMBERS[number] for number in (0, 9)] == ["0", "9"]
    assert not NUMBERS.are_characters


def test_heads_and_names_are_there_before_torch() -> None:
    """The window shows its first example before torch is imported."""
    code = "import sys, gatescope.analysis.heads, gatescope.analysis.class_names; print('torch' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"
