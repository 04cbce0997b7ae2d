"""A spec knows what nn.LSTM is made of, and refuses what nn.LSTM could not be made with."""

from __future__ import annotations

import inspect
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, strategies as st
from torch import nn

import gatescope as gs
from gatescope.modules.network import CLASSES, arguments, spec_of
from gatescope.modules.spec import ARGUMENTS, KINDS, ModuleSpec, arguments_of


@st.composite
def specs(draw: st.DrawFn) -> ModuleSpec:
    """Draw a spec of any kind and options."""
    hidden, kind = draw(st.integers(1, 12)), draw(st.sampled_from(KINDS))
    values = {
        "input_size": draw(st.integers(1, 12)),
        "hidden_size": hidden,
        "num_layers": draw(st.integers(1, 4)),
        "nonlinearity": draw(st.sampled_from(["tanh", "relu"])),
        "bias": draw(st.booleans()),
        "batch_first": draw(st.booleans()),
        "dropout": draw(st.sampled_from([0.0, 0, 1, 0.1, 1e-7]) | st.floats(0, 1)),
        "bidirectional": draw(st.booleans()),
        "proj_size": draw(st.integers(0, hidden - 1)),
        "dtype": draw(st.sampled_from(["float32", "float64", "float16", "bfloat16"])),
        "kind": kind,
    }
    return ModuleSpec(**{name: value for name, value in values.items() if name in arguments_of(kind)})


@given(specs())
def test_parameters_have_the_names_shapes_order_and_count_of_the_module(spec: ModuleSpec) -> None:
    module = CLASSES[spec.kind](**arguments(spec, "meta"))
    own = {name: tuple(weight.shape) for name, weight in module.named_parameters()}
    assert list(spec.parameters().items()) == list(own.items())
    assert spec.parameter_count == sum(weight.numel() for weight in module.parameters())


@given(specs())
def test_the_constructor_reads_back_to_the_same_spec(spec: ModuleSpec) -> None:
    assert gs.parse_constructor(spec.constructor()) == spec


@given(specs())
def test_the_spec_of_a_built_network_is_the_spec_itself(spec: ModuleSpec) -> None:
    kept = spec if spec.num_layers > 1 else replace(spec, dropout=0.0)  # where it does nothing
    assert spec_of(gs.build(spec, 0)) == kept


def test_the_constructor_is_the_shortest_line_that_pytorch_would_take() -> None:
    assert ModuleSpec(4, 3).constructor() == "nn.LSTM(4, 3)"
    assert ModuleSpec(4, 3, 2, bias=False, dtype="float64", device="cuda:1").constructor() == (
        "nn.LSTM(4, 3, num_layers=2, bias=False, device='cuda:1', dtype=torch.float64)"
    )


def test_every_argument_is_described_in_the_order_of_the_constructor() -> None:
    described = [argument.name for argument in ARGUMENTS]
    assert {*described, "kind"} == {field.name for field in fields(ModuleSpec)}
    for kind in KINDS:
        own = [name for name in arguments_of(kind) if name != "kind"]
        given = inspect.signature(getattr(nn, kind).__init__).parameters if kind.endswith("Cell") else {}
        assert own == ([name for name in given if name != "self"] or own)
        assert [name for name in described if name in own] == sorted(own, key=described.index)
    assert all(argument.help and argument.allowed for argument in ARGUMENTS)


HUGE = 10**5000

OUT_OF_RANGE: list[tuple[dict[str, Any], str, list[str]]] = [
    *(({name: 0}, "out_of_range", [name, "≥ 1", "0"]) for name in ("input_size", "hidden_size", "num_layers")),
    *(({name: -3}, "out_of_range", [name, "-3"]) for name in ("input_size", "hidden_size", "num_layers", "proj_size")),
    *(
        ({name: value}, "not_whole", [name, str(value)])
        for name in ("input_size", "hidden_size", "num_layers", "proj_size")
        for value in (2.0, True, "2", None, float("nan"), 1j)
    ),
    *(({name: 2**63}, "out_of_range", [name, "2^63 - 1"]) for name in ("input_size", "hidden_size", "num_layers")),
    *(({name: HUGE}, "out_of_range", [name, "bits"]) for name in ("input_size", "hidden_size", "num_layers")),
    *(({name: -HUGE}, "out_of_range", [name, "bits"]) for name in ("input_size", "hidden_size", "proj_size")),
    *(({name: 1}, "not_a_bool", [name, "True or False", "1"]) for name in ("bias", "batch_first", "bidirectional")),
    *(({name: None}, "not_a_bool", [name, "None"]) for name in ("bias", "batch_first", "bidirectional")),
    *(
        ({"dropout": value}, "out_of_range", ["dropout", "0 … 1"])
        for value in (-0.1, 1.1, 2, float("nan"), float("inf"), -float("inf"), True, "0.5", None, HUGE, 10**400)
    ),
    ({"proj_size": 3}, "proj_too_large", ["hidden_size 3", "3"]),
    ({"proj_size": 30}, "proj_too_large", ["30"]),
    *(({"dtype": value}, "dtype_unsupported", [str(value)]) for value in ("float8", "", None, [], 32)),
    *(
        ({"device": value}, "device_unknown", ["cpu, cuda or cuda:N"])
        for value in (
            "gpu", "", "CPU", "cpu:0", "cuda:", "cuda:x", "cuda:-1", "cuda:01", "cuda:100", "cuda:999999999999",
            "cuda:٣", "cuda:1 ", "mps", None, 0, "cuda\n:0",
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "code", "names"), OUT_OF_RANGE)
def test_what_is_out_of_range_is_refused_with_the_allowed_range(
    changes: dict[str, Any], code: str, names: list[str]
) -> None:
    with pytest.raises(gs.GatescopeError) as caught:
        ModuleSpec(**{"input_size": 4, "hidden_size": 3, **changes})
    assert caught.value.code == code
    for name in names:
        assert name in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    "sizes",
    [(10**9, 10**9), (1, 10**12), (10**12, 1), (4, 3, 10**15), (2**63 - 1, 2**63 - 1, 2**63 - 1), (4, 10**8)],
)
def test_more_memory_than_the_machine_has_is_refused_without_trying(sizes: tuple[int, ...]) -> None:
    with pytest.raises(gs.GatescopeError) as caught:
        ModuleSpec(*sizes)
    assert caught.value.code == "too_much_memory"
    assert "free; choose smaller sizes" in str(caught.value)


def test_shapes_of_states_follow_the_projection() -> None:
    spec = ModuleSpec(4, 6, 2, bidirectional=True, proj_size=2)
    assert spec.state_shape("h0", 7) == (4, 7, 2)
    assert spec.state_shape("c0", 7) == (4, 7, 6)
    assert spec.state_shape("h0", None) == (4, 2)
    assert [spec.layer_input_size(layer) for layer in (0, 1)] == [4, 4]
    assert spec.cells() == [(0, "forward"), (0, "reverse"), (1, "forward"), (1, "reverse")]
