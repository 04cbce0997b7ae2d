"""Is there a screen to open a window on? As a program: exit status 0 if so, else one line that says why not."""

from __future__ import annotations

import os
import subprocess
import sys

from gatescope_app.cli.console_language import translate

_TRY = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"


def missing_screen() -> str | None:
    """Return why no window can be opened, None where one can, as far as the surroundings tell."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return None
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return None
    return translate("console", "there is no screen (neither DISPLAY nor WAYLAND_DISPLAY is set)")


def main() -> int:
    """Check by opening one: Qt ends the process where a screen is named but does not answer."""
    reason = missing_screen()
    if reason is None and subprocess.run([sys.executable, "-c", _TRY], capture_output=True, check=False).returncode:
        reason = translate("console", "the screen does not answer, or system libraries for it are missing")
    if reason:
        text = translate("console", "{reason}; showing the demo instead")
        print("gatescope:", text.format(reason=reason), flush=True)
    return 1 if reason else 0


if __name__ == "__main__":
    sys.exit(main())
