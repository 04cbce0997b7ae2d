"""The window's language, switched while it runs: English is in the source, the others are Qt translations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import reduce

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from gatescope.messages.message import Listing, Message
from gatescope.messages.translation_marks import QT_TRANSLATE_NOOP
from gatescope_resources.translations import translation_path

LANGUAGES = {"en": "English", "zh_CN": "简体中文"}

# What Qt's own dialogs show, and its Chinese catalogue leaves out: found in ours.
_MISSED_BY_QT = (QT_TRANSLATE_NOOP("QFileDialog", "&Look in:"), QT_TRANSLATE_NOOP("QFileDialog", "Files of &type:"))

_installed: list[QTranslator] = []
_current = "en"


def system_language() -> str:
    """Return the language of `LANGUAGES` that suits the system."""
    return "zh_CN" if QLocale.system().language() == QLocale.Language.Chinese else "en"


def use(language: str) -> None:
    """Switch the application; every widget then gets a LanguageChange event."""
    global _current  # noqa: PLW0603 - the translators it goes with are the process's own as well
    _current = language
    while _installed:
        QCoreApplication.removeTranslator(_installed.pop())
    if language != "en":
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        for path in (f"{folder}/qtbase_{language}.qm", str(translation_path(language))):
            translator = QTranslator()
            if translator.load(path):
                QCoreApplication.installTranslator(translator)
                _installed.append(translator)
    QLocale.setDefault(QLocale(language))


def current() -> str:
    """Return the language in force."""
    return _current


def without_accelerator(text: str) -> str:
    """Return a menu's text without the mark of its key, for places that are no menu."""
    return re.sub(r"\(&\w\)", "", text).replace("&", "").rstrip("…")


def join_texts(texts: Iterable[str]) -> str:
    """Return a list of texts with the commas of the language between them."""
    pattern = QCoreApplication.translate("punctuation", "{first}, {next}")
    first, *others = (*texts,) or ("",)
    return reduce(lambda before, text: pattern.format(first=before, next=text), others, first)


def format_named(name: str, text: str) -> str:
    """Return a text behind the name of what it is about, with the colon of the language."""
    return QCoreApplication.translate("punctuation", "{name}: {text}").format(name=name, text=text)


def format_remark(text: str, remark: str) -> str:
    """Return a text with a remark in the brackets of the language."""
    return QCoreApplication.translate("punctuation", "{text} ({remark})").format(text=text, remark=remark)


def format_message(message: Message | Listing) -> str:
    """Return a message of the engine in the window's language."""
    return message.format_with(engine_text)


def format_template(template: str, message: Message) -> str:
    """Return another text for a message, with what it has to say filled in, in the window's language."""
    return template.format(**message.printable_params(engine_text))


def engine_text(text: str) -> str:
    """Translate a text that the engine marked for translation."""
    return QCoreApplication.translate("engine", text)
