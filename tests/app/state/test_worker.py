"""Work off the GUI thread: results come back on it, older work is forgotten, errors are delivered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from gatescope.messages.message import Cancelled, Progress
from gatescope_app.state.worker import Worker
from gatescope_app.window.job_bar import JobBar


@pytest.fixture
def worker(qapp: Any) -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.wait()
    worker.deleteLater()


class Outcome:
    """Keeps what a job delivered, and on which thread."""

    def __init__(self) -> None:
        self.results: list[Any] = []
        self.errors: list[Exception] = []
        self.threads: set[int] = set()

    def done(self, result: Any) -> None:
        self.results.append(result)
        self.threads.add(threading.get_ident())

    def failed(self, error: Exception) -> None:
        self.errors.append(error)
        self.threads.add(threading.get_ident())


@pytest.fixture
def outcome() -> Outcome:
    return Outcome()


def waits_for(gate: threading.Event, result: Any) -> Callable[[Progress], Any]:
    """Return a job that reports progress until it may end."""

    def job(progress: Progress) -> Any:
        while not gate.wait(0.005):
            progress(0.5)
        return result

    return job


def test_a_job_runs_elsewhere_and_its_result_arrives_on_the_gui_thread(
    worker: Worker, outcome: Outcome, qtbot: Any
) -> None:
    worker.start(lambda _progress: threading.get_ident(), outcome.done, outcome.failed)
    assert worker.busy
    qtbot.waitUntil(lambda: not worker.busy)
    assert outcome.threads == {threading.get_ident()}
    assert outcome.results[0] != threading.get_ident()
    assert outcome.errors == []


def test_what_takes_a_moment_is_done_at_once_in_place_of_the_job_before(
    worker: Worker, outcome: Outcome, qtbot: Any
) -> None:
    gate = threading.Event()
    worker.start(waits_for(gate, "old"), outcome.done, outcome.failed)

    def job(progress: Progress) -> int:
        progress(0.5)
        return threading.get_ident()

    worker.run(job, outcome.done, outcome.failed, at_once=True)
    assert outcome.results == [threading.get_ident()]
    assert not worker.busy
    gate.set()
    worker.wait()
    qtbot.wait(0)
    assert len(outcome.results) == 1
    worker.run(job, outcome.done, outcome.failed, at_once=False)
    assert worker.busy
    qtbot.waitUntil(lambda: not worker.busy)
    assert outcome.results[1] != threading.get_ident()


def test_an_exception_is_delivered_on_the_gui_thread(worker: Worker, outcome: Outcome, qtbot: Any) -> None:
    def job(_progress: Progress) -> None:
        raise RuntimeError("boom")

    worker.start(job, outcome.done, outcome.failed)
    qtbot.waitUntil(lambda: not worker.busy)
    assert [str(error) for error in outcome.errors] == ["boom"]
    assert outcome.threads == {threading.get_ident()}
    assert outcome.results == []


def test_a_cancelled_job_stops_and_delivers_nothing(worker: Worker, outcome: Outcome, qtbot: Any) -> None:
    started, stopped = threading.Event(), threading.Event()

    def job(progress: Progress) -> None:
        try:
            started.set()
            while True:
                progress(0.1)
        except Cancelled:
            stopped.set()
            raise

    worker.start(job, outcome.done, outcome.failed)
    assert started.wait(30)
    worker.cancel()
    assert not worker.busy
    assert stopped.wait(30)
    worker.wait()
    qtbot.wait(0)
    assert (outcome.results, outcome.errors) == ([], [])


def test_a_result_that_was_ready_when_cancelled_is_dropped(worker: Worker, outcome: Outcome, qtbot: Any) -> None:
    worker.start(lambda _progress: 1, outcome.done, outcome.failed)
    worker._pool.waitForDone()  # its result now waits in the queue of the GUI thread
    worker.cancel()
    qtbot.wait(0)
    assert outcome.results == []


def test_a_newer_job_replaces_an_older_one_whose_result_never_arrives(
    worker: Worker, outcome: Outcome, qtbot: Any
) -> None:
    gate = threading.Event()
    worker.start(waits_for(gate, "old"), outcome.done, outcome.failed)
    worker.start(lambda _progress: "new", outcome.done, outcome.failed)
    qtbot.waitUntil(lambda: not worker.busy)
    gate.set()
    worker.wait()
    qtbot.wait(0)
    assert outcome.results == ["new"]
    assert outcome.errors == []


def test_many_restarts_deliver_the_last_only(worker: Worker, outcome: Outcome, qtbot: Any) -> None:
    for number in range(200):
        worker.start(lambda _progress, number=number: number, outcome.done, outcome.failed)
    qtbot.waitUntil(lambda: not worker.busy)
    qtbot.wait(0)
    assert outcome.results == [199]


def test_started_progress_and_ended_are_told_in_order(worker: Worker, outcome: Outcome, qtbot: Any) -> None:
    told: list[Any] = []
    worker.started.connect(lambda: told.append("started"))
    worker.progressed.connect(told.append)
    worker.ended.connect(lambda: told.append("ended"))

    def job(progress: Progress) -> None:
        progress(0.25)
        progress(0.75)

    worker.start(job, lambda _: told.append("result"), outcome.failed)
    qtbot.waitUntil(lambda: not worker.busy)
    assert told == ["started", 0.25, 0.75, "ended", "result"]


def test_a_job_may_start_the_next_when_it_is_done(worker: Worker, outcome: Outcome, qtbot: Any) -> None:
    worker.start(
        lambda _progress: "first",
        lambda _: worker.start(lambda _progress: "second", outcome.done, outcome.failed),
        outcome.failed,
    )
    qtbot.waitUntil(lambda: outcome.results == ["second"])
    assert not worker.busy


def test_the_job_bar_shows_progress_and_its_button_cancels(
    worker: Worker, outcome: Outcome, qtbot: Any, hands: Any
) -> None:
    home = QWidget()
    bar = JobBar(worker)
    bar.setParent(home)
    hands.bring_up(home)
    gate = threading.Event()
    worker.start(waits_for(gate, "never"), outcome.done, outcome.failed)
    assert not bar.isVisible()  # what is done in a moment is not worth a flicker
    qtbot.waitUntil(bar.isVisible)
    qtbot.waitUntil(lambda: bar.bar.value() == 500)
    hands.click(bar.cancel)
    assert not bar.isVisible()
    assert not worker.busy
    worker.wait()
    qtbot.wait(0)
    assert outcome.results == []
    home.close()
    home.deleteLater()
