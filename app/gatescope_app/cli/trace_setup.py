"""What `gatescope trace` is to run, from its options."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from gatescope.formats.readers import Content, content_of, read_file, require_content, split_location
from gatescope.formats.sequences import Sequence, from_text, read_array, read_sequence
from gatescope.messages.message import GatescopeError, Message, describe_several
from gatescope.modules.constructor import parse_constructor
from gatescope.modules.spec import ModuleSpec, arguments_of
from gatescope_app.cli.console import Refused, remark
from gatescope_app.cli.console_language import describe, translate
from gatescope_app.state.batch_layouts import has_batch_first, read_as, require_reading
from gatescope_app.state.recorded_traces import read_recording
from gatescope_app.state.runs import Setup, edited, example_setup, recorded_setup
from gatescope_app.state.sources import FromCheckpoint, FromSeed, Source

if TYPE_CHECKING:
    from gatescope.formats.checkpoints import Checkpoint, FoundModule

_LISTED = 8  # modules or recordings that a refusal names
_OF_A_RUN = ("text", "input", "example", "seed", "nonlinearity", "batch_first", "h0", "c0", "device", "dtype")


def setup_of(options: argparse.Namespace) -> Setup:
    """Return what the options ask for.

    Raises
    ------
    Refused, GatescopeError
        Where they ask for what there is not.
    """
    content = None if options.module is None else _content_of(options.module)
    if content == "session":
        setup = _in_session(options)
        return setup if options.arithmetic is None else replace(setup, arithmetic=options.arithmetic)
    setup = _recorded(options) if content == "recording" else _to_run(options)
    return replace(setup, arithmetic=options.arithmetic)


def _content_of(module: str) -> Content | None:
    """Return what the file that is named instead of a constructor holds; None for a constructor."""
    content, path = content_of(module), split_location(module)[0]
    if content is None and os.path.lexists(path):
        content = require_content(module)
    if content == "sequence":
        text = translate("console", "{path} is a sequence for a network to read: name the network, then --input {path}")
        raise Refused(text.format(path=path))
    return content


# ---- networks


def _to_run(options: argparse.Namespace) -> Setup:
    setup = _with_batch_first(options, _network_and_sequence(options))
    spec = setup.spec
    if options.dtype is not None:
        spec = replace(spec, dtype=options.dtype)
    if options.device is not None:
        spec = replace(spec, device=_device(options.device))
    given = {"h0": options.h0, "c0": options.c0}
    strange = next((name for name in given if given[name] is not None and name not in spec.states), None)
    if strange is not None:
        text = translate("console", "nn.{kind} has no {name}: leave out --{name}")
        raise Refused(text.format(kind=spec.kind, name=strange))
    states = {name: read_array(path) for name, path in given.items() if path is not None}
    return replace(setup, spec=spec, states=states)


def _network_and_sequence(options: argparse.Namespace) -> Setup:
    if options.module is not None:
        spec, source = _network(options)  # before the sequence: what is wrong in it is said first
        return Setup(spec, _sequence(options), source)
    if options.example is None:
        raise GatescopeError("constructor_empty")
    setup = example_setup(options.example)
    _refuse_nonlinearity(options, setup.spec.kind)
    # A seed asks for initial weights, also where the example has trained ones.
    return setup if options.seed is None else replace(setup, source=FromSeed(_seed(options.seed)))


def _with_batch_first(options: argparse.Namespace, setup: Setup) -> Setup:
    if options.batch_first is None:
        try:
            require_reading(setup, options.module)
        except GatescopeError as error:
            raise _refused_with(error, "--batch-first", "--no-batch-first") from None
        return setup
    if not has_batch_first(setup.spec):
        return read_as(setup, batch_first=options.batch_first)
    return replace(setup, spec=replace(setup.spec, batch_first=options.batch_first))


def _network(options: argparse.Namespace) -> tuple[ModuleSpec, Source]:
    if content_of(options.module) == "checkpoint":
        return _in_checkpoint(options)
    spec = _constructed(options.module)
    if "nonlinearity" in arguments_of(spec.kind) and options.nonlinearity is not None:
        spec = replace(spec, nonlinearity=options.nonlinearity)
    else:
        _refuse_nonlinearity(options, spec.kind)
    return spec, FromSeed(_seed(options.seed or 0))


def _constructed(module: str) -> ModuleSpec:
    try:
        return parse_constructor(module)
    except GatescopeError:
        if module.strip() and "(" not in module:  # neither a call nor part of one
            text = translate("console", "{text} is neither a file that is there nor a call such as nn.LSTM(4, 3)")
            raise Refused(text.format(text=module)) from None
        raise


def _in_checkpoint(options: argparse.Namespace) -> tuple[ModuleSpec, Source]:
    if options.seed is not None:
        text = translate("console", "the weights come from {path}: leave out --seed")
        raise Refused(text.format(path=options.module))
    path, prefix = split_location(options.module)
    checkpoint: Checkpoint = read_file(path, "checkpoint")
    found = checkpoint.find(prefix) if prefix is not None else _only(checkpoint)
    try:
        spec = found.spec(options.nonlinearity)
    except GatescopeError as error:
        if error.code != "nonlinearity_needed":
            raise
        raise _refused_with(error, "--nonlinearity tanh", "--nonlinearity relu") from None
    source = FromCheckpoint(found, checkpoint.path)
    if found.others:
        names = describe_several(found.others)
        remark(Message("module_has_more", {"path": source.place, "names": names, "module": spec.module_name}))
    return spec, source


def _only(checkpoint: Checkpoint) -> FoundModule:
    if len(checkpoint.modules) == 1:
        return checkpoint.find(checkpoint.modules[0].prefix)
    names = [f"{checkpoint.path}::{found.prefix} ({_describe_module(found)})" for found in checkpoint.modules]
    listed = describe_several(names, _LISTED)
    text = translate("console", "{path} holds {count} recurrent modules; choose one: {names}")
    raise Refused(text.format(path=checkpoint.path, count=len(names), names=describe(listed)))


def _refused_with(error: GatescopeError, one: str, other: str) -> Refused:
    """Return an error with the options that answer it."""
    text = translate("console", "{problem} ({one} or {other})")
    return Refused(text.format(problem=describe(error), one=one, other=other))


def _describe_module(found: FoundModule) -> str:
    return translate("console", "cannot be used") if found.problem is not None else f"nn.{found.kind}"


def _refuse_nonlinearity(options: argparse.Namespace, kind: str) -> None:
    if options.nonlinearity is not None:
        text = translate("console", "nn.{kind} has no nonlinearity to choose: leave out --nonlinearity")
        raise Refused(text.format(kind=kind))


def _sequence(options: argparse.Namespace) -> Sequence:
    if options.example is not None:
        return example_setup(options.example).sequence
    if options.text is not None:
        return from_text(options.text)
    if options.input is None:
        raise Refused(
            translate(
                "console",
                "one of the arguments --text --input --example is required (see gatescope trace --help)",
            )
        )
    return read_sequence(options.input, empty_batch=True)


def _seed(seed: int) -> int:
    if not 0 <= seed < 2**63:
        raise GatescopeError("out_of_range", name="seed", allowed="0 … 2^63 - 1", value=seed)
    return seed


def _device(name: str) -> str:
    if name != "auto":
        return name
    from gatescope.cells.arithmetic import cuda_devices  # noqa: PLC0415 - imports torch

    return "cuda" if cuda_devices() else "cpu"


# ---- recordings


def _recorded(options: argparse.Namespace) -> Setup:
    text = translate("console", "{path} is shown as it was recorded, and not run again: leave out --{option}")
    _refuse_options(options, text)
    path, inside = split_location(options.module)
    contents = read_recording(path)
    if contents.problem is not None:
        remark(contents.problem)
    entries = contents.entries
    matching = [entry for entry in entries if inside is None or entry.is_called(inside)]
    if len(matching) == 1:
        return recorded_setup(matching[0].in_memory(), f"{path}::{matching[0].label}")
    listed = describe_several([f"{path}::{entry.label}" for entry in matching or entries], _LISTED)
    if not matching:
        text = translate("console", "{path} holds no trace {name}; it holds {names}")
        raise Refused(text.format(path=path, name=repr(inside), names=describe(listed)))
    text = translate("console", "{path} holds {count} traces; choose one: {names}")
    raise Refused(text.format(path=path, count=len(matching), names=describe(listed)))


def _refuse_options(options: argparse.Namespace, text: str) -> None:
    """Refuse what would make another run."""
    asked = next((name for name in _OF_A_RUN if getattr(options, name) is not None), None)
    if asked is not None:
        raise Refused(text.format(path=options.module, option=asked.replace("_", "-")))


# ---- sessions


def _in_session(options: argparse.Namespace) -> Setup:
    """Return what a session has on show, with its edits."""
    _refuse_options(options, translate("console", "{path} is run as it was saved: leave out --{option}"))
    from gatescope_app.state.session_file import read_session  # noqa: PLC0415 - imported when used

    content = read_session(options.module)
    for message in content.remarks:
        remark(message)
    revision = content.document.revision
    return edited(revision.setup, revision.history.edits)
