"""Says how small a fault a verification would have found."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from gatescope.messages.message import Message, describe_all

if TYPE_CHECKING:
    from gatescope.verification.report import Report


def describe_detectable(report: Report) -> Message | None:
    """Say which constant errors would have been found; None where nothing was tested, or something larger is wrong."""
    if not report.matches and not report.verdict.code.startswith("deviates"):
        return None
    errors = [
        Message("error_in", {"error": f"{error:.2g}", "quantity": quantity})
        for quantity, error in report.detectable.items()
        if isfinite(error)
    ]
    return Message("would_have_seen", {"errors": describe_all(errors)}) if errors else None
