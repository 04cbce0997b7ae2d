"""The Chinese README has what the English one has, in the same order."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ENGLISH, CHINESE = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r" *(?:#|::) .*")


def headings(text: str) -> list[int]:
    """Return the levels of all headings, in their order."""
    return [len(marks) for marks in re.findall(r"^(#+) ", BLOCK.sub("", text), re.MULTILINE)]


def code(text: str) -> list[tuple[str, str]]:
    """Return the blocks of code with their languages, without comments."""
    return [(language, COMMENT.sub("", block)) for language, block in BLOCK.findall(text)]


def pictures(text: str) -> list[str]:
    return re.findall(r"!\[[^]]*\]\(([^)]*)\)", text)


def lists(text: str) -> list[str]:
    """Return the marks of lists and tables at the beginning of lines, in their order."""
    return re.findall(r"^(?:\d+\.|-|\|)(?= )", BLOCK.sub("", text), re.MULTILINE)


def names(text: str) -> Counter[str]:
    """Return the code in running text: commands, options, files and names of the library."""
    return Counter(re.findall(r"`([^`\n]+)`", BLOCK.sub("", text)))


def keys(text: str) -> list[str]:
    return re.findall(r"\*\*((?:Ctrl\+|Shift\+)*(?:F\d+|Home|End|[A-Z]))\*\*", text)


def measured(text: str) -> list[list[str]]:
    """Return the numbers of each row of the tables, but for those in their first column."""
    rows = [line.split("|")[2:] for line in text.splitlines() if line.startswith("| ")]
    return [re.findall(r"\d+(?:\.\d+)?", " ".join(row)) for row in rows]


@pytest.mark.parametrize(
    "part", [headings, code, pictures, lists, names, keys, measured], ids=lambda part: part.__name__
)
def test_both_have_the_same(part: object) -> None:
    assert callable(part)
    assert part(ENGLISH)
    assert part(CHINESE) == part(ENGLISH)


def test_each_leads_to_the_other() -> None:
    assert "](README.zh-CN.md)" in ENGLISH
    assert "](README.md)" in CHINESE


def test_a_difference_is_found() -> None:
    english = "# A\n\n`x`\n\n```sh\nmake run  # now\n```\n- one\n"
    for chinese in ("# A\n", english.replace("run", "test"), english.replace("`x`", "`y`"), english.replace("- ", "")):
        assert any(part(chinese) != part(english) for part in (headings, code, names, lists))
    assert code(english.replace("# now", "# 现在")) == code(english)
