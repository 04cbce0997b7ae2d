"""Colours: light and dark palettes, and one colour for each quantity, the same in every view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from gatescope.cells.kinds import CELLS

Choice = Literal["system", "light", "dark"]
CHOICES: tuple[Choice, ...] = ("system", "light", "dark")


@dataclass(frozen=True)
class Theme:
    """The colours of one appearance, as `#rrggbb`.

    `unit_lightness` is how light in CIELAB the shades of units are at least and at most, each of which stands out from
    `base`, and `selected_lightness` that of the selected unit, which stands out from all of these.
    """

    name: str
    window: str
    base: str
    raised: str
    text: str
    faint: str
    disabled: str
    accent: str
    on_accent: str
    grid: str
    cursor: str
    negative: str
    positive: str
    breakpoint: str
    ghost: str
    matches: str
    differs: str
    warning: str
    cannot_compare: str
    on_verdict: str
    quantities: dict[str, str]
    unit_lightness: tuple[float, float]
    selected_lightness: float

    def of_verdict(self, code: str) -> str:
        """Return the colour of a verdict."""
        return {
            "matches": self.matches, "matches_where_comparable": self.matches, "runs_match": self.matches,
            "deviates": self.warning, "deviates_in_gate": self.warning, "deviates_on_average": self.warning,
            "deviates_over_units": self.warning, "differs": self.differs, "runs_differ": self.differs,
            "module_differs": self.differs, "record_differs": self.differs,
        }.get(code, self.cannot_compare)  # fmt: skip


class _QuantityColours(dict[str, str]):
    """A colour for each quantity; those of a cell that was added later and says nothing have that of h, without hue."""

    def __missing__(self, _name: str) -> str:
        return self["h"]


def _every_cells(f: str, i: str, c_tilde: str, c: str, o: str, h: str) -> dict[str, str]:
    """Add the quantities of the other cells to the LSTM's: each has the colour of what does most like it."""
    lstm = {"f": f, "i": i, "c_tilde": c_tilde, "c": c, "o": o, "h": h}
    others = {one.name: lstm[one.like] for cell in CELLS for one in cell.quantities if one.like is not None}
    return _QuantityColours(lstm | others)


# The hues follow Okabe and Ito's palette for colour-blind eyes (Color Universal Design, 2008), moved darker on
# light and lighter on dark until they read as text, and apart until they differ to colour-blind eyes as well, which
# the tests simulate; h has no hue.
LIGHT = Theme(
    name="light",
    window="#f3f4f6",
    base="#ffffff",
    raised="#e7e9ee",
    text="#16191d",
    faint="#59616b",
    disabled="#9aa1aa",
    accent="#0a64ad",
    on_accent="#ffffff",
    grid="#d9dce1",
    cursor="#16191d",
    negative="#3f6fb5",
    positive="#b8561a",
    breakpoint="#b3123f",
    ghost="#59616b",
    matches="#1d6b37",
    differs="#a81f1f",
    warning="#936200",
    cannot_compare="#44546a",
    on_verdict="#ffffff",
    quantities=_every_cells(f="#1463a7", i="#097451", c_tilde="#985d04", c="#982201", o="#962b6f", h="#343941"),
    unit_lightness=(30.0, 61.0),
    selected_lightness=16.0,
)  # fmt: skip
DARK = Theme(
    name="dark",
    window="#1e2126",
    base="#15171b",
    raised="#2b2f36",
    text="#eceef1",
    faint="#a8b0ba",
    disabled="#666d77",
    accent="#5fb2f2",
    on_accent="#10151a",
    grid="#33383f",
    cursor="#ffffff",
    negative="#6f9fe0",
    positive="#e8935c",
    breakpoint="#ff5c8a",
    ghost="#a8b0ba",
    matches="#57c27a",
    differs="#ff7b72",
    warning="#f0b43c",
    cannot_compare="#b4bcc8",
    on_verdict="#101214",
    quantities=_every_cells(f="#5aaff0", i="#48d5a4", c_tilde="#f0b23c", c="#fd8553", o="#e29dcd", h="#d7dbe0"),
    unit_lightness=(44.0, 84.0),
    selected_lightness=96.0,
)  # fmt: skip


def resolve(choice: Choice) -> Theme:
    """Return the theme of a choice; `system` follows the system where it tells, and is light where it does not."""
    if choice == "system":
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return DARK if dark else LIGHT
    return DARK if choice == "dark" else LIGHT


def apply(theme: Theme) -> None:
    """Give the whole application the theme's palette."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        return
    # Fusion is the one style that follows a palette completely on every system.
    application.setStyle(QStyleFactory.create("Fusion"))
    application.setPalette(palette(theme))
    # The bars of a list would otherwise take the list's.
    boxes, plain = _with_clear_boxes(theme), palette(theme)
    for name, own in (("QCheckBox", boxes), ("QListWidget", boxes), ("QMenu", boxes), ("QScrollBar", plain)):
        application.setPalette(own, name)  # type: ignore[arg-type]  # PySide6 says bytes, and takes str only


def _with_clear_boxes(theme: Theme) -> QPalette:
    """Return the palette of what has boxes to tick, and of menus.

    Fusion frames a box, and a menu, in a shade of the window's colour, which on a dark window is hardly to be seen.
    These classes use the colour for frames only, so it is set to what Fusion makes the wanted shade of.
    """
    result, group = palette(theme), QPalette.ColorGroup
    for state, frame in ((group.Active, theme.faint), (group.Inactive, theme.faint), (group.Disabled, theme.disabled)):
        result.setColor(state, QPalette.ColorRole.Window, QColor(frame).darker(110).lighter(140))
    return result


def palette(theme: Theme) -> QPalette:
    """Return the theme as a Qt palette, with its disabled roles."""
    role = QPalette.ColorRole
    result = QPalette()
    for target, colour in {
        role.Window: theme.window, role.Base: theme.base, role.AlternateBase: theme.raised,
        role.Button: theme.raised, role.ToolTipBase: theme.raised,
        role.Text: theme.text, role.WindowText: theme.text, role.ButtonText: theme.text,
        role.ToolTipText: theme.text, role.BrightText: theme.differs, role.PlaceholderText: theme.faint,
        role.Highlight: theme.accent, role.HighlightedText: theme.on_accent,
        role.Link: theme.accent, role.Accent: theme.accent, role.Mid: theme.grid,
    }.items():  # fmt: skip
        result.setColor(target, QColor(colour))
    for target in (role.Text, role.WindowText, role.ButtonText, role.HighlightedText, role.PlaceholderText):
        result.setColor(QPalette.ColorGroup.Disabled, target, QColor(theme.disabled))
    result.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(theme.grid))
    return result
