"""The pages of the help: the same in every language, short, each with a formula."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from gatescope_resources.help import GLOSSARY, help_page, help_page_names

PAGES = sorted(help_page_names("en"))
LINK = re.compile(r"\[[^]]*\]\(([^)]*)\)")
NAME = re.compile(r"\{\w+:\w+\}")


def blocks_of(page: str) -> list[str]:
    """Return the formulas and other lines of code."""
    return re.findall(r"^```\n(.+?)^```$", page, re.MULTILINE | re.DOTALL)


def test_the_languages_have_the_same_pages() -> None:
    assert GLOSSARY in PAGES
    assert help_page_names("zh_CN") == help_page_names("en")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_the_same_in_both_languages(name: str) -> None:
    english, chinese = help_page(name, "en"), help_page(name, "zh_CN")
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert Counter(LINK.findall(chinese)) == Counter(LINK.findall(english))
    assert Counter(NAME.findall(chinese)) == Counter(NAME.findall(english))
    for mark in (r"^#+ ", r"^- ", r"^```$", r"\*\*"):
        assert len(re.findall(mark, chinese, re.MULTILINE)) == len(re.findall(mark, english, re.MULTILINE)), mark


@pytest.mark.parametrize("name", [name for name in PAGES if name != GLOSSARY])
def test_a_page_is_short_and_has_a_formula(name: str) -> None:
    page = help_page(name, "en")
    assert 80 <= len(page.split()) <= 250
    assert len(blocks_of(page)) == 1
    assert page.startswith(f"# {{panel:{name}}}\n")
    assert [*re.findall(r"^\*\*(.+?)\.\*\*", page, re.MULTILINE)] == [
        "What it shows",
        "How it is computed",
        "What to try",
    ]


def test_the_glossary_is_in_the_order_of_the_alphabet_and_has_each_word_once() -> None:
    words = re.findall(r"^### (.+)$", help_page(GLOSSARY, "en"), re.MULTILINE)
    assert words == sorted(set(words))
    assert len(words) > 40
