"""What the commands say on the console, and their exit statuses."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from typing import NoReturn

from gatescope.messages.message import escaped
from gatescope.messages.translation_marks import QT_TRANSLATE_NOOP
from gatescope_app.cli.console_language import describe, translate

_OF_ARGPARSE = frozenset(
    (
        QT_TRANSLATE_NOOP("console", "usage: "),
        QT_TRANSLATE_NOOP("console", "positional arguments"),
        QT_TRANSLATE_NOOP("console", "options"),
        QT_TRANSLATE_NOOP("console", "%(heading)s:"),
        QT_TRANSLATE_NOOP("console", "show this help message and exit"),
        QT_TRANSLATE_NOOP("console", "argument %(argument_name)s: %(message)s"),
        QT_TRANSLATE_NOOP("console", "unrecognized arguments: %s"),
        QT_TRANSLATE_NOOP("console", "the following arguments are required: %s"),
        QT_TRANSLATE_NOOP("console", "not allowed with argument %s"),
        QT_TRANSLATE_NOOP("console", "ambiguous option: %(option)s could match %(matches)s"),
        QT_TRANSLATE_NOOP("console", "expected one argument"),
        QT_TRANSLATE_NOOP("console", "ignored explicit argument %r"),
        QT_TRANSLATE_NOOP("console", "invalid %(type)s value: %(value)r"),
        QT_TRANSLATE_NOOP("console", "invalid choice: %(value)r (choose from %(choices)s)"),
    )
)
"""What argparse says of its own accord, of all that these commands can be told."""

MATCHES, DIFFERS, BAD_INPUT, UNEXPECTED = 0, 1, 2, 3


def _say_of_argparse(text: str) -> str:
    return translate("console", text) if text in _OF_ARGPARSE else text


# Argparse asks gettext for each of its texts, by this name. Gettext itself reads languages from files of its own kind
# only, and from the environment by rules that differ from those of the other texts.
argparse._ = _say_of_argparse  # type: ignore[attr-defined]  # what a module imports is not declared as its own


class OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line, as every other error of the program."""

    def error(self, message: str) -> NoReturn:
        """Print the message and leave with the status for bad input."""
        text = translate("console", "{problem} (see {command} --help)")
        raise SystemExit(refuse(text.format(problem=message, command=self.prog)))


class Refused(Exception):  # noqa: N818 - what was asked for is refused; nothing went wrong
    """Bad input that only the command line can name, said in one line."""


def refuse(message: object) -> int:
    """Print one line on standard error; return the exit status for bad input."""
    remark(message)
    return BAD_INPUT


def remark(message: object) -> None:
    """Print one line on standard error."""
    print("gatescope:", describe(message), file=sys.stderr)


def describe_missing_gui() -> str:
    """Say that the window cannot be opened without Qt, and how to get it."""
    return translate("console", "the window needs Qt; install it with: pip install 'gatescope[gui]'")


def show(lines: Iterable[str]) -> None:
    """Print lines, of which none acts on the terminal; that their reader, such as head, has seen enough is no error."""
    try:
        print("\n".join(map(escaped, lines)), flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
