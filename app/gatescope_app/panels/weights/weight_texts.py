"""What is said about weights: names of rows and columns, tooltips, and why there are two biases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from gatescope.cells.quantities import Quantity
from gatescope.edits.edits import WeightEdit
from gatescope.modules.spec import ModuleSpec
from gatescope_app.look.edit_marks import MARK, describe_edits, describe_original
from gatescope_app.look.language import engine_text, format_remark, join_texts
from gatescope_app.look.tokens import format_token
from gatescope_app.panels.weights.maps import SUM, CellMaps, GateBlock, MapPlace, WeightMap

if TYPE_CHECKING:
    from gatescope_app.state.session_state import State

translate = QCoreApplication.translate


def quantity_of(spec: ModuleSpec, gate: str) -> Quantity:
    """Return a gate's symbols."""
    return spec.cell.quantity(gate)


def book_name(spec: ModuleSpec, gate: str) -> str:
    """Return what textbooks call a gate's weights: W_f, W_C; of a cell with a single block W."""
    if len(spec.cell.packed) == 1:
        return "W"
    return f"W_{quantity_of(spec, gate).symbol.removesuffix('̃')}"


def gate_label(spec: ModuleSpec, gate: str) -> str:
    """Return a block's names: torch's letter, the book's weights, and the book's symbol where it is another."""
    quantity = quantity_of(spec, gate)
    names = [quantity.torch_name, book_name(spec, gate)]
    return " · ".join([*names, quantity.symbol] if quantity.symbol != quantity.torch_name else names)


def choice_label(spec: ModuleSpec, gate: str) -> str:
    """Return a block's names for a list of them."""
    title = engine_text(quantity_of(spec, gate).title)
    if gate not in spec.cell.packed:
        return f"{gate} · W_hr  {title}"
    return f"{gate_label(spec, gate)}  {title}"


def rows_label(block: GateBlock) -> str:
    """Return a block's rows as Python's slice."""
    return f"{block.rows.start}:{block.rows.stop}"


def sum_label() -> str:
    """Return the shortest name of the biases' sum."""
    return translate("weight_maps", "sum")


# ---- columns ----


def column_name(maps: CellMaps, one: WeightMap, column: int) -> str:
    """Return what a column is multiplied with, as short as it goes."""
    if one.kind == "w_ih" and (maps.layer == 0 or maps.spec.is_cell):
        return f"x_{column}"
    if one.kind == "w_ih" and maps.spec.bidirectional:
        return f"h_{column % maps.spec.output_size}{'←' if column >= maps.spec.output_size else '→'}"
    return "" if one.vector else f"{'m' if one.kind == 'w_hr' else 'h'}_{column}"


def token_of(state: State, maps: CellMaps, one: WeightMap, column: int) -> str:
    """Return the character that a column of one-hot input stands for; nothing where it stands for none."""
    vocabulary = state.setup.sequence.vocabulary
    if vocabulary is None or one.kind != "w_ih" or maps.layer > 0 or column >= len(vocabulary):
        return ""
    return format_token(vocabulary[column])


def describe_column(state: State, maps: CellMaps, place: MapPlace) -> str:
    """Say what a number is multiplied with."""
    one, column = maps.of(place.kind), place.column
    assert one is not None
    if one.vector:
        return translate("weight_maps", "added")
    if one.kind == "w_hr":
        return translate("weight_maps", "times o_t * tanh(C_t) of unit {unit}").format(unit=column)
    if one.kind == "w_hh":
        before = "h_(t-1)" if maps.direction == "forward" else "h_(t+1)"
        return translate("weight_maps", "times {name} of unit {unit}").format(name=before, unit=column)
    if maps.layer > 0:
        direction, unit = divmod(column, maps.spec.output_size)
        below = translate("weight_maps", "times h_t of unit {unit}, layer {layer}").format(
            unit=unit, layer=maps.layer - 1
        )
        side = translate("weight_maps", "reverse") if direction else translate("weight_maps", "forward")
        return join_texts([below, side] if maps.spec.bidirectional else [below])
    token = token_of(state, maps, one, column)
    name = format_remark(f"x_{column}", token) if token else f"x_{column}"
    return translate("weight_maps", "times {name}").format(name=name)


# ---- numbers ----


def describe_number(state: State, maps: CellMaps, place: MapPlace) -> str:
    """Say a number in full, and which it is."""
    one = maps.of(place.kind)
    number = maps.number(place)
    if one is None or number is None:
        return translate("weight_maps", "b_ih and b_hh of {gate} are never just added: r_t scales b_hh first").format(
            gate=_missing_gate(maps, place)
        )
    block = one.block_at(place.row)
    assert block is not None
    symbol = quantity_of(maps.spec, block.gate).symbol
    unit = translate("weight_maps", "{gate}, unit {unit}").format(gate=symbol, unit=place.row - block.rows.start)
    remark = (
        describe_column(state, maps, place) if one.editable else translate("weight_maps", "computed; edit either bias")
    )
    return f"{number_name(one, place)} = {number!s} · {unit} · {remark}"


def _missing_gate(maps: CellMaps, place: MapPlace) -> str:
    block = maps.maps[0].block_at(place.row)
    return "" if block is None else quantity_of(maps.spec, block.gate).symbol


def number_name(one: WeightMap, place: MapPlace) -> str:
    """Return torch's name of a number: weight_ih_l0[5, 3]; of a sum both."""
    index = ", ".join(map(str, one.index(place.row, place.column)))
    return " + ".join(f"{name}[{index}]" for name in one.name.split(" + "))


def edited_places(state: State, maps: CellMaps) -> dict[MapPlace, str]:
    """Return what is to be said of the numbers that were edited, by their place."""
    names, remarks = {one.name: one for one in maps if one.editable}, {}
    for edit in state.setup.edits:
        if isinstance(edit, WeightEdit) and edit.parameter in names:
            row, column = (*edit.index, 0)[:2]  # a bias has rows only
            place = MapPlace(names[edit.parameter].kind, row, column)
            remarks[place] = _remark(state, edit)
    return remarks


def _remark(state: State, edit: WeightEdit) -> str:
    """Say what a number was before, where that is known: what it is now is said of every number."""
    if state.ghost is None:
        return describe_edits([edit])
    from gatescope.traces.trace import as_numpy  # noqa: PLC0415 - imports torch, which is there once there is a run

    before = as_numpy(state.ghost.trace.weights[edit.parameter][edit.index])
    return f"{MARK} {describe_original(state, str(before))}"


# ---- maps ----


def describe_map(maps: CellMaps, one: WeightMap) -> str:
    """Say what a whole map is, for the tooltip of its name."""
    if one.kind == SUM:
        return translate(
            "weight_maps", "Both biases added, in {dtype}: computed here, no parameter of the module"
        ).format(dtype=maps.spec.dtype)
    rows, columns = one.numbers.shape
    shape = f"({rows},)" if one.vector else f"({rows}, {columns})"
    text = {
        "w_ih": translate("weight_maps", "multiplies what the cell reads"),
        "w_hh": translate("weight_maps", "multiplies h of the step before"),
        "w_hr": translate("weight_maps", "makes h_t of o_t * tanh(C_t); it is not packed"),
    }.get(one.kind, "")
    name = f"{one.name} {shape}"
    return name + "\n" + (explain_two_biases(maps.spec) if one.vector else text)


def describe_block(maps: CellMaps, block: GateBlock) -> str:
    """Say whose rows a block has, for the tooltip of its label."""
    quantity = quantity_of(maps.spec, block.gate)
    text = translate(
        "weight_maps", "{title}: rows {rows} of each packed parameter; torch's letter is {letter}, books write {book}"
    )
    return text.format(
        title=engine_text(quantity.title), rows=rows_label(block), letter=quantity.torch_name,
        book=join_texts([book_name(maps.spec, block.gate), f"{quantity.symbol}_t"]),
    )  # fmt: skip


def explain_two_biases(spec: ModuleSpec) -> str:
    """Say why there are two."""
    text = translate(
        "weight_maps",
        "Why two biases? PyTorch keeps both because cuDNN's interface has one for the input and one for the recurrent"
        " product. A step only needs their sum, so a textbook has one. Both get the same gradient: under plain SGD the"
        " sum moves twice as fast as a single bias would.",
    )
    apart = [gate for gate in spec.cell.packed if spec.cell.keeps_biases_apart(gate)]
    if not apart:
        return text
    exception = translate(
        "weight_maps",
        "Not so for n of a GRU: b_hn lies inside r_t * (W_hn h_(t-1) + b_hn), where the reset gate scales it, and"
        " counts on its own.",
    )
    return f"{text} {exception}"


def describe_no_biases() -> str:
    """Say that there are none."""
    return translate("weight_maps", "bias=False: this network has no biases.")
