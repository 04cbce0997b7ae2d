"""The language of the console: that of the environment, read without Qt.

What scripts read is the same in every language: exit status, files, the rows of the table, and all that `--quiet`
prints.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from functools import cache

from gatescope.messages.message import GatescopeError, Listing, Message, one_line
from gatescope_resources.translations import read_texts

Translate = Callable[[str, str], str]
"""Returns a text of a context in some language."""

_LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set counts
_LANGUAGES = {"zh": "zh_CN", "en": "en"}  # by how the names of locales begin


def environment_language(variables: Mapping[str, str]) -> str:
    """Return the language that environment variables ask for, as gettext reads them; English where there is no other.

    `LANGUAGE` is a list with colons, the best first. A locale that is C or POSIX asks for none, whatever else is set.
    """
    locale = next((variables[name] for name in _LOCALES if variables.get(name)), "")
    if _first_word(locale) in ("c", "posix"):
        return "en"
    wanted = [*variables.get("LANGUAGE", "").split(":"), locale]
    known = (_LANGUAGES.get(_first_word(name)) for name in wanted)
    return next((language for language in known if language), "en")


def _first_word(locale: str) -> str:
    return re.split(r"[_.@-]", locale.lower())[0]


def console_language() -> str:
    """Return the language of this console: English where its encoding lacks the characters of another."""
    language = environment_language(os.environ)
    streams = (sys.stdout, sys.stderr)
    return language if language == "en" or all(map(_shows_chinese, streams)) else "en"


def _shows_chinese(stream: object) -> bool:
    try:
        "简体中文：“”".encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


_read = cache(read_texts)


def translate(context: str, text: str) -> str:
    """Return a text in the language of the console; stands in for Qt's function of this name."""
    language = console_language()
    return text if language == "en" else _read(language).get(context, {}).get(text, text)


def in_english(_context: str, text: str) -> str:
    """Return a text as it is."""
    return text


def describe(what: object, translate: Translate = translate) -> str:
    """Return what is said of something, in one line: a message of the engine, a problem, or what is text already."""
    if isinstance(what, GatescopeError):
        what = what.message
    if isinstance(what, Message | Listing):
        return what.format_with(lambda text: translate("engine", text))
    return one_line(str(what))
