"""What the commands say on the console, and their exit statuses."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from typing import NoReturn

from gatescope.messages.message import escaped, one_line

MATCHES, DIFFERS, BAD_INPUT, UNEXPECTED = 0, 1, 2, 3

GUI_MISSING = "the window needs Qt; install it with: pip install 'gatescope[gui]'"


class OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line, as every other error of the program."""

    def error(self, message: str) -> NoReturn:
        """Print the message and leave with the status for bad input."""
        raise SystemExit(refuse(f"{message} (see {self.prog} --help)"))


class Refused(Exception):  # noqa: N818 - what was asked for is refused; nothing went wrong
    """Bad input that only the command line can name, said in one line."""


def refuse(message: object) -> int:
    """Print one line on standard error; return the exit status for bad input."""
    remark(message)
    return BAD_INPUT


def remark(message: object) -> None:
    """Print one line on standard error."""
    print("gatescope:", one_line(str(message)), file=sys.stderr)


def show(lines: Iterable[str]) -> None:
    """Print lines, of which none acts on the terminal; that their reader, such as head, has seen enough is no error."""
    try:
        print("\n".join(map(escaped, lines)), flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
