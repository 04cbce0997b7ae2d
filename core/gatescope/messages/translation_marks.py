"""Marking texts for translation, without Qt."""


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:  # noqa: N802 - the name that Qt's lupdate looks for
    """Mark `text` for translation and return it."""
    return text
