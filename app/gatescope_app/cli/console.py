"""What the commands say on the console, and their exit statuses."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from typing import NoReturn

from gatescope.messages.message import escaped
from gatescope_app.cli.console_language import describe, translate

MATCHES, DIFFERS, BAD_INPUT, UNEXPECTED = 0, 1, 2, 3


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
