"""When things may move: not where the system or the user asks for less motion, and not while steps come fast."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QStyle

from gatescope_app.state.settings import settings

_KEY = "reduce_motion"
_SLOW = 0.3  # seconds between steps from which on there is time for something to move


def reduced_motion() -> bool:
    """Whether the system's settings or the program's own ask for less motion."""
    return wants_less_motion() or system_reduces_motion()


def wants_less_motion() -> bool:
    """Return the program's own setting."""
    return settings().value(_KEY, "false") in (True, "true")  # an INI file holds text


def want_less_motion(less: bool) -> None:
    """Change the program's own setting."""
    settings().setValue(_KEY, "true" if less else "false")


def system_reduces_motion() -> bool:
    """Whether the system asks for it: its style takes no time for animations, or it says so in so many words."""
    duration = QStyle.StyleHint.SH_Widget_Animation_Duration
    if QApplication.style().styleHint(duration) == 0:
        return True
    # Qt has these hints since 6.10, and what they say of motion in none of the versions up to 6.11.
    hints = getattr(QGuiApplication.styleHints(), "accessibility", lambda: None)()
    preference = getattr(hints, "motionPreference", None)
    return preference is not None and "Reduce" in preference().name


class Pace:
    """Tells slow steps from fast ones."""

    def __init__(self) -> None:
        self._last = float("-inf")

    def is_slow(self, now: float) -> bool:
        """Note a step, and return whether the one before is long enough ago; times in seconds."""
        slow = now - self._last >= _SLOW
        self._last = now
        return slow
