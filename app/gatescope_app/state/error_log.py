"""Unexpected errors: logged with their traceback, shown in one line, and survived."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QStandardPaths

log = logging.getLogger("gatescope")


def log_path() -> Path:
    """Return the log file's path."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    return Path(folder) / "gatescope.log"


def start_log() -> None:
    """Log to a file; where that cannot be, to standard error."""
    try:
        log_path().parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(log_path(), maxBytes=500_000, backupCount=1, encoding="utf-8")
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)


def catch_all(show: Callable[[BaseException], None]) -> None:
    """Send every error that nothing else caught to `show`, which logs it; the program goes on."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        show(error)

    sys.excepthook = hook


def report(error: BaseException) -> None:
    """Write an error with its traceback to the log."""
    log.error("unexpected error", exc_info=error)
