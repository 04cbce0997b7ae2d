"""What the classes of a head are called, and which of them is right at each step, as people write it down.

Importing this needs no torch.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from gatescope.messages.message import GatescopeError, Message

Targets = tuple[int | None, ...]
"""The right class of each step; None where none was given."""

_LISTED = 40  # characters of all labels that a message shows
_COMMA = "[,，;；]"


@dataclass(frozen=True)
class ClassNames:
    """The classes of a head.

    Parameters
    ----------
    count : int
        V.
    labels : tuple of str, optional
        What each is called; by their numbers from 0 where they have no other names.
    """

    count: int
    labels: tuple[str, ...] | None = None

    @classmethod
    def read(cls, text: str, count: int) -> ClassNames:
        """Read a label for each class: as many characters, or names with commas between them.

        Raises
        ------
        GatescopeError
            `labels_count`, `label_twice`.
        """
        labels = tuple(text) if len(text) == count else tuple(name.strip() for name in re.split(_COMMA, text))
        if len(labels) != count or not all(labels):
            given = len(text) if len(labels) == 1 else len([label for label in labels if label])
            raise GatescopeError("labels_count", classes=count, given=given)
        twice = next((label for place, label in enumerate(labels) if label in labels[:place]), None)
        if twice is not None:
            raise GatescopeError("label_twice", label=repr(twice))
        return cls(count, labels)

    def __getitem__(self, number: int) -> str:
        return str(number) if self.labels is None else self.labels[number]

    @property
    def are_characters(self) -> bool:
        """Whether each label is a single character, so that they can be written without anything between them."""
        return self.labels is not None and all(len(label) == 1 for label in self.labels)

    def format_targets(self, targets: Targets) -> str:
        """Return how somebody would type targets, as `read_targets` reads them."""
        given = [target for target in targets if target is not None]
        assert len(given) in (1, len(targets)), "read_targets gives no others"
        return ("" if self.are_characters else " " if self.labels is None else ", ").join(map(self.__getitem__, given))

    def read_targets(self, text: str, steps: int) -> Targets:
        """Read the right class of each step; a single one is that of the last step, where many networks answer.

        Parameters
        ----------
        text : str
            Characters where labels are single characters, else labels or numbers between spaces or commas.
        steps : int
            T.

        Raises
        ------
        GatescopeError
            `no_such_class`, `targets_count`.
        """
        targets = self._as_characters(text) or self._as_characters(text.strip()) or self._as_words(text.strip())
        if len(targets) == steps:
            return tuple(targets)
        if len(targets) == 1:
            return (*[None] * (steps - 1), targets[0])
        raise GatescopeError("targets_count", steps=steps, given=len(targets))

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {label: number for number, label in enumerate(self.labels or ())}

    def _as_characters(self, text: str) -> list[int]:
        """Return the classes of the characters; nothing where one of them is no label."""
        known = all(character in self._numbers for character in text)
        return [self._numbers[character] for character in text] if known else []

    def _as_words(self, text: str) -> list[int]:
        if text in self._numbers:  # a single one may have spaces in it
            return [self._numbers[text]]
        words = re.split(_COMMA if re.search(_COMMA, text) else r"\s+", text)
        return [self._number_of(word.strip()) for word in words]

    def _number_of(self, word: str) -> int:
        if word in self._numbers:
            return self._numbers[word]
        if re.fullmatch("[0-9]{1,9}", word) and int(word) < self.count:
            return int(word)
        strange = (character for character in word if character not in self._numbers)
        wrong = next(strange, word) if self.are_characters else word
        raise GatescopeError("no_such_class", given=repr(wrong), allowed=self._allowed())

    def _allowed(self) -> Message:
        if self.labels is None:
            return Message("class_numbers", {"last": self.count - 1})
        listed = ("" if self.are_characters else ", ").join(self.labels)
        listed = listed if len(listed) <= _LISTED else f"{listed[: _LISTED - 1]}…"
        return Message("class_labels", {"labels": listed, "last": self.count - 1})
