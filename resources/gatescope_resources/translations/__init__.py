"""Qt translations of the window."""

from __future__ import annotations

from pathlib import Path


def translation_path(language: str) -> Path:
    """Return the compiled translation for a language such as `zh_CN`."""
    return Path(__file__).parent / f"gatescope_{language}.qm"
