"""The examples that teach: small networks, the sequence to feed them, and what to look for.

Each example is one JSON file, written by hand, and for the trained ones a safetensors file of the same
name, written by ``train_examples.py``. Reading them needs neither torch nor Qt, so a menu of examples is
there before torch is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "zh_CN")
"""The languages in which every text of an example exists."""

_FOLDER = Path(__file__).parent / "examples"
_TEACHING_ORDER = ("latch", "brackets", "hello", "sine", "impulse")


class UnknownExampleError(KeyError):
    """No example has this name; the message lists those that exist."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        # KeyError would show the bare argument in quotes, which helps nobody to find the right name.
        return f"no example is called {self.name!r}; the examples are {', '.join(_TEACHING_ORDER)}"


@dataclass(frozen=True)
class Look:
    """One line that says what to look for.

    Attributes
    ----------
    t : int or None
        The time step to look at, counted from 0; None if the line speaks of the whole sequence.
    text : Mapping[str, str]
        The line itself, by language.
    """

    t: int | None
    text: Mapping[str, str]


@dataclass(frozen=True)
class Example:
    """A network, a sequence and what they show together.

    Attributes
    ----------
    name : str
        Short name, as in `example_names`.
    title, summary : Mapping[str, str]
        A few words, and a few sentences, by language.
    module : str
        The network as its constructor is written, for instance ``"nn.LSTM(2, 2)"``.
    seed : int
        Seed set right before the constructor runs. It fixes the weights of an untrained example, and is where
        the training of a trained one started.
    text : str or None
        The sequence as characters, one per time step; None if it is numeric.
    vocabulary : str or None
        The characters that `text` may hold. The place of a character is its id and its one-hot column.
    values : tuple of tuple of float, or None
        The sequence as numbers, shape (T, K), each exact in float32; None if it is text.
    target : str or None
        What the network answers to `text`, one character per time step, where that is its task.
    units_answer : bool
        Whether the unit with the largest h is the answer: a unit for each character of the vocabulary, in its order.
    look : tuple of Look
        What to look for, in the order of the time steps.
    weights_path : Path or None
        Safetensors file with the parameters under the names `torch.nn.LSTM` gives them; None if untrained.
    """

    name: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    module: str
    seed: int
    text: str | None
    vocabulary: str | None
    values: tuple[tuple[float, ...], ...] | None
    target: str | None
    units_answer: bool
    look: tuple[Look, ...]
    weights_path: Path | None


def example_names() -> tuple[str, ...]:
    """Return the names of all examples, in the order in which to teach them."""
    return _TEACHING_ORDER


def load_example(name: str) -> Example:
    """Read one example.

    Parameters
    ----------
    name : str
        One of `example_names`.

    Returns
    -------
    Example
        The example; its weights stay on disk, at `Example.weights_path`.

    Raises
    ------
    UnknownExampleError
        If no example has that name.
    """
    if name not in _TEACHING_ORDER:
        raise UnknownExampleError(name)
    content = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return Example(
        name=name,
        title=content["title"],
        summary=content["summary"],
        module=content["module"],
        seed=content["seed"],
        text=content.get("text"),
        vocabulary=content.get("vocabulary"),
        values=_rows(content.get("values")),
        target=content.get("target"),
        units_answer=content.get("units_answer", False),
        look=tuple(Look(line["t"], line["text"]) for line in content["look"]),
        weights_path=_FOLDER / f"{name}.safetensors" if content["trained"] else None,
    )


def _rows(values: list[Any] | None) -> tuple[tuple[float, ...], ...] | None:
    """Return a one-feature sequence, which the files hold as a flat list, as T rows of one number."""
    return None if values is None else tuple((float(value),) for value in values)
