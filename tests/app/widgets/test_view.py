"""What all panels share: each change is shown, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gatescope_app.look.theme import LIGHT
from gatescope_app.state.debugger import Debugger
from gatescope_app.state.editor import Editor
from gatescope_app.state.runs import example_setup
from gatescope_app.state.session import Session
from gatescope_app.state.session_state import State
from gatescope_app.widgets.view import PanelParts, View


class Pointing(View):
    """A panel that is under the mouse: what it shows first changes what is pointed at, in the middle of it."""

    def __init__(self, parts: PanelParts) -> None:
        super().__init__(parts)
        self.told: list[str] = []

    def apply(self, old: State | None, new: State) -> None:
        self.told.append(f"begin {new.pointed}")
        if new.pointed == "f":
            self.session.point_at("o")
        self.told.append(f"end {new.pointed}")


@pytest.fixture
def pointing() -> Iterator[Pointing]:
    """Return such a panel on the screen."""
    session = Session(example_setup("hello"))
    view = Pointing(PanelParts(session, LIGHT, Debugger(session), Editor(session)))
    view.show()
    view.told.clear()
    yield view
    view.close()
    view.deleteLater()
    session.deleteLater()


def test_a_change_that_comes_while_one_is_shown_is_shown_after_it(pointing: Pointing) -> None:
    pointing.session.point_at("f")
    assert pointing.told == ["begin f", "end f", "begin o", "end o"]


def test_a_panel_that_failed_once_follows_again(pointing: Pointing, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_old: State | None, _new: State) -> None:
        raise RuntimeError("boom")

    with monkeypatch.context() as patch:
        patch.setattr(pointing, "apply", broken)
        with pytest.raises(RuntimeError, match="boom"):
            pointing.refresh()
    pointing.session.point_at("i")
    assert pointing.told == ["begin i", "end i"]
