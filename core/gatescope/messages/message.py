"""What the engine says to people: a code, its parameters, and the English template.

The engine never builds a sentence anywhere else. A window can therefore say the same thing in another
language: it looks the template up by its text and fills in the same parameters.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from gatescope.messages.catalogue import MESSAGES

Progress = Callable[[float], None]
"""Called with the fraction done, from 0 to 1, while long work goes on; it may raise `Cancelled` to stop the work."""


def fraction_of(progress: Progress | None, part: int, parts: int) -> Progress | None:
    """Return what one of several equal parts of the work tells its own fraction to."""
    if progress is None:
        return None
    return lambda fraction: progress((part + fraction) / parts)


def escaped(text: str) -> str:
    r"""Return text with what no one can see written out, such as \n, \x1b and \u202e: names of files may hold anything.

    Raw, an escape sequence would act on a terminal, and a mark of direction would turn what stands behind it round.
    """
    return "".join(letter if _is_seen(letter) else letter.encode("unicode_escape").decode() for letter in text)


def _is_seen(letter: str) -> bool:
    return letter.isprintable() or unicodedata.category(letter) == "Zs"  # such as the space of full width


def one_line(text: str) -> str:
    """Return text that may have several lines, such as another library's words, as one that can be printed."""
    return escaped(" ".join(text.splitlines()))


def _printable(value: Any) -> Any:
    if isinstance(value, os.PathLike):
        return escaped(str(value))
    return one_line(value) if isinstance(value, str) else value


@dataclass(frozen=True)
class Listing:
    """Several things in a message, with the commas of the language between them.

    Parameters
    ----------
    parts : tuple of str or Message
        At least one.
    """

    parts: tuple[str | Message, ...]

    def __str__(self) -> str:
        """Return the parts in English."""
        return self.format_with(str)

    def format_with(self, translate: Callable[[str], str]) -> str:
        """Return the parts in another language; see `Message.format_with`."""
        first, *others = self.parts
        return reduce(
            lambda text, part: Message("and_next", {"first": text, "next": part}).format_with(translate),
            others,
            str(_say(first, translate)),
        )


def _say(value: Any, translate: Callable[[str], str]) -> Any:
    return value.format_with(translate) if isinstance(value, Message | Listing) else _printable(value)


@dataclass(frozen=True)
class Message:
    """One statement of the engine.

    Parameters
    ----------
    code : str
        A key of `gatescope.messages.catalogue.MESSAGES`.
    params : dict
        The values for the template's fields; a value may itself be a `Message` or a `Listing`.
    """

    code: str
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the message in English, in one line whatever the values hold."""
        return self.format_with(str)

    def format_with(self, translate: Callable[[str], str]) -> str:
        """Return the message in another language.

        Parameters
        ----------
        translate : callable
            Returns a template in that language, given the English one.
        """
        return translate(MESSAGES[self.code]).format(**self.printable_params(translate))

    def printable_params(self, translate: Callable[[str], str] = str) -> dict[str, Any]:
        """Return the values for the template's fields, of which none does anything but be read."""
        return {name: _say(value, translate) for name, value in self.params.items()}


def describe_all(parts: Iterable[Message | str]) -> Message | Listing:
    """Join parts by commas; say so where there is none."""
    listed = tuple(parts)
    return Listing(listed) if listed else Message("nothing")


def describe_several(parts: Sequence[Message | str], shown: int = 4) -> Message | Listing:
    """Join the first few by commas and count the others; say so where there is none."""
    text = describe_all(parts[:shown])
    return Message("and_more", {"first": text, "count": len(parts) - shown}) if len(parts) > shown else text


class GatescopeError(ValueError):
    """Something that a person can put right: bad input, a file, a missing device.

    Parameters
    ----------
    code : str
        A key of `gatescope.messages.catalogue.MESSAGES`.
    **params
        The values for the template's fields.
    """

    def __init__(self, code: str, /, **params: Any) -> None:
        self.message = Message(code, params)
        super().__init__(str(self.message))

    @property
    def code(self) -> str:
        """The key of the message."""
        return self.message.code


class Cancelled(Exception):  # noqa: N818 - a request that was granted, not an error
    """Raised by a progress callback to stop the work that called it."""
