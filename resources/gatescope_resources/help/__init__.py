"""The help: a page for each panel, and a glossary, in Markdown, by language.

A page names actions and panels of the window as `{key:step}` (the keys of an action), `{action:step}` (its text) and
`{panel:memory}` (the title of a panel), so that it stays true when those change. It links to other pages as
`[…](memory.md)`, and to a word of the glossary as `[…](glossary.md#half-life)`.
"""

from __future__ import annotations

from pathlib import Path

GLOSSARY = "glossary"
"""The page of the words."""

_FOLDER = Path(__file__).parent


def help_page_names(language: str) -> frozenset[str]:
    """Return the names of all pages in a language such as `zh_CN`."""
    return frozenset(path.stem for path in (_FOLDER / language).glob("*.md"))


def help_page(name: str, language: str) -> str:
    """Return the Markdown of a page in a language such as `zh_CN`."""
    return (_FOLDER / language / f"{name}.md").read_text(encoding="utf-8")
