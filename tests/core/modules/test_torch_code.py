"""The lines of PyTorch for a block of a packed parameter: they run, and give the block's numbers to the bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays
from torch import Tensor, nn

from gatescope.modules.constructor import parse_constructor
from gatescope.modules.spec import ModuleSpec
from gatescope.modules.torch_code import MOST_NUMBERS, bias_sum_code, block_code
from gatescope.traces.trace import as_numpy

LINES = [
    "nn.LSTM(3, 4)",
    "nn.LSTM(3, 4, num_layers=2, bidirectional=True)",
    "nn.LSTM(2, 5, num_layers=2, bidirectional=True, proj_size=3)",
    "nn.LSTM(3, 2, dtype=torch.float64)",
    "nn.LSTM(3, 2, dtype=torch.float16)",
    "nn.LSTM(3, 2, dtype=torch.bfloat16)",
    "nn.GRU(3, 4, num_layers=2)",
    "nn.RNN(2, 3, nonlinearity='relu')",
    "nn.LSTMCell(3, 4)",
    "nn.GRUCell(2, 2, bias=False)",
]


def module_of(line: str) -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        module: nn.Module = eval(line)  # the lines above
    return module


def name_of(spec: ModuleSpec) -> str:
    """Return what the code calls the module."""
    return {"LSTMCell": "lstm_cell", "GRUCell": "gru_cell"}.get(spec.kind, spec.kind.lower())


def run(code: str, **names: object) -> dict[str, Any]:
    found: dict[str, Any] = {"torch": torch, **names}
    exec(code, found)
    return found


def blocks(spec: ModuleSpec) -> list[tuple[str, str | None]]:
    """Return each parameter with each of its gates."""
    return [
        (name, gate)
        for name in spec.parameters()
        for gate in ([None] if name.startswith("weight_hr") else spec.cell.packed)
    ]


def bits(tensor: Tensor) -> bytes:
    return tensor.detach().contiguous().view(torch.uint8).numpy().tobytes()


@pytest.mark.parametrize("line", LINES)
def test_the_code_of_every_block_gives_its_numbers_to_the_bit(line: str) -> None:
    spec, module = parse_constructor(line), module_of(line)
    for parameter, gate in blocks(spec):
        packed = getattr(module, parameter)
        block = packed if gate is None else packed[spec.gate_rows(gate)]
        code = block_code(spec, parameter, gate, as_numpy(block))
        found = run(code, **{name_of(spec): module})
        (variable,) = (name for name in found if name.endswith("_values"))
        assert bits(found[variable]) == bits(block), code
        assert found[variable].dtype == block.dtype
        assert bits(found[variable.removesuffix("_values")]) == bits(block), code


@pytest.mark.parametrize(
    ("parameter", "gate", "line"),
    [
        ("weight_ih_l0", "f", "W_if = lstm.weight_ih_l0[4:8, :]  # (hidden_size, input_size), the forget gate's rows"),
        ("weight_ih_l1", "i",
         "W_ii = lstm.weight_ih_l1[0:4, :]  # (hidden_size, 2 * proj_size), the input gate's rows"),
        ("weight_hh_l1_reverse", "c_tilde",
         "W_hg = lstm.weight_hh_l1_reverse[8:12, :]  # (hidden_size, proj_size), the candidate's rows"),
        ("bias_hh_l0", "o", "b_ho = lstm.bias_hh_l0[12:16]  # (hidden_size,), the output gate's rows"),
        ("weight_hr_l0", None, "W_hr = lstm.weight_hr_l0  # (proj_size, hidden_size)"),
    ],
)  # fmt: skip
def test_names_are_those_of_torchs_documentation(parameter: str, gate: str | None, line: str) -> None:
    spec = parse_constructor("nn.LSTM(3, 4, num_layers=2, bidirectional=True, proj_size=2)")
    shape = spec.parameters()[parameter]
    rows = (4, *shape[1:]) if gate else shape
    lines = block_code(spec, parameter, gate, np.zeros(rows, np.float32)).splitlines()
    assert line in lines
    assert (f"# {parameter} holds 4 blocks of 4 rows: i, f, g, o" in lines) == (gate is not None)


def test_a_single_block_is_not_cut() -> None:
    code = block_code(parse_constructor("nn.RNNCell(2, 3)"), "weight_ih", "a", np.zeros((3, 2), np.float32))
    assert code.startswith("W_ih = rnn_cell.weight_ih  # (hidden_size, input_size)\nW_ih_values = ")


def test_a_wrong_packing_order_would_be_noticed() -> None:
    """The planted fault: the rows of i handed over as those of f."""
    spec, module = parse_constructor(LINES[0]), module_of(LINES[0])
    wrong = as_numpy(module.weight_ih_l0[spec.gate_rows("i")])  # type: ignore[index]
    found = run(block_code(spec, "weight_ih_l0", "f", wrong), lstm=module)
    assert bits(found["W_if"]) != bits(found["W_if_values"])


@pytest.mark.parametrize("line", LINES[:-1])
def test_the_sum_of_both_biases(line: str) -> None:
    spec, module = parse_constructor(line), module_of(line)
    names = [name for name in spec.cell_parameters(0, "forward") if name.startswith("bias")]
    for gate in spec.cell.packed:
        rows = spec.gate_rows(gate)
        total = getattr(module, names[0])[rows] + getattr(module, names[1])[rows]
        found = run(bias_sum_code(spec, (names[0], names[1]), gate, as_numpy(total)), **{name_of(spec): module})
        (variable,) = (name for name in found if name.endswith("_values"))
        assert bits(found[variable]) == bits(total) == bits(found[variable.removesuffix("_values")])


DTYPES: dict[str, Any] = {"float16": np.float16, "float32": np.float32, "float64": np.float64}


@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data())
def test_every_number_reads_back_to_the_bit(dtype: str, data: Any) -> None:
    numbers = data.draw(arrays(DTYPES[dtype], (2, 3), elements={"allow_nan": False}))
    spec = ModuleSpec(3, 2, dtype=dtype)
    written = run(block_code(spec, "weight_ih_l0", "f", numbers).partition("rows\n")[2])["W_if_values"]
    assert written.numpy().tobytes() == numbers.tobytes()


def test_nan_and_infinity_are_written_as_torch_reads_them() -> None:
    numbers = np.array([np.nan, np.inf, -np.inf, -0.0], np.float32)
    code = block_code(ModuleSpec(1, 4), "bias_ih_l0", "i", numbers)
    assert "[torch.nan, torch.inf, -torch.inf, -0.0]" in code
    np.testing.assert_array_equal(run(code.splitlines()[-1])["b_ii_values"].numpy(), numbers)


@pytest.mark.parametrize(("hidden", "written"), [(MOST_NUMBERS // 4, True), (MOST_NUMBERS // 4 + 1, False)])
def test_a_large_block_is_cut_out_but_not_written_out(
    hidden: int, written: bool, make_lstm: Callable[..., Any]
) -> None:
    spec, module = ModuleSpec(4, hidden), make_lstm(4, hidden)
    block = module.weight_ih_l0[spec.gate_rows("o")]
    code = block_code(spec, "weight_ih_l0", "o", as_numpy(block))
    found = run(code, lstm=module)
    assert bits(found["W_io"]) == bits(block)
    assert ("W_io_values" in found) == written
    assert (f"# {hidden * 4} numbers: too many to write out" in code) != written
