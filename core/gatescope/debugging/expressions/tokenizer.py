"""The first look at an expression: characters, brackets, and whether values and operators take turns.

Python's parser would find most of this as well, but it does not say where or what would be right, and it accepts much
that has no place here. What passes is one line of names, numbers, texts, brackets and the operators of the language.
"""

from __future__ import annotations

import keyword
import math
import re
import unicodedata
from dataclasses import dataclass, field

from gatescope.debugging.expressions.errors import ExpressionError, quote
from gatescope.debugging.expressions.names import Names
from gatescope.messages.message import Message

LIMIT = 500  # characters
DEPTH = 100  # levels of nesting; Python's own recursion stands 1000

_LARGEST = 10**15  # every whole number up to here is exact in float64

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<word>[A-Za-z_][A-Za-z_0-9]*)
    | (?P<text>"(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*')
    | (?P<foreign>\*\*|&&|\|\||<>|:=|<<|>>|->)
    | (?P<operator><=|>=|==|!=|//|[-+*/%<>])
    | (?P<bracket>[()\[\],])
    | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)

_INSTEAD = {
    "=": "==", ":=": "==", "<>": "!=", "&": "and", "&&": "and", "|": "or", "||": "or", "!": "not", "~": "not",
    "^": "v * v", "**": "v * v", "≤": "<=", "≥": ">=", "≠": "!=", "×": "*", "·": "*", "÷": "/", "−": "-",
    "“": '"', "”": '"', "‘": "'", "’": "'", "∧": "and", "∨": "or", "¬": "not",
}  # fmt: skip

_ESCAPES = frozenset("\\\"'nrt")
# They change the order in which the rest of a text is shown, which then reads as something else.
_BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_OPENING = {")": "(", "]": "["}


@dataclass(frozen=True)
class Token:
    """A word, a number, a text or a sign of an expression, and where it is."""

    kind: str
    text: str
    start: int
    end: int

    def refused(self, message: Message) -> ExpressionError:
        """Return an error at this place."""
        return ExpressionError(message, self.start, self.end)


@dataclass
class _State:
    """What has been read so far: the brackets that are open, and whether a value must come next."""

    names: Names
    open: list[Token] = field(default_factory=list)
    calls: list[bool] = field(default_factory=list)
    last: Token | None = None
    before_last: Token | None = None
    value_next: bool = True


def tokens_of(text: str) -> list[Token]:
    """Split an expression into its tokens, without spaces."""
    found = ((str(match.lastgroup), match) for match in _TOKEN.finditer(text))
    return [Token(kind, match[0], match.start(), match.end()) for kind, match in found if kind != "space"]


def screen(text: str, names: Names) -> str:
    """Check an expression as far as it can be done without knowing what its names are.

    Returns
    -------
    str
        The text in one line, of the same length.

    Raises
    ------
    ExpressionError
        For what the language does not know, and for text that has not been finished.
    """
    if len(text) > LIMIT:
        raise ExpressionError(Message("expression_too_long", {"limit": LIMIT, "length": len(text)}), LIMIT, len(text))
    if not text.strip():
        raise ExpressionError(Message("expression_empty", {"example": f"{names.example} < 0.1"}), 0, len(text))
    tokens, state = tokens_of(text), _State(names)
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        _check_token(token, after)
        _take(token, state)
        state.before_last, state.last = state.last, token
    _check_end(state)
    # Spaces of all kinds become plain ones. No token but a text can hold one, and none of theirs breaks a line.
    line = list(" " * len(text))
    for token in tokens:
        line[token.start : token.end] = token.text
    return "".join(line)


def _check_token(token: Token, after: Token | None) -> None:
    """Refuse a token that is wrong wherever it stands."""
    if token.kind == "number":
        _check_number(token, after)
    elif token.kind == "text":
        _check_text(token)
    elif token.kind == "word":
        _check_word(token)
    elif token.text in _INSTEAD:
        fields = {"sign": token.text, "instead": _INSTEAD[token.text]}
        raise token.refused(Message("expression_sign_instead", fields))
    elif token.kind in ("other", "foreign"):
        raise token.refused(_foreign(token.text))


def _foreign(sign: str) -> Message:
    if sign in ('"', "'"):
        return Message("expression_text_open", {"quote": sign})
    if sign == ".":
        return Message("expression_point")
    plain = unicodedata.normalize("NFKC", sign)
    if plain != sign and plain.isascii():
        return Message("expression_sign_instead", {"sign": sign, "instead": plain})
    return Message("expression_sign", {"sign": _visible(sign)})


def _visible(sign: str) -> str:
    seen = sign.isprintable() and not unicodedata.combining(sign[0])
    return sign if seen else f"U+{ord(sign):04X}"


def _check_number(number: Token, after: Token | None) -> None:
    if after is not None and after.start == number.end and after.kind == "word":
        wrong = Token("number", number.text + after.text, number.start, after.end)
        raise wrong.refused(Message("expression_number", {"number": quote(wrong.text)}))
    whole = number.text.isdigit()
    if whole and number.text != "0" and number.text.startswith("0"):
        raise number.refused(Message("expression_number", {"number": quote(number.text)}))
    if int(number.text) > _LARGEST if whole else math.isinf(float(number.text)):
        raise number.refused(Message("expression_number_huge", {"number": quote(number.text)}))


def _check_text(text: Token) -> None:
    skip = False
    for position, (character, after) in enumerate(zip(text.text, text.text[1:], strict=False), text.start):
        if not skip and character == "\\" and after not in _ESCAPES:
            raise ExpressionError(Message("expression_escape"), position, position + 2)
        skip = not skip and character == "\\"
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in _BIDIRECTIONAL:
            sign = Token("other", character, position, position + 1)
            raise sign.refused(Message("expression_sign", {"sign": _visible(character)}))


def _check_word(word: Token) -> None:
    if word.text in ("True", "False"):
        raise word.refused(Message("expression_true_false", {"word": word.text}))
    if keyword.iskeyword(word.text) and word.text not in ("and", "or", "not"):
        raise word.refused(Message("expression_keyword", {"word": word.text}))


def _take(token: Token, state: _State) -> None:
    """Go on by one token, or refuse it where it stands."""
    if token.kind == "bracket":
        _take_bracket(token, state)
    elif token.kind == "operator" or token.text in ("and", "or"):
        if state.value_next and token.text not in ("+", "-"):
            raise _value_missing(state, token)
        state.value_next = True
    elif not state.value_next:
        raise token.refused(Message("expression_operator_missing", {"part": quote(token.text)}))
    elif token.text != "not":
        state.value_next = False


def _take_bracket(token: Token, state: _State) -> None:
    match token.text:
        case "(" | "[":
            if token.text == "[" and state.value_next:
                raise _value_missing(state, token)
            if len(state.open) == DEPTH:
                raise token.refused(Message("expression_too_deep", {"limit": DEPTH}))
            state.open.append(token)
            state.calls.append(token.text == "(" and not state.value_next)
            state.value_next = True
        case ",":
            if state.value_next:
                raise _value_missing(state, token)
            if not state.calls or not state.calls[-1]:
                raise token.refused(Message("expression_comma"))
            state.value_next = True
        case _:
            _close(token, state)


def _close(token: Token, state: _State) -> None:
    opening = _OPENING[token.text]
    if not state.open or state.open[-1].text != opening:
        raise token.refused(Message("expression_not_opened", {"bracket": token.text, "opening": opening}))
    empty_call = state.calls[-1] and state.last is state.open[-1]
    if state.value_next and not empty_call:
        raise _value_missing(state, token)
    state.open.pop()
    state.calls.pop()
    state.value_next = False


def _check_end(state: _State) -> None:
    if state.value_next:
        raise _value_missing(state, None)
    if state.open:
        raise state.open[-1].refused(Message("expression_not_closed", {"bracket": state.open[-1].text}))


def _value_missing(state: _State, found: Token | None) -> ExpressionError:
    """Return the error where a value belongs but something else, or the end, is found."""
    last, example = state.last, state.names.example
    if found is not None:
        start, end = found.start, found.end
    else:
        start = end = 0 if last is None else last.end
    if last is None:
        return ExpressionError(Message("expression_value_missing", {"example": example}), start, end)
    if last.text == "[":
        return ExpressionError(_unit_missing(state), start, end)
    fields = {"before": last.text, "example": example}
    return ExpressionError(Message("expression_value_missing_after", fields), start, end)


def _unit_missing(state: _State) -> Message:
    vector = state.names.by_name.get("" if state.before_last is None else state.before_last.text)
    if vector is None or vector.units is None:
        return Message("expression_unit_missing")
    return Message("expression_unit_not_whole", {"part": vector.name, "last": vector.units - 1})
