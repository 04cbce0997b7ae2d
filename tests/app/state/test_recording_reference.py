"""A recording is kept by where it is and what it held, and found again where it is now."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import gatescope as gs
from gatescope.edits.undo_stack import UndoStack
from gatescope.formats.session_file import read_session_file
from gatescope.formats.trace_file import COPIED, TraceWriter
from gatescope.formats.trace_segment import same_trace
from gatescope.messages.message import Message
from gatescope_app.state import recording_reference
from gatescope_app.state.document import Document, new_document
from gatescope_app.state.network_changes import with_network
from gatescope_app.state.recorded_traces import read_recording
from gatescope_app.state.runs import Setup, example_setup, recorded_setup, run
from gatescope_app.state.session_file import RecordingNeeded, SessionContent, read_session, save_session
from gatescope_app.state.sources import FromRecording, FromSession

Count = Callable[[], int]


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording_reference, "_known", {})


@pytest.fixture
def bytes_hashed(monkeypatch: pytest.MonkeyPatch) -> Count:
    """Return a function that says how many bytes went into checksums of recordings."""
    lengths: list[int] = []
    blake2b = recording_reference.blake2b

    class Counted:
        def __init__(self, **options: Any) -> None:
            self._digest = blake2b(**options)

        def update(self, piece: bytes) -> None:
            lengths.append(len(piece))
            self._digest.update(piece)

        def hexdigest(self) -> str:
            return self._digest.hexdigest()

    monkeypatch.setattr(recording_reference, "blake2b", Counted)
    return lambda: sum(lengths)


def shown(path: Path, call: int = 0) -> Setup:
    entry = read_recording(path).entries[call]
    return recorded_setup(entry.trace, f"{path}::{entry.label}")


def record_more(path: Path) -> None:
    """Go on recording into a file."""
    with TraceWriter(path, append=True) as writer:
        writer.append("other", gs.trace(nn.LSTM(3, 2), torch.ones(4, 3)))


def needed(path: Path, **options: Any) -> RecordingNeeded:
    with pytest.raises(RecordingNeeded) as caught:
        read_session(path, **options)
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


@pytest.fixture
def large_recording(hello_recording: Path) -> Path:
    """Return a recording that is too large to be read at once, and takes no more room on the disk."""
    os.truncate(hello_recording, COPIED + 1)
    return hello_recording


@pytest.fixture
def saved(hello_recording: Path, tmp_path: Path) -> Path:
    """Return a session that shows the second trace of a recording, both in a folder `lesson`."""
    folder = tmp_path / "lesson"
    folder.mkdir()
    recording = folder / "hello.gates"
    shutil.move(hello_recording, recording)
    save_session(SessionContent(new_document(shown(recording, 1))), folder / "x.gatescope")
    return folder / "x.gatescope"


def test_a_recording_is_shown_again_without_a_copy_of_it(saved: Path) -> None:
    recording = saved.parent / "hello.gates"
    first = shown(recording, 1)
    again = read_session(saved).document.setup
    assert isinstance(again.source, FromRecording)
    assert again.source.recorded is not None
    assert again.source.place == f"{recording}::rnn#1"
    assert again.sequence is again.source.sequence
    assert same_trace(run(again).trace, run(first).trace)
    assert not read_session_file(saved).tensors


def test_what_a_session_shows_of_a_large_recording_is_taken_out_of_the_file(
    large_recording: Path, tmp_path: Path
) -> None:
    first = shown(large_recording, 1)
    before = run(first).trace.mapped(Tensor.clone)
    save_session(SessionContent(new_document(first)), tmp_path / "x.gatescope")
    again = read_session(tmp_path / "x.gatescope").document.setup
    with large_recording.open("r+b") as file:  # to cut it would end this process where it is still mapped
        file.write(bytes(1 << 20))
    assert same_trace(run(again).trace, before)


def test_what_is_moved_together_is_found_beside_the_session(saved: Path, tmp_path: Path) -> None:
    saved.parent.rename(tmp_path / "moved")
    again = read_session(tmp_path / "moved" / "x.gatescope").document.setup
    assert again.source.place == f"{tmp_path / 'moved' / 'hello.gates'}::rnn#1"


def test_a_recording_that_is_gone_is_asked_for(saved: Path, tmp_path: Path) -> None:
    recording = saved.parent / "hello.gates"
    elsewhere = tmp_path / "elsewhere.gates"
    recording.rename(elsewhere)
    error = needed(saved)
    assert (error.code, error.recording) == ("recording_missing", str(recording))
    again = read_session(saved, recordings={error.recording: str(elsewhere)}).document.setup
    assert again.source.place == f"{elsewhere}::rnn#1"
    save_session(SessionContent(new_document(again)), saved)  # from then on it is known there
    assert read_session(saved).document.setup.source.place == f"{elsewhere}::rnn#1"


def test_a_recording_that_was_changed_is_asked_for(saved: Path) -> None:
    recording = saved.parent / "hello.gates"
    raw = bytearray(recording.read_bytes())
    raw[-100] ^= 1
    recording.write_bytes(raw)
    error = needed(saved)
    assert (error.code, error.recording) == ("recording_changed", str(recording))


@pytest.mark.parametrize("other", ["missing", "folder", "pipe", "text", "recording", "null"])
def test_another_file_is_not_taken_for_it(saved: Path, tmp_path: Path, other: str, hello_model: nn.Module) -> None:
    recording, path = saved.parent / "hello.gates", tmp_path / "other.gates"
    recording.rename(tmp_path / "right.gates")
    match other:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "text":
            path.write_text("a text")
        case "recording":
            with gs.record(hello_model, path=path):
                hello_model(torch.tensor([[2, 2]]))
        case "null":
            path = tmp_path / "a\0b"
    error = needed(saved, recordings={str(recording): str(path)})
    assert error.recording == str(recording)
    assert error.code == ("recording_missing" if other in ("missing", "null") else "recording_changed")


def test_recording_may_go_on_behind_what_is_shown(saved: Path) -> None:
    record_more(saved.parent / "hello.gates")
    assert read_session(saved).document.setup.source.place.endswith("::rnn#1")


def test_the_checksum_is_computed_once(hello_recording: Path, tmp_path: Path, bytes_hashed: Count) -> None:
    content = SessionContent(new_document(shown(hello_recording)))
    size = hello_recording.stat().st_size
    for _ in range(5):
        save_session(content, tmp_path / "x.gatescope")
    assert bytes_hashed() == size
    record_more(hello_recording)
    save_session(content, tmp_path / "x.gatescope")
    assert bytes_hashed() == size
    again = read_session(tmp_path / "x.gatescope")
    save_session(replace(content, document=again.document), tmp_path / "y.gatescope")
    assert bytes_hashed() == size


def test_a_recording_that_was_replaced_is_said_instead_of_kept(
    hello_recording: Path, hello_model: nn.Module, tmp_path: Path
) -> None:
    content = SessionContent(new_document(shown(hello_recording)))
    save_session(content, tmp_path / "x.gatescope")
    older = (tmp_path / "x.gatescope").read_bytes()
    with gs.record(hello_model, path=hello_recording):  # under the same name
        hello_model(torch.tensor([[2, 2]]))
    for _ in range(2):
        with pytest.raises(gs.GatescopeError) as caught:
            save_session(content, tmp_path / "x.gatescope")
        assert caught.value.code == "recording_replaced"
    hello_recording.unlink()
    with pytest.raises(gs.GatescopeError) as caught:
        save_session(content, tmp_path / "x.gatescope")
    assert caught.value.code == "recording_replaced"
    assert (tmp_path / "x.gatescope").read_bytes() == older


def test_a_longer_recording_in_the_place_of_another_is_no_continuation_of_it(
    hello_recording: Path, hello_model: nn.Module, tmp_path: Path
) -> None:
    content = SessionContent(new_document(shown(hello_recording)))
    save_session(content, tmp_path / "x.gatescope")
    other = tmp_path / "other.gates"
    with gs.record(hello_model, path=other):
        for _ in range(9):
            hello_model(torch.tensor([[2, 2, 1]]))
    assert other.stat().st_size > hello_recording.stat().st_size
    with hello_recording.open("r+b") as file:  # which keeps the inode
        file.write(other.read_bytes())
    with pytest.raises(gs.GatescopeError, match="is no longer the recording"):
        save_session(content, tmp_path / "x.gatescope")


def test_the_weights_of_a_recording_stay_when_its_file_goes(hello_recording: Path, tmp_path: Path) -> None:
    setup = shown(hello_recording)
    other = with_network(setup, replace(setup.spec, num_layers=2), setup.source.rerun())
    other = replace(other, sequence=replace(setup.sequence, values=setup.sequence.values.copy()))
    document = new_document(other)
    before = run(document.setup).trace
    save_session(SessionContent(document), tmp_path / "x.gatescope")
    hello_recording.unlink()
    again = read_session(tmp_path / "x.gatescope").document.setup
    assert isinstance(again.source, FromSession)
    assert again.source.place == setup.source.place
    assert same_trace(run(again).trace, before)


def test_steps_that_show_a_recording_that_is_gone_cannot_be_undone_and_the_rest_can(
    hello_recording: Path, tmp_path: Path
) -> None:
    recorded = new_document(shown(hello_recording))
    documents = [recorded, new_document(example_setup("hello")), new_document(example_setup("sine"))]
    stack: UndoStack[Document] = UndoStack()
    for document in documents:
        stack = stack.done(Message("edit_reset"), document)
    content = SessionContent(new_document(example_setup("latch")), stack)
    save_session(content, tmp_path / "x.gatescope")
    hello_recording.unlink()
    again = read_session(tmp_path / "x.gatescope")
    assert len(again.undo_stack.past) == 2
    assert [remark.code for remark in again.remarks] == ["session_undo_cut"]
    said = "Not all can be undone or redone any more (1 left out): The session shows the recording"
    assert str(again.remarks[0]).startswith(said)
