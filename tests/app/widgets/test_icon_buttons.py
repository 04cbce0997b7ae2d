"""The row of small buttons at the head of a panel: what each is called."""

from __future__ import annotations

from typing import Any

from gatescope_app.widgets.icon_buttons import IconButtons


def test_a_button_has_a_name_and_a_tooltip_and_one_text_may_be_both(qapp: Any) -> None:
    buttons = IconButtons({"remove": "mdi6.minus", "fit": "mdi6.fit-to-page-outline"})
    buttons.set_texts({"remove": ("Remove", "Remove the selected one (Del)"), "fit": "Show all (0)"})
    texts = {name: (button.accessibleName(), button.toolTip()) for name, button in buttons.items()}
    assert texts == {"remove": ("Remove", "Remove the selected one (Del)"), "fit": ("Show all (0)", "Show all (0)")}
