"""What does not stay as it was when the network becomes another, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QCoreApplication

from gatescope.messages.message import Message, describe_several
from gatescope_app.look.language import format_message
from gatescope_app.state.batch_layouts import describe_reading
from gatescope_app.state.network_changes import left_out, takes_sequence
from gatescope_app.state.revisions import Revision
from gatescope_app.state.runs import Setup


def describe_losses(former: Revision, now: Revision, *, keeps_weights: bool) -> list[str]:
    """Return a sentence for each thing that changes with the network; none where all of it stays."""
    old, new = former.setup, now.setup
    converted = _describe_conversion(old, new) if keeps_weights else ()
    return [*_describe_layout(old, new), *describe_misfits(old, new), *converted, *_describe_edits(former, now)]


def describe_misfits(old: Setup, new: Setup) -> list[str]:
    """Return what another network cannot take of a sequence and its initial states."""
    return [*_describe_sequence(old, new), *_describe_states(old, new)]


def _describe_sequence(old: Setup, new: Setup) -> Iterator[str]:
    if not takes_sequence(old, new.spec):
        text = QCoreApplication.translate(
            "network_losses",
            "The sequence has {old} numbers a step. The network takes {new}, so it starts with an impulse.",
        )
        yield text.format(old=old.sequence.width, new=new.spec.input_size)


def _describe_layout(old: Setup, new: Setup) -> Iterator[str]:
    if takes_sequence(old, new.spec) and old.batched and old.spec.batch_first != new.spec.batch_first:
        read = describe_reading(old.sequence.values, batch_first=old.spec.batch_first)
        text = QCoreApplication.translate(
            "network_losses",
            "The {sequences} stay, in an array {shape}. To read the array otherwise, go to Sequence (Ctrl+E).",
        )
        yield text.format(sequences=format_message(read), shape=new.sequence.values.shape)


def _describe_states(old: Setup, new: Setup) -> Iterator[str]:
    gone = [name for name in old.states if name not in new.states]
    if gone:
        text = QCoreApplication.translate("network_losses", "Does not fit, and becomes zero: {states}.")
        yield text.format(states=_listed(gone))


def _describe_conversion(old: Setup, new: Setup) -> Iterator[str]:
    if old.source.seed is None and old.spec.dtype != new.spec.dtype:
        text = QCoreApplication.translate("network_losses", "The weights are converted from {old} to {new}.")
        yield text.format(old=old.spec.dtype, new=new.spec.dtype)


def _describe_edits(former: Revision, now: Revision) -> Iterator[str]:
    gone = left_out(former, now)
    if gone:
        text = QCoreApplication.translate("network_losses", "Edits that do not fit are left out: {edits}")
        yield text.format(edits=_listed([edit.label for edit in gone]))


def _listed(parts: Sequence[str | Message]) -> str:
    return format_message(describe_several(parts))
