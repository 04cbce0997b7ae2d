"""Read a PyTorch constructor as people write it, such as `nn.LSTM(4, 3, num_layers=2)`. Nothing is evaluated."""

from __future__ import annotations

import ast
import warnings
from typing import Any

from gatescope.messages.message import GatescopeError, describe_all
from gatescope.modules.spec import ITEM_BYTES, KINDS, ModuleSpec, arguments_of

_LIMIT = 500  # characters; a full call has fewer than 200
_KINDS = {f"{before}{kind}": kind for kind in KINDS for before in ("", "nn.", "torch.nn.")}
_TORCH_DTYPES = {f"torch.{name}": name for name in ITEM_BYTES} | {
    "torch.double": "float64", "torch.float": "float32", "torch.half": "float16",
}  # fmt: skip


def parse_constructor(text: str) -> ModuleSpec:
    """Read a call of nn.LSTM, nn.GRU, nn.RNN or their cells.

    Parameters
    ----------
    text : str
        A plain call whose arguments are literals, with or without `torch.` or `nn.` in front.

    Returns
    -------
    ModuleSpec

    Raises
    ------
    GatescopeError
        Naming the part that is not understood, or the argument that is out of its range.
    """
    call = _read_call(text.strip())
    kind = _KINDS[_source(call.func)]
    names = tuple(name for name in arguments_of(kind) if name != "kind")
    given: dict[str, Any] = {}
    if len(call.args) > len(names):
        raise GatescopeError("constructor_too_many", module=f"nn.{kind}", limit=len(names), given=len(call.args))
    for name, node in zip(names, call.args, strict=False):
        given[name] = _literal(name, node)
    for keyword in call.keywords:
        name = _keyword_name(keyword, kind, names)
        if name in given:
            raise GatescopeError("constructor_twice", name=name)
        given[name] = _literal(name, keyword.value)
    for name in ("input_size", "hidden_size"):
        if given.get(name) is None:
            raise GatescopeError("constructor_missing", module=f"nn.{kind}", name=name)
    return ModuleSpec(**{name: value for name, value in given.items() if value is not None}, kind=kind)


def _read_call(text: str) -> ast.Call:
    if not text:
        raise GatescopeError("constructor_empty")
    if len(text) > _LIMIT:
        raise GatescopeError("constructor_too_long", limit=_LIMIT, length=len(text))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's remarks on the style of what is refused anyway
            node = _right_hand_side(text)
    except SyntaxError as error:
        raise GatescopeError("constructor_syntax", column=error.offset or 1) from None
    except (ValueError, MemoryError, RecursionError):  # null bytes, huge literals, deep nesting
        raise GatescopeError("constructor_syntax", column=1) from None
    if not isinstance(node, ast.Call):
        raise GatescopeError("constructor_not_a_call", part=_source(node))
    if _source(node.func) not in _KINDS:
        raise GatescopeError(
            "constructor_other_class", known=describe_all(f"nn.{kind}" for kind in KINDS), part=_source(node.func)
        )
    return node


def _right_hand_side(text: str) -> ast.expr:
    """Return what is called; of a whole line such as `self.rnn = nn.GRU(4, 3)` what is assigned."""
    match ast.parse(text).body:
        case [ast.Expr(value=value)] | [ast.Assign(value=value)] | [ast.AnnAssign(value=ast.expr() as value)]:
            return value
    return ast.parse(text, mode="eval").body


def _keyword_name(keyword: ast.keyword, kind: str, names: tuple[str, ...]) -> str:
    if keyword.arg is None:
        raise GatescopeError("constructor_not_a_call", part=f"**{_source(keyword.value)}")
    if keyword.arg not in names:
        known = describe_all(names)
        raise GatescopeError("constructor_unknown_argument", module=f"nn.{kind}", name=keyword.arg, known=known)
    return keyword.arg


def _literal(name: str, node: ast.expr) -> Any:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        value = node.operand.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return -value  # so that the answer is the allowed range, not a complaint about the sign
    if name == "dtype" and _source(node) in _TORCH_DTYPES:
        return _TORCH_DTYPES[_source(node)]
    if not isinstance(node, ast.Constant) or isinstance(node.value, bytes | complex) or node.value is ...:
        raise GatescopeError("constructor_not_literal", name=name, part=_source(node))
    if isinstance(node.value, str) != (name in ("device", "nonlinearity")) and node.value is not None:
        raise GatescopeError("constructor_not_literal", name=name, part=_source(node))
    return node.value


def _source(node: ast.AST) -> str:
    try:
        text = ast.unparse(node)
    except RecursionError:  # nested deeper than Python can write
        return "..."
    return text if len(text) <= 60 else text[:57] + "..."
