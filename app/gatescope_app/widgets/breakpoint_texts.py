"""A breakpoint in words, as lists and messages show it."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtCore import QCoreApplication

from gatescope.debugging.breakpoints import MISMATCH, Breakpoint
from gatescope.messages.message import Message
from gatescope_app.look.language import format_message, join_texts


def describe_breakpoint(one: Breakpoint) -> str:
    """Return the condition of a breakpoint, or its step, or both."""
    condition = one.condition
    if condition == MISMATCH.condition:
        text = QCoreApplication.translate("breakpoints", "where it stops matching PyTorch: {condition}")
        condition = text.format(condition=condition)
    step = "" if one.t is None else f"t = {one.t}"
    return " · ".join(part for part in (step, condition) if part)


def describe_breakpoint_options(one: Breakpoint) -> str:
    """Return what else is set: what it does, when, and in which cells and batch elements; empty where all is usual."""
    return " · ".join((*_action(one), *_scope(one)))


def format_hit_count(hits: int) -> str:
    """Return how many hits there are."""
    if hits == 0:
        return QCoreApplication.translate("breakpoints", "no hits")
    if hits == 1:
        return QCoreApplication.translate("breakpoints", "1 hit")
    return QCoreApplication.translate("breakpoints", "{count} hits").format(count=f"{hits:,}")


def format_ranges(numbers: frozenset[int]) -> str:
    """Return numbers as people write them: 0, 2-4."""
    runs = groupby(enumerate(sorted(numbers)), lambda pair: pair[1] - pair[0])
    ends = [(group[0][1], group[-1][1]) for group in (list(run) for _, run in runs)]
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ends)


def _action(one: Breakpoint) -> list[str]:
    texts = []
    if one.message is not None:
        text = QCoreApplication.translate("breakpoints", "log: {message}")
        texts.append(text.format(message=one.message))
    if one.once:
        texts.append(QCoreApplication.translate("breakpoints", "once"))
    if one.nth is not None:
        texts.append(QCoreApplication.translate("breakpoints", "only hit {number}").format(number=one.nth))
    if one.every is not None:
        texts.append(QCoreApplication.translate("breakpoints", "every {number} hits").format(number=one.every))
    return texts


def _scope(one: Breakpoint) -> list[str]:
    scope, texts = one.scope, []
    if scope.layers is not None:
        text = QCoreApplication.translate("breakpoints", "layer {numbers}")
        texts.append(text.format(numbers=format_ranges(scope.layers)))
    if scope.directions is not None:
        texts.append(join_texts(format_message(Message(direction)) for direction in sorted(scope.directions)))
    if scope.batch is not None:
        text = QCoreApplication.translate("breakpoints", "batch element {numbers}")
        texts.append(text.format(numbers=format_ranges(scope.batch)))
    return texts
