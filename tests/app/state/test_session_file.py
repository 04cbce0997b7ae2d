"""A session's file: what a person made comes back whole, runs as it ran, and nothing else is taken for one."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
import torch

import gatescope as gs
from gatescope.analysis.heads import LinearHead, UnitsHead
from gatescope.debugging.breakpoints import MISMATCH, Breakpoint, Scope
from gatescope.edits.edits import Edit, Hold, InputEdit, StateEdit, TokenEdit, WeightEdit
from gatescope.edits.history import History
from gatescope.edits.undo_stack import UndoStack
from gatescope.formats.checkpoints import open_checkpoint
from gatescope.formats.sequences import Sequence
from gatescope.formats.trace_segment import same_trace
from gatescope.messages.message import Message
from gatescope.modules.spec import ModuleSpec
from gatescope.traces.order import Cursor
from gatescope_app.state.document import Document, Notes, new_document
from gatescope_app.state.revisions import Revision
from gatescope_app.state.runs import Setup, edited, example_setup, on_device, run, with_sequence
from gatescope_app.state.session_file import SessionContent, read_session, save_session
from gatescope_app.state.sources import Edited, FromCheckpoint, FromSeed, FromSession, Source
from gatescope_resources.examples import example_names

MakeSetup = Callable[..., Setup]
EDITS: tuple[Edit, ...] = (
    Hold("f", -0.0, 1, 3), Hold("c", 5e-324, units=(0, 1)), InputEdit(1, 0, 0.1 + 0.2),
    StateEdit("h0", 0, "forward", 1, -1e-300), WeightEdit("weight_ih_l0", (0, 1), 1e38),
    WeightEdit("bias_hh_l0", (2,), -0.0),
)  # fmt: skip


def kept(content: SessionContent | Document, folder: Path) -> SessionContent:
    """Save and open again."""
    if isinstance(content, Document):
        content = SessionContent(content)
    save_session(content, folder / "kept.gatescope")
    return read_session(folder / "kept.gatescope")


def runs_alike(one: Document, other: Document) -> bool:
    """Whether both compute the same bits."""
    ours, theirs = (run(edited(document.setup, document.revision.history.edits)) for document in (one, other))
    return same_trace(ours.trace, theirs.trace) and ours.report.verdict == theirs.report.verdict


def with_edits(document: Document, *edits: Edit) -> Document:
    return replace(document, revision=replace(document.revision, history=History().do(*edits).without_undo()))


def refused(folder: Path, document: Document) -> str:
    """Save what does not fit together; return what is said when it is opened."""
    save_session(SessionContent(document), folder / "bad.gatescope")
    with pytest.raises(gs.GatescopeError) as caught:
        read_session(folder / "bad.gatescope")
    assert caught.value.code == "session_damaged"
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


@pytest.mark.parametrize("name", example_names())
def test_an_example_comes_back_and_computes_the_same_bits(name: str, tmp_path: Path) -> None:
    document = new_document(example_setup(name))
    again = kept(document, tmp_path).document
    assert again.setup.example == document.setup.example
    assert again.targets == document.targets
    assert again.setup.source.name == document.setup.source.name
    assert again.class_names == document.class_names
    assert runs_alike(again, document)


@pytest.mark.parametrize(
    "line",
    [
        "nn.LSTM(3, 4, num_layers=2, bidirectional=True, proj_size=2)", "nn.GRU(3, 4, batch_first=True)",
        "nn.RNN(3, 4, nonlinearity='relu', bias=False)", "nn.LSTM(3, 4, dtype=torch.float64)",
        "nn.LSTM(3, 4, dtype=torch.bfloat16)", "nn.LSTM(3, 4, dtype=torch.float16)", "nn.GRUCell(3, 4)",
        "nn.LSTM(3, 4, num_layers=2, dropout=0.3)",
    ],
)  # fmt: skip
@pytest.mark.parametrize("batch", [None, 3])
def test_every_kind_of_network_comes_back_and_computes_the_same_bits(
    line: str, batch: int | None, make_setup: MakeSetup, tmp_path: Path
) -> None:
    setup = make_setup(line, seed=5, batch=batch)
    document = with_edits(new_document(setup), InputEdit(1, 0, 0.3))
    again = kept(document, tmp_path).document
    assert again.setup.spec == setup.spec
    assert again.setup.seed == 5
    assert isinstance(again.setup.source, FromSeed)
    assert runs_alike(again, document)


def test_weights_of_a_seed_are_kept_though_another_torch_may_draw_others(
    make_setup: MakeSetup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup = make_setup("nn.LSTM(3, 4)", seed=5)
    document = new_document(setup)
    expected = setup.source.weights(setup.spec)
    again = kept(document, tmp_path).document.setup

    def other_build(*_: object) -> None:
        raise AssertionError("drawn again")

    monkeypatch.setattr("gatescope.modules.network.build", other_build)
    found = again.source.weights(again.spec)
    assert all(torch.equal(found[name], expected[name]) for name in expected)
    assert all(
        torch.equal(weight, expected[name]) for name, weight in again.source.network(again.spec).named_parameters()
    )
    monkeypatch.undo()
    wider = replace(again.spec, hidden_size=5)
    assert again.source.network(wider).hidden_size == 5  # of another network the seed draws others


def test_a_checkpoint_comes_back_with_its_head_when_its_file_is_gone(hello_checkpoint: Path, tmp_path: Path) -> None:
    found = open_checkpoint(hello_checkpoint).find("rnn")
    source = FromCheckpoint(found, hello_checkpoint, found.likely_head)
    sequence = Sequence(np.load(tmp_path / "letters.npy").astype(np.float64))
    document = replace(
        new_document(Setup(found.spec("tanh"), sequence, source)),
        labels=("h", "e", "l", "o"), targets={0: (3, None, 2, 2, None)},
    )  # fmt: skip
    before = run(document.setup)
    content = SessionContent(document)
    save_session(content, tmp_path / "kept.gatescope")
    hello_checkpoint.unlink()
    again = read_session(tmp_path / "kept.gatescope").document
    assert again.setup.source.place == "hello.pt::rnn"
    assert (again.labels, again.targets) == (document.labels, document.targets)
    head, first = again.setup.head, document.setup.head
    assert isinstance(head, LinearHead)
    assert isinstance(first, LinearHead)
    assert (head.name, head.label) == (first.name, first.label)
    assert torch.equal(head.weight, first.weight)
    assert head.bias is not None
    assert same_trace(run(again.setup).trace, before.trace)


def test_weights_stay_in_the_dtype_of_their_file(tmp_path: Path, make_setup: MakeSetup) -> None:
    weights = {name: torch.rand(shape, dtype=torch.float64) for name, shape in ModuleSpec(2, 3).parameters().items()}
    torch.save(weights, tmp_path / "double.pt")
    found = open_checkpoint(tmp_path / "double.pt").find("")
    setup = Setup(
        replace(found.spec(), dtype="float32"), Sequence(np.ones((4, 2))), FromCheckpoint(found, tmp_path / "x.pt")
    )
    again = kept(new_document(setup), tmp_path).document.setup
    assert again.spec.dtype == "float32"
    assert all(torch.equal(again.source.weights(again.spec)[name], weight) for name, weight in weights.items())


def test_every_part_of_a_session_comes_back(tmp_path: Path) -> None:
    setup = example_setup("hello")
    states = {"h0": np.full((1, 4), -0.0), "c0": np.full((1, 4), 5e-324)}
    setup = replace(setup, states=states, holds=(Hold("f", 0.5, 1),), arithmetic="ieee")
    row = tuple(setup.sequence.values[0])
    history = History().do(*EDITS).do(TokenEdit(2, "h", row)).branch("without memory").do(Hold("f", 0.0)).without_undo()
    breakpoints = (
        MISMATCH, Breakpoint(t=3), Breakpoint("f[0] > 0.5", enabled=False, nth=3),
        Breakpoint("c > 1", scope=Scope(frozenset({0}), frozenset({"forward"}), frozenset({0})), every=2),
        Breakpoint(t=4, message="c is {c[0]}"), Breakpoint(t=5, once=True),
    )  # fmt: skip
    document = replace(
        new_document(setup),
        revision=Revision(setup, history, "main"), breakpoints=breakpoints, watches=("f[0] - i[0]", "max(c)"),
        notes=Notes("For Monday.\n请看遗忘门。", {0: "starts", 4: "forgets"}),
    )  # fmt: skip
    content = SessionContent(
        document,
        cursor=Cursor(3, 0, "forward", "c"),
        unit=3,
        quantity="o",
        looks={"layout": {"sizes": [0.25, 1], "name": "x"}},
    )
    again = kept(content, tmp_path)
    assert again.looks == content.looks
    assert (again.cursor, again.batch, again.unit, again.quantity) == (content.cursor, 0, 3, "o")
    assert again.remarks == ()
    for name in ("breakpoints", "watches", "labels", "targets", "notes"):
        assert getattr(again.document, name) == getattr(document, name), name
    revision = again.document.revision
    assert revision.history == history
    assert [str(edit) for edit in revision.history.edits] == [str(edit) for edit in history.edits]  # -0.0 is no 0.0
    assert revision.against == "main"
    assert again.document.setup.holds == setup.holds
    assert again.document.setup.arithmetic == "ieee"
    assert math.copysign(1, again.document.setup.states["h0"][0, 0]) == -1
    assert again.document.setup.states["c0"][0, 0] == 5e-324
    assert again.document.setup.sequence.tokens == setup.sequence.tokens
    assert again.document.setup.sequence.vocabulary == setup.sequence.vocabulary
    for name in history.branches:
        ours, theirs = (edited(one.setup, history.switch(name).edits) for one in (document, again.document))
        assert same_trace(run(ours).trace, run(theirs).trace)


def test_nothing_is_forgotten_when_a_session_gets_further_parts() -> None:
    """Who adds a field adds it to the file, with a version of its own where older ones lack it; then changes this."""
    parts = {
        Document: {"revision", "breakpoints", "watches", "labels", "targets", "notes"},
        Revision: {"setup", "history", "against"},
        History: {"_branches", "_current"},
        Notes: {"whole", "steps"},
        Setup: {
            "spec",
            "sequence",
            "source",
            "states",
            "lengths",
            "example",
            "arithmetic",
            "holds",
            "edits",
            "original",
        },
        Sequence: {"values", "tokens", "vocabulary"},
        Breakpoint: {"condition", "t", "scope", "enabled", "nth", "every", "message", "once"},
        Scope: {"layers", "directions", "batch"},
        LinearHead: {"name", "weight", "bias"},
        UnitsHead: {"classes"},
        InputEdit: {"t", "column", "value", "batch"},
        TokenEdit: {"t", "token", "row", "batch"},
        StateEdit: {"state", "layer", "direction", "unit", "value", "batch"},
        WeightEdit: {"parameter", "index", "value"},
        Hold: {"quantity", "value", "start", "stop", "layer", "direction", "units", "batch"},
    }
    for part, names in parts.items():
        assert {field.name for field in fields(part)} == names, part
    assert {edit.__name__ for edit in Edit.__subclasses__()} == {
        part.__name__ for part in parts if issubclass(part, Edit)
    }
    known = {"FromSeed", "FromExample", "FromCheckpoint", "FromRecording", "FromSession", "Edited"}
    own = (source for source in Source.__subclasses__() if source.__module__.startswith("gatescope_app."))
    assert {source.__name__ for source in own} == known  # other tests may have sources of theirs


def test_tokens_and_notes_may_hold_half_a_pair_of_code_points(tmp_path: Path) -> None:
    sequence = Sequence(np.eye(2), ("a", "\ud83d"), "a\ud83d")
    document = replace(new_document(Setup(ModuleSpec(2, 2), sequence)), notes=Notes("x\ud83d"))
    again = kept(document, tmp_path).document
    assert again.setup.sequence.tokens == ("a", "\ud83d")
    assert again.setup.sequence.vocabulary == "a\ud83d"
    assert again.notes.whole == "x\ufffd"


def test_nan_infinity_and_the_sign_of_zero_are_kept_in_a_sequence(tmp_path: Path) -> None:
    values = np.array([[math.nan, math.inf], [-math.inf, -0.0], [5e-324, 1.0]])
    values.view(np.int64)[0, 0] |= 0xBEEF  # the bits that a NaN may carry
    again = kept(new_document(Setup(ModuleSpec(2, 2), Sequence(values))), tmp_path).document.setup.sequence
    assert again.values.tobytes() == values.tobytes()


def test_lengths_of_a_packed_batch_come_back(make_setup: MakeSetup, tmp_path: Path) -> None:
    setup = make_setup("nn.LSTM(3, 4)", batch=3)
    setup = replace(setup, lengths=(setup.steps, 2, 1))
    document = new_document(setup)
    again = kept(document, tmp_path).document
    assert again.setup.lengths == setup.lengths
    assert runs_alike(again, document)


def test_edited_weights_that_became_a_source_come_back(make_setup: MakeSetup, tmp_path: Path) -> None:
    setup = make_setup("nn.LSTM(3, 4)", seed=2)
    source = Edited(setup.source, (WeightEdit("weight_ih_l0", (0, 0), 0.25),))
    document = new_document(replace(setup, source=source))
    again = kept(document, tmp_path).document
    assert again.setup.source.name == "seed 2, edited"
    assert runs_alike(again, document)


# ---- undo


def long_undo(steps: int = 60) -> tuple[Document, UndoStack[Document]]:
    document: Document = new_document(example_setup("hello"))
    stack: UndoStack[Document] = UndoStack()
    for number in range(steps):
        label = Message("edit_several", {"count": number, "first": Message("edit_reset")})
        stack = stack.done(label, document)
        history = document.revision.history.do(Hold("f", number / 7)).without_undo()
        document = replace(document, revision=replace(document.revision, history=history))
    return document, stack


def test_undo_and_redo_come_back_and_share_what_they_shared(tmp_path: Path) -> None:
    document, stack = long_undo()
    for _ in range(20):
        document, stack = stack.undo(document)
    again = kept(SessionContent(document, stack), tmp_path)
    assert [change.label for change in again.undo_stack.past] == [change.label for change in stack.past]
    assert [change.label for change in again.undo_stack.future] == [change.label for change in stack.future]
    values = [change.value for change in (*stack.past, *stack.future)]
    found = [change.value for change in (*again.undo_stack.past, *again.undo_stack.future)]
    assert [one.revision.history.edits for one in found] == [one.revision.history.edits for one in values]
    assert len({id(one.setup) for one in (*found, again.document)}) == 1
    assert len({id(one.notes) for one in found}) == 1
    back, _ = again.undo_stack.redo(again.document)
    assert runs_alike(back, stack.redo(document)[0])


def test_what_is_shared_stands_in_the_file_once(tmp_path: Path) -> None:
    setup = Setup(ModuleSpec(50, 60), Sequence(np.random.default_rng(0).normal(size=(400, 50))))
    document = new_document(setup)
    save_session(SessionContent(document), tmp_path / "one.gatescope")
    other = document.with_setup(with_sequence(setup, Sequence(np.ones((3, 50)))))
    stack = UndoStack[Document]().done(Message("edit_reset"), document).done(Message("edit_reset"), other)
    save_session(SessionContent(document, stack), tmp_path / "three.gatescope")
    one, three = ((tmp_path / f"{name}.gatescope").stat().st_size for name in ("one", "three"))
    assert three < one + 10_000
    again = read_session(tmp_path / "three.gatescope")
    first, second = (change.value.setup for change in again.undo_stack.past)
    assert first is again.document.setup
    assert second.source is first.source


def test_a_long_history_stays_small(tmp_path: Path) -> None:
    document, stack = long_undo(500)
    save_session(SessionContent(document, stack), tmp_path / "long.gatescope")
    assert (tmp_path / "long.gatescope").stat().st_size < 300_000
    assert len(read_session(tmp_path / "long.gatescope").undo_stack.past) == 500


# ---- what is not there


def test_a_device_that_is_not_there_is_said_and_the_cpu_takes_its_place(
    make_setup: MakeSetup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    setup = replace(make_setup("nn.LSTM(3, 4)"), spec=ModuleSpec(3, 4, device="cuda"), arithmetic="tf32")
    content = kept(new_document(setup), tmp_path)
    assert content.document.setup.spec.device == "cpu"
    assert content.document.setup.arithmetic is None
    (remark,) = content.remarks
    assert str(remark).startswith("This session ran on cuda and runs on the CPU now")
    assert run(content.document.setup).report.matches


def test_a_network_moved_to_another_device_keeps_its_weights(make_setup: MakeSetup, tmp_path: Path) -> None:
    setup = kept(new_document(make_setup("nn.LSTM(3, 4)")), tmp_path).document.setup
    assert same_trace(run(on_device(setup, "cpu")).trace, run(setup).trace)


def test_an_example_that_is_no_more_leaves_its_network_and_a_remark(tmp_path: Path) -> None:
    setup = example_setup("hello")
    assert setup.example is not None
    setup = replace(setup, example=replace(setup.example, name="gone"))
    content = kept(new_document(setup), tmp_path)
    assert content.document.setup.example is None
    assert [remark.code for remark in content.remarks] == ["session_example"]
    assert same_trace(run(content.document.setup).trace, run(setup).trace)


# ---- what does not fit together


def test_what_does_not_fit_together_is_refused(tmp_path: Path, make_setup: MakeSetup) -> None:
    setup, other = example_setup("hello"), make_setup("nn.LSTM(3, 4)", batch=2)
    document = new_document(setup)
    weights = setup.source.weights(setup.spec)
    kept_elsewhere = FromSession({**weights, "weight_ih_l0": torch.ones(2, 2)}, "x")
    wrong_head = FromSession(weights, "x", answers=UnitsHead(3))
    wrong = {
        "labels": replace(document, labels=("a",)),
        "targets": replace(document, targets={0: (1, 2)}),
        "targets ": replace(document, targets={7: document.targets[0]})
        if document.targets
        else replace(document, targets={7: ()}),
        "sequence": new_document(replace(setup, sequence=Sequence(np.ones((3, 99))))),
        "values": new_document(replace(setup, sequence=Sequence(np.ones((0, setup.sequence.width))))),
        "h0": new_document(replace(setup, states={"h0": np.ones((9, 9))})),
        "r0": new_document(replace(setup, states={"r0": np.ones((1, 4))})),
        "lengths": new_document(replace(other, lengths=(1, 1))),
        "lengths ": new_document(replace(setup, lengths=(setup.steps,))),
        "tokens": new_document(replace(setup, sequence=replace(setup.sequence, tokens=("a",)))),
        "vocabulary": new_document(replace(setup, sequence=replace(setup.sequence, vocabulary="abc"))),
        "weights": new_document(replace(setup, source=kept_elsewhere)),
        "head": new_document(replace(setup, source=wrong_head)),
        "holds": new_document(replace(setup, holds=(Hold("f", 1.0, 99),))),
        "edits": with_edits(document, InputEdit(99, 0, 1.0)),
        "edits ": with_edits(document, WeightEdit("weight_hh_l7", (0, 0), 1.0)),
        "breakpoints": replace(document, breakpoints=(Breakpoint(t=1, nth=0),)),
        "breakpoints ": replace(document, breakpoints=(Breakpoint(t=-1),)),
        "breakpoints  ": replace(document, breakpoints=(Breakpoint("c > 1", scope=Scope(frozenset({2**70}))),)),
    }
    for name, one in wrong.items():
        assert f": {name.strip()} " in refused(tmp_path, one), name


def test_a_place_that_the_run_does_not_have_becomes_the_nearest(tmp_path: Path) -> None:
    document = new_document(example_setup("hello"))
    content = SessionContent(document, cursor=Cursor(999, 7, "reverse", "zz"), batch=5, unit=99)  # type: ignore[arg-type]  # wrong on purpose
    again = kept(content, tmp_path)
    assert again.cursor == Cursor(document.setup.steps - 1)
    assert (again.batch, again.unit) == (0, document.setup.spec.hidden_size - 1)


@pytest.mark.parametrize("looks", [{"x": math.nan}, {"x": "y" * (1 << 21)}, {"x": object()}, {1: 2}, {"x": (1, 2)}])
def test_looks_that_json_would_change_are_refused(looks: dict[str, object], tmp_path: Path) -> None:
    content = SessionContent(new_document(example_setup("hello")), looks=looks)
    with pytest.raises(gs.GatescopeError) as caught:
        save_session(content, tmp_path / "x.gatescope")
    assert caught.value.code == "session_looks"
