"""Run the command as `python -m gatescope_app`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command; return its exit status, also where it is interrupted before all of it is imported."""
    try:
        from gatescope_app.cli.command_line import main as run  # noqa: PLC0415 - imported where an interrupt is caught
    except KeyboardInterrupt:
        print("gatescope: stopped", file=sys.stderr)
        return 2
    return run()


if __name__ == "__main__":
    sys.exit(main())
