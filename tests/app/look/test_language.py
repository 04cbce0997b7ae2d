"""The Chinese window: every text is collected, translated, compiled, and says the same with the same fields."""

from __future__ import annotations

import ast
import importlib.util
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from types import ModuleType
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QTranslator

from gatescope.cells.kinds import CELLS
from gatescope.messages.catalogue import MESSAGES
from gatescope.modules.spec import ARGUMENTS
from gatescope_app.look.language import LANGUAGES
from gatescope_app.window.action_table import ACTIONS
from gatescope_app.window.menus import TITLES

ROOT = Path(__file__).resolve().parents[3]
TERMS = {
    "forget gate": "遗忘门",
    "input gate": "输入门",
    "candidate": "候选记忆",
    "cell state": "细胞状态",
    "output gate": "输出门",
    "hidden state": "隐藏状态",
    "reset gate": "重置门",
    "update gate": "更新门",
    "new state": "候选隐藏状态",
    "pre-activation": "预激活",
}
QUANTITIES = {quantity.title: quantity for cell in CELLS for quantity in cell.quantities}


class Text(NamedTuple):
    """One text of a catalogue."""

    context: str
    source: str
    chinese: str
    finished: bool


class Use(NamedTuple):
    """One place in the sources that asks for a translation, and the fields it fills in."""

    context: str
    source: str
    fields: frozenset[str]
    place: str


@cache
def script() -> ModuleType:
    """Return resources/update_translations.py, which is in no package."""
    spec = importlib.util.spec_from_file_location("update_translations", ROOT / "resources/update_translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def committed() -> Path:
    return script().FOLDER / "gatescope_zh_CN.ts"


def read(catalogue: Path) -> list[Text]:
    """Return the texts of a .ts file."""
    texts = []
    for context in ElementTree.parse(catalogue).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            texts.append(
                Text(
                    context.findtext("name", ""),
                    message.findtext("source", ""),
                    translation.text or "",
                    translation.get("type") is None,
                )
            )
    return texts


def by_key(texts: list[Text]) -> dict[tuple[str, str], str]:
    return {(text.context, text.source): text.chinese for text in texts}


# The checks, which the planted faults below run as well.


def untranslated(texts: list[Text]) -> list[Text]:
    return [text for text in texts if not text.finished or not text.chinese.strip()]


def placeholders(text: str) -> Counter[str]:
    return Counter(re.findall(r"\{[^{}]*\}", text))


def with_other_placeholders(texts: list[Text]) -> list[Text]:
    return [text for text in texts if placeholders(text.source) != placeholders(text.chinese)]


def accelerators(text: str) -> list[str]:
    return [letter.upper() for letter in re.findall(r"&(\w)", text)]


def with_other_accelerators(texts: list[Text]) -> list[Text]:
    """Return where "(&X)" is missing, or another letter, or not at the end (only the source's "…" may follow)."""

    def good(text: Text) -> bool:
        letters = accelerators(text.source)
        end = "…" if text.source.endswith("…") else ""
        if not letters:
            return "&" not in text.chinese
        return text.chinese.endswith(f"(&{letters[0]}){end}") and text.chinese.count("&") == 1

    return [text for text in texts if not good(text)]


# The sources, read without lupdate: it passes over a call inside an f-string, which would stay English for ever.


def uses() -> list[Use]:
    return [
        use for path in script().sources() for use in _uses_in(ast.parse(path.read_text(encoding="utf-8")), path, None)
    ]


def _uses_in(node: ast.AST, path: Path, owner: str | None) -> Iterator[Use]:
    if isinstance(node, ast.ClassDef):
        owner = node.name
    fields: frozenset[str] = frozenset()
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        fields = frozenset(keyword.arg or "**" for keyword in node.keywords)
        marked = _marked(node.func.value, owner)
        if marked is not None:
            yield Use(*marked, fields, f"{path.name}:{node.lineno}")
    else:
        marked = _marked(node, owner)
        if marked is not None:
            yield Use(*marked, fields, f"{path.name}:{node.lineno}")  # type: ignore[attr-defined]
    for child in ast.iter_child_nodes(node):
        yield from _uses_in(child, path, owner)


def _marked(node: ast.AST, owner: str | None) -> tuple[str, str] | None:
    """Return the context and the text of a call that asks for a translation or marks one."""
    if not isinstance(node, ast.Call):
        return None
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    words = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
    if name == "tr" and len(words) == 1 and owner is not None:
        return owner, words[0]
    if name in ("translate", "QT_TRANSLATE_NOOP") and len(words) == 2:
        return words[0], words[1]
    return None


# (a) collected


def test_collecting_the_sources_again_changes_no_message(tmp_path: Path) -> None:
    again = tmp_path / "again.ts"
    shutil.copy(committed(), again)
    script().collect(again)
    assert read(again) == read(committed())


def test_collecting_into_a_new_file_finds_the_committed_messages(tmp_path: Path) -> None:
    new = tmp_path / "gatescope_zh_CN.ts"
    script().collect(new)
    assert by_key(read(new)).keys() == by_key(read(committed())).keys()


def test_every_text_that_the_sources_ask_for_is_in_the_catalogue() -> None:
    known = by_key(read(committed()))
    assert len(uses()) > 200
    assert not [use for use in uses() if (use.context, use.source) not in known]


def test_no_text_comes_twice() -> None:
    texts = read(committed())
    assert len(texts) == len(by_key(texts))


# (b) translated


def test_nothing_is_left_to_translate() -> None:
    assert not untranslated(read(committed()))


@pytest.mark.parametrize("fault", ["not collected", "unfinished", "empty"])
def test_a_missing_translation_is_found(fault: str, tmp_path: Path) -> None:
    planted = tmp_path / "gatescope_zh_CN.ts"
    tree = ElementTree.parse(committed())
    context = next(context for context in tree.iter("context") if context.findtext("name") == "engine")
    message = next(message for message in context.iter("message") if message.findtext("source") == "forget gate")
    translation = message.find("translation")
    assert translation is not None
    if fault == "not collected":
        context.remove(message)
    elif fault == "unfinished":
        translation.set("type", "unfinished")
    else:
        translation.text = ""
    tree.write(planted, encoding="utf-8")
    if fault != "empty":  # lupdate itself would call this one unfinished
        script().collect(planted)
    assert [(text.context, text.source) for text in untranslated(read(planted))] == [("engine", "forget gate")]


# (c) compiled


def test_compiling_gives_the_committed_file(tmp_path: Path) -> None:
    compiled = tmp_path / "gatescope_zh_CN.qm"
    script().compile_to(committed(), compiled)
    assert compiled.read_bytes() == committed().with_suffix(".qm").read_bytes()


def test_the_compiled_file_says_what_the_catalogue_says() -> None:
    translator = QTranslator()
    assert translator.load(str(committed().with_suffix(".qm")))
    texts = read(committed())
    assert [translator.translate(text.context, text.source) for text in texts] == [text.chinese for text in texts]


def test_there_is_a_catalogue_for_every_language_but_english() -> None:
    assert set(LANGUAGES) - {"en"} == set(script().LANGUAGES)


# (d) placeholders and accelerators


def test_every_translation_has_the_placeholders_of_its_source() -> None:
    assert not with_other_placeholders(read(committed()))


@pytest.mark.parametrize(
    "chinese", ["{name} 是 {values}", "{name} 是", "{name} 是 {value}，{value}", "｛name｝{value}"]
)
def test_another_placeholder_is_found(chinese: str) -> None:
    assert with_other_placeholders([Text("engine", "{name} is {value}", chinese, finished=True)])


def test_every_translation_has_the_accelerator_of_its_source_at_its_end() -> None:
    assert not with_other_accelerators(read(committed()))


@pytest.mark.parametrize("chinese", ["新建…", "新建(N)…", "新建(&W)…", "新建…(&N)", "&新建(&N)…", "新建(&n)…"])
def test_another_accelerator_is_found(chinese: str) -> None:
    assert with_other_accelerators([Text("actions", "&New…", chinese, finished=True)])


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("menu", sorted(TITLES))
def test_no_menu_has_an_accelerator_twice(menu: str, language: str) -> None:
    entries = [("actions", row.text) for row in ACTIONS if row.menu.split()[0] == menu]
    if menu == "view":
        entries += [("Menus", "&Theme"), ("Menus", "&Panels"), ("Menus", "Lay&out")]
    _assert_accelerators_differ(entries, language)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize(
    "contexts",
    [
        ("GatesView", "InspectorView"),
        ("NetworkDialog",),
        ("SequenceDialog", "TextPage"),
        ("SequenceDialog", "NumbersPage"),
        ("SequenceDialog", "FilePage"),
        ("SequenceDialog", "StatePage", "StateEditor"),
    ],
)
def test_nothing_seen_together_has_an_accelerator_twice(contexts: tuple[str, ...], language: str) -> None:
    entries = [key for key in by_key(read(committed())) if key[0] in contexts]
    if "GatesView" in contexts:  # in the window, under the menu bar
        entries += [("Menus", text) for text in _menu_bar()]
    _assert_accelerators_differ(entries, language)


def _menu_bar() -> list[str]:
    return list(TITLES.values())


def _assert_accelerators_differ(entries: list[tuple[str, str]], language: str) -> None:
    chinese = by_key(read(committed()))
    taken: dict[str, list[str]] = {}
    for context, source in entries:
        text = source if language == "en" else chinese[context, source]
        for letter in accelerators(text):
            taken.setdefault(letter, []).append(text)
    assert not {letter: texts for letter, texts in taken.items() if len(texts) > 1}


# (e), (f) the engine


def test_every_text_of_the_engine_is_translated_in_its_context() -> None:
    texts = {source for context, source in by_key(read(committed())) if context == "engine"}
    own = {*MESSAGES.values(), *(argument.help for argument in ARGUMENTS), *QUANTITIES}
    assert own == texts


def test_the_quantities_are_called_as_in_the_textbooks() -> None:
    chinese = by_key(read(committed()))
    assert {title: chinese["engine", title] for title in QUANTITIES} == TERMS


@pytest.mark.parametrize("name", ["nn.LSTM", "hidden_size", "proj_size", "W_hr", "h_n[", ".csv", ".npy", "torch"])
def test_names_of_the_api_stay_as_they_are(name: str) -> None:
    texts = read(committed())
    assert [text for text in texts if name in text.source]
    assert not [text for text in texts if name in text.source and name not in text.chinese]


# (h) filled in


def test_every_translation_takes_the_fields_that_its_place_in_the_sources_fills_in() -> None:
    chinese = by_key(read(committed()))
    filled = [use for use in uses() if use.fields and (use.context, use.source) in chinese]
    assert len(filled) > 15
    for use in filled:
        text = chinese[use.context, use.source]
        fields = use.fields if "**" not in use.fields else {name.strip("{}") for name in placeholders(use.source)}
        values = {name: f"<{name}>" for name in fields}
        said = text.format(**values)
        assert all(value in said for value in values.values()), use


def test_every_translation_with_fields_is_a_template_that_keeps_all_values() -> None:
    for text in read(committed()):
        names = {name for _, name, _, _ in Formatter().parse(text.source) if name}
        values = {name: f"<{name}>" for name in names}
        said = text.chinese.format(**values)
        assert all(value in said for value in values.values()), text
