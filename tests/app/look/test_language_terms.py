"""The Chinese texts use the words of the field, one for each thing, and full-width punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from gatescope.edits.edits import Hold
from gatescope_app.look import language
from gatescope_app.window.main_window import MainWindow
from gatescope_resources.examples import example_names, load_example
from gatescope_resources.help import help_page, help_page_names
from gatescope_resources.translations import translation_path

ROOT = Path(__file__).parents[3]

# What must not come back, as a pattern, and what is said instead.
OLD_TERMS = {
    r"细胞图": "LSTM 结构图",
    r"批次元素": "样本",
    r"我在哪里": "当前位置",
    r"从何而来": "来源分解",
    r"假设(?!分析)": "假设分析",
    r"分道扬镳": "从哪里开始出现差异",
    r"内核": "底层算子（kernel）",
    r"对比": "比较",
    r"热图": "热力图",
    r"方程": "公式",
    r"数值格式": "运算精度",
    r"(?<!隐藏)新状态": "候选隐藏状态",
    r"停止处": "断点命中",
    r"评判": "以 float64 为基准",
    r"(?<![\w.（{])token(?![\w）}]| ==)": "词元",
}

_CHINESE = r"[\u4e00-\u9fff]"
_CODE_SPANS = re.compile(r"```.*?```|`[^`\n]+`|\]\([^)]*\)|\{\w+:\w+\}", re.DOTALL)  # and the ends of links
_MENU_LETTER = re.compile(r"\(&?[A-Z]\)")  # Qt makes tooltips of menus without the &
_HALF_WIDTH = re.compile(rf"{_CHINESE} ?(?:[,:;?]|!(?!=))|(?<![!=])[,;?!] ?{_CHINESE}")
_BRACKETS = re.compile(rf"(?<={_CHINESE})( ?)\(([^()]*)\)")
_CODE = re.compile(r"\*\.|\{(?!keys)|[a-z0-9]|[A-Z],")  # how a pattern of files, a tuple or an expression begins


def half_width(text: str) -> list[str]:
    """Return each half-width mark that stands in Chinese, with what is around it; code keeps its own."""
    text = _MENU_LETTER.sub("", text)
    brackets = [found[0] for found in _BRACKETS.finditer(text) if not found[1] or not _CODE.match(found[2])]
    return _HALF_WIDTH.findall(text) + brackets


def old_terms(english: str, chinese: str) -> list[str]:
    """Return what of the old words a translation still says; 记录 is one only where the English records."""
    found = [old for old in OLD_TERMS if re.search(old, chinese)]
    return [*found, "记录"] if "record" in english.lower() and "记录" in chinese else found


def texts() -> Iterator[tuple[str, str]]:
    """Yield every Chinese text of window, examples, help and README, behind its English."""
    for message in ElementTree.parse(translation_path("zh_CN").with_suffix(".ts")).getroot().iter("message"):
        yield message.findtext("source", ""), message.findtext("translation", "")
    for name in example_names():
        example = load_example(name)
        for text in (example.title, example.summary, *(look.text for look in example.look)):
            yield text["en"], text["zh_CN"]
    for name in help_page_names("en"):
        yield _without_code(help_page(name, "en")), _without_code(help_page(name, "zh_CN"))
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))
    yield _without_code(english), _without_code(chinese)


def _without_code(page: str) -> str:
    return _CODE_SPANS.sub("", page)


def test_the_old_terms_do_not_come_back() -> None:
    assert not {chinese: found for english, chinese in texts() if (found := old_terms(english, chinese))}


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Cell diagram", "细胞图"), ("What if…", "假设…"), ("token", "token"), ("There are 3 tokens", "有 3 个 token"),
        ("Open recording", "打开记录"), ("the kernel", "内核"), ("new state", "新状态"),
    ],
)  # fmt: skip
def test_an_old_term_is_found(english: str, chinese: str) -> None:
    assert old_terms(english, chinese)


@pytest.mark.parametrize(
    "chinese", ["假设分析…", "tokens 必须是文本", '例如 token == "l"', "候选隐藏状态", "词元（token）", "热力图"]
)
def test_the_words_of_the_field_and_code_are_no_old_terms(chinese: str) -> None:
    assert not old_terms("", chinese)


def test_punctuation_in_chinese_is_full_width() -> None:
    assert not {chinese: found for _, chinese in texts() if (found := half_width(chinese))}


@pytest.mark.parametrize(
    "chinese",
    ["层, 单元", "层:单元", "值;", "好?", "关闭 (Esc)", "更改 (回车, F2)", "层(见上)", "新建 ({keys})"],
)
def test_half_width_punctuation_is_found(chinese: str) -> None:
    assert half_width(chinese)


@pytest.mark.parametrize(
    "chinese",
    ["新建(&N)…", "图片 (*.png)", "状态 (h0, c0)", "2 维 (T, {width})", "只用 == 和 != 比较", "关闭（Esc）"],
)
def test_menu_letters_and_code_keep_their_marks(chinese: str) -> None:
    assert not half_width(chinese)


def _said_by(window: QWidget) -> Iterator[str]:
    """Yield what widgets and actions say, to eyes and to screen readers."""
    for widget in (window, *window.findChildren(QWidget)):
        yield from (widget.toolTip(), widget.statusTip(), widget.accessibleName(), widget.accessibleDescription())
        yield widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    for action in window.findChildren(QAction):
        yield from (action.text(), action.toolTip(), action.statusTip())


def test_no_code_puts_half_width_punctuation_into_chinese(window: MainWindow, hands: Any) -> None:
    language.use("zh_CN")
    QApplication.processEvents()  # Qt tells the widgets by a posted event
    window.editor.do(Hold("f", 0.9, start=1, stop=2, units=(3,)))
    hands.qtbot.waitUntil(lambda: window.session.state.effect is not None)
    hands.press("F10", "F11")
    said = set(_said_by(window))
    assert any("（F10，" in text for text in said)  # the tooltip of a step
    assert not {text: found for text in said if (found := half_width(text))}
