"""One history of everything that a person makes: each kind of change is undone and done again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from gatescope.debugging.breakpoints import MISMATCH, Breakpoint
from gatescope.edits.edits import Hold, InputEdit
from gatescope.formats.sequences import Sequence
from gatescope_app.state.debugger import Debugger
from gatescope_app.state.document import Document, Notes
from gatescope_app.state.editor import Editor
from gatescope_app.state.network_changes import with_network
from gatescope_app.state.revisions import Revision
from gatescope_app.state.runs import Setup, example_setup, with_sequence
from gatescope_app.state.session import Session
from gatescope_app.state.sources import FromSeed
from gatescope_app.state.worker import Worker

Settle = Callable[[], None]
FIRST, SECOND = InputEdit(0, 0, 2.0), Hold("f", 0.5, 1, 2)


@pytest.fixture
def session(qtbot: Any) -> Iterator[Session]:
    session = Session(example_setup("hello"))
    session.start(session.state.setup)
    qtbot.waitUntil(lambda: session.state.run is not None)
    yield session
    for worker in session.findChildren(Worker):
        worker.wait()


@pytest.fixture
def settle(session: Session, qtbot: Any) -> Settle:
    return lambda: qtbot.waitUntil(lambda: not any(worker.busy for worker in session.findChildren(Worker)))


def everything(session: Session) -> tuple[object, ...]:
    """Return what undo must bring back, and the numbers of the run."""
    state, document = session.state, session.document
    assert state.run is not None
    setup = document.setup
    made = (setup.spec, setup.source.name, setup.sequence, document.revision.against, document.breakpoints)
    others = (document.watches, document.labels, dict(document.targets), document.notes, state.setup.edits)
    history = document.revision.history
    branches = tuple((name, history.edits_of(name)) for name in history.branches), history.current
    assert state.hits is not None
    assert state.hits.breakpoints == document.breakpoints
    return made, others, branches, state.run.trace.output.numpy().tobytes()


def change_network(session: Session) -> None:
    setup = session.document.setup
    session.start(with_network(setup, setup.spec, FromSeed(1)))


CHANGES: dict[str, Callable[[Session], object]] = {
    "network": change_network,
    "sequence": lambda s: s.start(with_sequence(s.document.setup, Sequence(np.ones((7, 4))))),
    "arithmetic": lambda s: s.start_in("ieee"),
    "edit": lambda s: Editor(s).do(FIRST),
    "edits": lambda s: Editor(s).do(FIRST, SECOND),
    "branch": lambda s: Editor(s).branch("other"),
    "breakpoints": lambda s: Debugger(s).toggle(2),
    "no breakpoints": lambda s: Debugger(s).remove_all(),
    "watches": lambda s: Debugger(s).watch("h[0]"),
    "labels": lambda s: s.set_labels(tuple("abcd")),
    "targets": lambda s: s.set_targets(0, (0, 1, 2, 3, 0)),
    "notes": lambda s: s.set_notes(Notes("of all", {1: "of a step"})),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_each_kind_of_change_is_undone_and_done_again(session: Session, settle: Settle, kind: str) -> None:
    Editor(session).do(SECOND)
    session.set_targets(0, (3, 3, 3, 3, 3))
    settle()
    before, count = everything(session), len(session.undo_stack.past)
    CHANGES[kind](session)
    settle()
    after = everything(session)
    assert len(session.undo_stack.past) == count + 1
    if kind != "arithmetic":  # it is in force already, as PyTorch is set
        assert after != before
    session.undo()
    settle()
    assert everything(session) == before
    session.redo()
    settle()
    assert everything(session) == after


def test_all_of_them_are_undone_one_after_the_other(session: Session, settle: Settle) -> None:
    seen = [everything(session)]
    for change in CHANGES.values():
        change(session)
        settle()
        seen.append(everything(session))
    for before in reversed(seen[:-1]):
        session.undo()
        settle()
        assert everything(session) == before
    assert not session.undo_stack.past
    session.undo()  # there is nothing more
    assert not session.runner.busy
    for after in seen[1:]:
        session.redo()
        settle()
        assert everything(session) == after


def test_undo_before_a_run_is_complete_takes_back_what_was_asked_for_last(session: Session, settle: Settle) -> None:
    before = everything(session)
    for edit in (FIRST, SECOND):
        Editor(session).do(edit)
    Debugger(session).toggle(2)
    session.set_notes(Notes("meanwhile"))
    assert session.runner.busy
    assert len(session.undo_stack.past) == 4
    for _ in range(2):
        session.undo()
    settle()
    assert session.state.setup.edits == (FIRST, SECOND)
    assert (session.state.breakpoints, session.state.notes) == ((MISMATCH,), Notes())
    session.undo()
    session.undo()
    settle()
    assert everything(session) == before


def test_what_changed_while_a_run_was_under_way_that_failed_can_still_be_undone(
    session: Session, settle: Settle
) -> None:
    before = everything(session)
    strange = with_sequence(session.document.setup, Sequence(np.ones((7, 9))))  # too wide for the network
    session.start(strange)
    session.set_notes(Notes("meanwhile"))
    settle()
    assert session.state.notes == Notes("meanwhile")
    assert [str(change.label) for change in session.undo_stack.past] == ["notes"]
    session.undo()
    settle()
    assert everything(session) == before


def test_a_breakpoint_that_is_used_up_is_no_change_of_its_own(session: Session, settle: Settle) -> None:
    debugger = Debugger(session)
    debugger.add(Breakpoint(t=2, once=True))
    debugger.continue_()
    assert session.state.cursor.t == 2
    assert session.state.breakpoints == (MISMATCH,)
    assert len(session.undo_stack.past) == 1


def test_another_document_replaces_everything(session: Session, settle: Settle, make_setup: Any) -> None:
    Editor(session).do(FIRST)
    settle()
    setup: Setup = make_setup("nn.GRU(2, 3)")
    session.open_document(Document(Revision(setup), watches=("h[1]",), notes=Notes("mine")), unit=2)
    settle()
    assert session.state.setup is setup
    assert (session.state.watches, session.state.notes.whole, session.state.unit) == (("h[1]",), "mine", 2)
    assert not session.undo_stack.past


def test_a_document_that_cannot_run_leaves_everything_as_it_was(session: Session, settle: Settle) -> None:
    before = everything(session)
    refused: list[object] = []
    session.refused.connect(refused.append)
    session.open_document(Document(Revision(with_sequence(session.document.setup, Sequence(np.ones((7, 9)))))))
    settle()
    assert refused
    assert everything(session) == before
