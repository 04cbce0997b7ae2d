"""Files of every version written so far are opened; and what somebody changed in one by hand is opened or refused.

`fixtures/session-1.gatescope` and the recording beside it were written by version 1, with `full_session`. They stay as
they are. A later version gets a fixture of its own, and a case here.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

import gatescope as gs
from gatescope.analysis.heads import LinearHead, UnitsHead
from gatescope.debugging.breakpoints import MISMATCH, Breakpoint, Scope
from gatescope.edits.edits import Hold, InputEdit, StateEdit, TokenEdit, WeightEdit
from gatescope.edits.history import History
from gatescope.edits.undo_stack import UndoStack
from gatescope.formats.sequences import Sequence
from gatescope.formats.session_file import digest_of, read_session_file, write_session_file
from gatescope.formats.trace_file import TraceWriter
from gatescope.messages.message import Message
from gatescope.modules.spec import ModuleSpec
from gatescope.traces.order import Cursor
from gatescope_app.state.document import Document, Notes, new_document
from gatescope_app.state.recorded_traces import read_recording
from gatescope_app.state.revisions import Revision
from gatescope_app.state.runs import Setup, edited, example_setup, recorded_setup, run
from gatescope_app.state.session_file import SessionContent, read_session
from gatescope_app.state.sources import Edited, FromRecording, FromSeed, FromSession

FIXTURES = Path(__file__).parent / "fixtures"


def numbered(spec: ModuleSpec, dtype: torch.dtype) -> dict[str, torch.Tensor]:
    """Return weights that need no generator."""
    shapes = spec.parameters().items()
    return {name: torch.linspace(-1, 1, int(np.prod(shape)), dtype=dtype).view(shape) for name, shape in shapes}


def full_session(folder: Path) -> SessionContent:
    """Return a session with every part that there is; in the folder goes the recording that it shows."""
    spec = ModuleSpec(2, 3, num_layers=2)
    head = LinearHead("out", torch.linspace(-2, 2, 12).view(4, 3), torch.tensor([0.5, -0.0, 1.0, 2.0]))
    source = FromSession(numbered(spec, torch.float32), "model.pt::rnn", "model.pt::rnn", head, layout_known=False)
    sequence = Sequence(np.array([[1.0, 0.0], [0.0, 1.0], [-0.0, 5e-324], [1.0, 0.0]]), ("a", "字", "a", "b"), "a字")
    states = {"h0": np.full((2, 3), 0.25), "c0": np.full((2, 3), -0.0)}
    setup = Setup(spec, sequence, source, states, holds=(Hold("o", 0.5, 1, 2),), arithmetic="ieee")
    history = History().do(
        InputEdit(1, 0, 0.1), TokenEdit(2, "字", (0.0, 1.0)), StateEdit("c0", 1, "forward", 2, -0.0),
        WeightEdit("weight_hh_l1", (0, 2), 1e-40), Hold("f", 0.0, 1, 3, 1, units=(0, 2), batch=(0,)),
    ).branch("without memory").do(Hold("c", 5e-324))  # fmt: skip
    breakpoints = (
        MISMATCH, Breakpoint(t=3), Breakpoint("f[0] > 0.5", enabled=False, nth=3), Breakpoint(t=1, once=True),
        Breakpoint("c > 1", scope=Scope(frozenset({0, 1}), frozenset({"forward"}), frozenset({0})), every=2),
        Breakpoint(t=2, message="c is {c[0]}"),
    )  # fmt: skip
    document = Document(
        Revision(setup, history.without_undo(), "main"), breakpoints, ("f[0] - i[0]",), ("p", "q", "r", "类"),
        {0: (3, None, 0, 1)}, Notes("For Monday\n请看遗忘门", {0: "starts", 3: "ends"}),
    )  # fmt: skip
    stack: UndoStack[Document] = UndoStack()
    for number, older in enumerate(_older(folder)):
        label = Message("edit_in_batch", {"edit": Message("edit_reset"), "batch": number})
        stack = stack.done(label, older)
    before, stack = stack.undo(document)
    assert before.setup.lengths is not None
    return SessionContent(document, stack, Cursor(2, 1, "forward", "c"), 0, 1, "o", {"arrangement": {"x": [0.5, None]}})


def _older(folder: Path) -> Iterator[Document]:
    yield new_document(example_setup("hello"))
    seeded = Setup(ModuleSpec(2, 3, dtype="float64", kind="GRU"), Sequence(np.ones((4, 2))), FromSeed(7))
    yield new_document(seeded)
    yield new_document(replace(seeded, source=Edited(seeded.source, (WeightEdit("bias_ih_l0", (1,), 2.0),))))
    entry = read_recording(_recording(folder)).entries[1]
    yield new_document(recorded_setup(entry.trace, f"{folder / 'session-1.gates'}::{entry.label}"))
    spec = ModuleSpec(2, 3, batch_first=True, bidirectional=True, dtype="bfloat16", dropout=0.25)
    units = FromSession(numbered(spec, torch.bfloat16), "trained weights", answers=UnitsHead(6))
    values = np.linspace(-1, 1, 24).reshape(3, 4, 2)
    document = new_document(Setup(spec, Sequence(values), units, lengths=(4, 2, 1)))
    yield replace(document, targets={2: (5, None, None, 0)})


def _recording(folder: Path) -> Path:
    spec = ModuleSpec(2, 3)
    module = torch.nn.LSTM(2, 3)
    module.load_state_dict(numbered(spec, torch.float32))
    path = folder / "session-1.gates"
    with TraceWriter(path) as writer:
        for steps in (3, 4):
            writer.append("encoder.rnn", replace(gs.trace(module, torch.ones(steps, 2)), source="encoder.rnn"))
    return path


def test_a_file_of_version_1_is_opened_with_all_that_was_in_it(tmp_path: Path) -> None:
    content, expected = read_session(FIXTURES / "session-1.gatescope"), full_session(tmp_path)
    assert content.remarks == ()
    assert content.looks == expected.looks
    assert (content.cursor, content.batch, content.unit, content.quantity) == (expected.cursor, 0, 1, "o")
    pairs = [(content.document, expected.document)]
    ours, theirs = content.undo_stack, expected.undo_stack
    for mine, its in ((ours.past, theirs.past), (ours.future, theirs.future)):
        assert [change.label for change in mine] == [change.label for change in its]
        pairs += [(one.value, other.value) for one, other in zip(mine, its, strict=True)]
    assert len(pairs) == 6
    for one, other in pairs:
        assert_same(one, other)


def assert_same(one: Document, other: Document) -> None:
    for name in ("breakpoints", "watches", "labels", "targets", "notes"):
        assert getattr(one, name) == getattr(other, name), name
    ours, theirs = one.revision.history, other.revision.history
    assert (ours.branches, ours.current) == (theirs.branches, theirs.current)
    assert one.revision.against == other.revision.against
    for name in ours.branches:
        assert repr(ours.edits_of(name)) == repr(theirs.edits_of(name))  # in which 0.0 and -0.0 differ
    mine, its = one.setup, other.setup
    for name in ("spec", "lengths", "example", "arithmetic"):
        assert getattr(mine, name) == getattr(its, name), name
    assert repr(mine.holds) == repr(its.holds)
    assert mine.sequence.values.tobytes() == its.sequence.values.tobytes()
    assert (mine.sequence.tokens, mine.sequence.vocabulary) == (its.sequence.tokens, its.sequence.vocabulary)
    assert {name: state.tobytes() for name, state in mine.states.items()} == {
        name: state.tobytes() for name, state in its.states.items()
    }
    assert (mine.source.name, mine.seed) == (its.source.name, its.seed) or isinstance(its.source, FromRecording)
    assert mine.source.tells_batch_first == its.source.tells_batch_first
    if its.source.seed is None:
        weights = its.source.weights(its.spec)
        assert {name: digest_of(weight) for name, weight in mine.source.weights(mine.spec).items()} == {
            name: digest_of(weight) for name, weight in weights.items()
        }
    if isinstance(its.head, LinearHead):
        assert isinstance(mine.head, LinearHead)
        assert mine.head.bias is not None
        assert its.head.bias is not None
        assert (mine.head.name, digest_of(mine.head.weight)) == (its.head.name, digest_of(its.head.weight))
        assert digest_of(mine.head.bias) == digest_of(its.head.bias)
    else:
        assert getattr(mine.head, "classes", None) == getattr(its.head, "classes", None)


def test_what_a_seed_gave_stays_what_it_gave() -> None:
    """The numbers that PyTorch 2.13 drew when the fixture was written, whatever the one that runs now draws."""
    setup = read_session(FIXTURES / "session-1.gatescope").undo_stack.past[1].value.setup
    assert setup.seed == 7
    weights = setup.source.weights(setup.spec)
    expected = "db504a2f8ea010578f60599696895205a2f4460e"
    assert digest_of(torch.cat([weight.flatten() for weight in weights.values()])) == expected


def test_every_part_of_the_old_file_still_runs() -> None:
    content = read_session(FIXTURES / "session-1.gatescope")
    changes = (*content.undo_stack.past, *content.undo_stack.future)
    for document in (content.document, *(change.value for change in changes)):
        assert len(run(edited(document.setup, document.revision.history.edits)).trace) == document.setup.steps


# ---- what somebody changed by hand


PARTS = read_session_file(FIXTURES / "session-1.gatescope")
DESCRIPTION = json.loads(PARTS.description)
STRANGE = [
    -1, 0, 1, 7, 10**6, 2**62, 2**63, 2**64, 10**30, -(2**63), 0.5, 1e308, None, True, "", "x", "1", "cuda", "cuda:99",
    "NaN", "float16", "hello", "é\ud7ff", [], [0], [[0, 0]], [[-1, 0]], {}, {"x": 1}, {"0": "x"}, "a" * 5000,
    [7] * 5000,
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every part of a description."""
    if path:
        yield path
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in entries:
        yield from places(part, (*path, key))


DIGESTS = list(PARTS.tensors)


@pytest.fixture(scope="module")
def forged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where a changed file is to be written; the recording lies beside it."""
    folder = tmp_path_factory.mktemp("forged")
    (folder / "session-1.gates").write_bytes((FIXTURES / "session-1.gates").read_bytes())
    return folder / "x.gatescope"


def opened(path: Path, description: Any) -> SessionContent | None:
    """Write a description with right checksums, and open it; None where it is refused."""
    write_session_file(path, json.dumps(description).encode(), PARTS.tensors)
    try:
        return read_session(path)
    except gs.GatescopeError as error:
        if len(str(error).splitlines()) != 1:
            raise AssertionError(repr(str(error))) from None
        return None


@settings(max_examples=5 * settings.default.max_examples)
@given(data=st.data())
def test_a_description_that_was_changed_is_opened_or_refused(forged: Path, data: st.DataObject) -> None:
    description = copy.deepcopy(DESCRIPTION)
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(list(places(description))))
        part: Any = description
        for key in way:
            part = part[key]
        part[last] = copy.deepcopy(data.draw(st.sampled_from(STRANGE) | st.sampled_from(DIGESTS)))
    opened(forged, description)


def test_a_file_that_is_not_changed_is_opened(forged: Path) -> None:
    assert opened(forged, DESCRIPTION) is not None


@pytest.mark.parametrize("name", sorted(DESCRIPTION) + sorted(DESCRIPTION["tables"]))
def test_nothing_may_be_left_out_or_added(forged: Path, name: str) -> None:
    for change in (lambda part: part.pop(name), lambda part: part.update({f"{name}_": part[name]})):
        description = copy.deepcopy(DESCRIPTION)
        change(description if name in description else description["tables"])
        assert opened(forged, description) is None


def test_an_unknown_kind_of_edit_is_refused(forged: Path) -> None:
    description = copy.deepcopy(DESCRIPTION)
    description["tables"]["edits"][0]["is"] = "shell"
    assert opened(forged, description) is None


@pytest.mark.parametrize("table", ["edit_chains", "breakpoint_chains"])
def test_chains_that_go_round_or_never_end_are_refused(forged: Path, table: str) -> None:
    for chain in ([[0, 0]], [[1, 0], [0, 0]], [[-1, 0], [1, 0]], [[-2, 0]]):
        description = copy.deepcopy(DESCRIPTION)
        description["tables"][table] = chain
        description["tables"]["documents"][-1]["breakpoints"] = len(chain) - 1
        for branch in description["tables"]["histories"][-1]["branches"]:
            branch["edits"] = len(chain) - 1
        assert opened(forged, description) is None


def test_a_file_that_grows_without_end_when_it_is_opened_is_refused(forged: Path) -> None:
    """Of long lists with the same beginning, each is a list of its own in memory."""
    description = copy.deepcopy(DESCRIPTION)
    tables = description["tables"]
    count = 20_000
    tables["edit_chains"] = [[number - 1, 0] for number in range(count)]
    tables["histories"].append(
        {"branches": [{"name": f"b{one}", "edits": count - 1 - one} for one in range(200)], "current": "b0"}
    )
    tables["documents"][-1]["history"] = len(tables["histories"]) - 1
    assert opened(forged, description) is None
