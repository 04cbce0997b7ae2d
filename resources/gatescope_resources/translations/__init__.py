"""Translations: Qt's of the window, and the texts that are read without Qt."""

from __future__ import annotations

import json
from pathlib import Path


def translation_path(language: str) -> Path:
    """Return the compiled translation for a language such as `zh_CN`."""
    return Path(__file__).parent / f"gatescope_{language}.qm"


def read_texts(language: str) -> dict[str, dict[str, str]]:
    """Return the texts that are shown where there may be no Qt: by context, then by their English."""
    texts: dict[str, dict[str, str]] = json.loads(translation_path(language).with_suffix(".json").read_bytes())
    return texts
