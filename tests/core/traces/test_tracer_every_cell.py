"""Every module, every input: what is recorded is what the module computes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, strategies as st
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_sequence, pad_packed_sequence

import gatescope as gs
from gatescope.modules.spec import KINDS, arguments_of
from gatescope.traces.trace import Trace
from gatescope.verification.drift import drift_bounds, is_same_kernel_call

MakeTrace = Callable[..., Trace]
Compare = Callable[[Trace, Any], None]
LAYERS, CELL_MODULES = ("LSTM", "GRU", "RNN"), ("LSTMCell", "GRUCell", "RNNCell")
HALF = (torch.float16, torch.bfloat16)


def make(kind: str, *sizes: int, scale: float = 1.0, **options: Any) -> Any:
    module = getattr(nn, kind)(*sizes, **options).eval()
    with torch.no_grad():
        for weight in module.parameters():
            weight.mul_(scale)
    return module


def first(states: Any) -> Tensor:
    """h of what a module returns as its states."""
    return states[0] if isinstance(states, tuple) else states


@st.composite
def modules(draw: st.DrawFn) -> Any:
    """Draw a module of any kind and options, with weights of any scale."""
    kind = draw(st.sampled_from(KINDS))
    hidden = draw(st.sampled_from([1, 2, 3, 5, 8, 16, 33, 64, 512]))
    options: dict[str, Any] = {
        "num_layers": draw(st.integers(1, 3)) if hidden < 100 else 1,
        "nonlinearity": draw(st.sampled_from(["tanh", "relu"])),
        "bias": draw(st.booleans()),
        "batch_first": draw(st.booleans()),
        "bidirectional": draw(st.booleans()),
        "proj_size": draw(st.sampled_from([0, 0, 1])) if hidden > 1 else 0,
        "dtype": draw(st.sampled_from([torch.float32, torch.float32, torch.float64, torch.bfloat16, torch.float16])),
    }
    torch.manual_seed(draw(st.integers(0, 10_000)))
    own = {name: value for name, value in options.items() if name in arguments_of(kind)}
    scale = draw(st.sampled_from([0.1, 0.5, 1.0, 3.0, 8.0, 32.0]))
    if options["nonlinearity"] == "relu" and "RNN" in kind:
        scale = min(scale, 1.0)  # relu does not saturate: larger weights overflow, and there is nothing to compare
    return make(kind, draw(st.sampled_from([1, 2, 7, 40])), hidden, scale=scale, **own)


@pytest.mark.numeric
@given(modules(), st.integers(1, 12), st.sampled_from([None, 1, 3]), st.booleans())
def test_correct_code_never_exceeds_the_bound(module: Any, steps: int, batch: int | None, packed: bool) -> None:
    dtype = next(module.parameters()).dtype
    lengths = [steps] if batch is None else [batch, steps] if getattr(module, "batch_first", False) else [steps, batch]
    x: Any = torch.randn(*lengths, module.input_size).to(dtype)
    if packed and batch and not isinstance(module, nn.RNNCellBase):
        x = pack_sequence([torch.randn(1 + (k * 5) % steps, module.input_size).to(dtype) for k in range(batch)], False)
    report = gs.verify(gs.trace(module, x), gates=True)
    assert report.matches, (module, report.verdict, report.worst)
    assert report.worst.ratio < 0.5  # and stays well below it


# K, H, T, B. In float32 the bound of a whole run says something of stacks of narrow layers only.
NARROW = [(1, 1, 1, 1), (4, 5, 20, 3), (2, 8, 9, 8)]
SIZES = [*NARROW, (40, 8, 20, 1), (7, 17, 9, 2)]


def returned(module: Any, x: Any, *hx: Any) -> Any:
    with torch.no_grad():
        return module(x, *hx)


@pytest.mark.numeric
@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_one_layer_forward_is_the_modules_own_bit_for_bit(kind: str, dtype: torch.dtype, bias: bool) -> None:
    """Because it is the same call of the same kernel: this holds on every machine, or the call has changed."""
    for width, hidden, steps, batch in SIZES:
        module = make(kind, width, hidden, dtype=dtype, bias=bias)
        states = torch.randn(1, batch, hidden, dtype=dtype)
        for x, hx in (
            (torch.randn(steps, batch, width, dtype=dtype), None),
            (torch.randn(steps, batch, width, dtype=dtype), (states, -states) if kind == "LSTM" else states),
            (torch.randn(steps, width, dtype=dtype), None),
        ):
            trace = gs.trace(module, x, hx)
            assert is_same_kernel_call(trace)
            output, after = returned(module, x, hx)
            assert torch.equal(trace.output, output)
            assert torch.equal(trace.h_n, first(after))


@pytest.mark.numeric
@pytest.mark.parametrize("kind", LAYERS)
def test_an_input_that_is_part_of_another_is_traced_as_a_copy_of_its_own(kind: str) -> None:
    """Kernels may round otherwise at other strides and addresses; the trace has the bits of the plainest of them."""
    module = make(kind, 4, 5)
    for x in (
        torch.randn(3, 20, 4).transpose(0, 1),
        torch.randn(20, 3, 4, 2)[..., 0],
        torch.randn(21, 3, 4)[1:],
        torch.randn(20 * 3 * 4 + 1)[1:].view(20, 3, 4),
    ):
        trace = gs.trace(module, x)
        assert is_same_kernel_call(trace)
        assert torch.equal(trace.output, returned(module, x.clone(memory_format=torch.contiguous_format))[0])


OTHER_CALLS: dict[str, dict[str, Any]] = {
    "layers": {"num_layers": 2},
    "directions": {"bidirectional": True},
    "layers and directions": {"num_layers": 2, "bidirectional": True},
    "batch first": {"batch_first": True},
    "batch first, without a bias": {"batch_first": True, "bias": False},
}


@pytest.mark.numeric
@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("options", OTHER_CALLS.values(), ids=OTHER_CALLS.keys())
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_any_other_run_is_the_modules_within_the_rounding_of_its_history(
    assert_within_drift: Compare, kind: str, options: dict[str, Any], dtype: torch.dtype
) -> None:
    for width, hidden, steps, batch in NARROW if dtype == torch.float32 else SIZES:
        module = make(kind, width, hidden, dtype=dtype, **options)
        x = torch.randn(*((batch, steps) if module.batch_first else (steps, batch)), width, dtype=dtype)
        trace = gs.trace(module, x)
        assert not is_same_kernel_call(trace)
        assert_within_drift(trace, returned(module, x))


@pytest.mark.numeric
@pytest.mark.parametrize("kind", LAYERS)
def test_a_run_in_parts_is_the_modules_within_the_rounding_of_its_history(
    assert_within_drift: Compare, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    module, x = make(kind, 4, 5), torch.randn(20, 3, 4)
    assert is_same_kernel_call(gs.trace(module, x))
    gates = len(module.weight_ih_l0) * 3
    monkeypatch.setattr("gatescope.traces.layers._PART", gates * 20 - 1)
    assert not is_same_kernel_call(gs.trace(module, x))
    monkeypatch.setattr("gatescope.traces.layers._PART", gates * 6)
    trace = gs.trace(module, x)
    assert_within_drift(trace, returned(module, x))


@pytest.mark.numeric
@pytest.mark.parametrize("kind", LAYERS)
def test_with_autograd_torch_may_take_another_path_and_stays_within_rounding(
    assert_within_drift: Compare, kind: str
) -> None:
    module, x = make(kind, 4, 5), torch.randn(20, 3, 4)
    with_graph, without = gs.trace(module, x, grad=True), gs.trace(module, x)
    assert is_same_kernel_call(without)
    assert not is_same_kernel_call(with_graph)
    for trace in (with_graph, without):
        assert_within_drift(trace, module(x))
        assert_within_drift(trace, returned(module, x))


@pytest.mark.numeric
@pytest.mark.parametrize("kind", CELL_MODULES)
@pytest.mark.parametrize("batch", [None, 3])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_cell_is_fed_step_by_step(
    assert_within_drift: Compare, kind: str, batch: int | None, dtype: torch.dtype
) -> None:
    module = make(kind, 4, 5, dtype=dtype)
    x = torch.randn(*([6] if batch is None else [6, batch]), 4, dtype=dtype)
    trace = gs.trace(module, x)
    assert not is_same_kernel_call(trace)
    states, rows = None, []
    for x_t in x:
        states = returned(module, x_t, states)
        rows.append(first(states))
    last = tuple(state[None] for state in states) if isinstance(states, tuple) else states[None]  # one layer
    assert_within_drift(trace, (torch.stack(rows), last))
    assert gs.verify(trace, gates=True).matches


@pytest.mark.parametrize("kind", CELL_MODULES)
def test_a_cell_starts_from_the_given_state(kind: str) -> None:
    module, x = make(kind, 4, 5), torch.randn(6, 3, 4)
    state = torch.randn(3, 5)
    trace = gs.trace(module, x, (state, state) if kind == "LSTMCell" else state)
    assert torch.equal(trace.cell().h0, state)
    assert gs.verify(trace, gates=True).matches


@pytest.mark.numeric
@pytest.mark.parametrize("dtype", HALF)
@pytest.mark.parametrize("kind", KINDS)
def test_half_types_run_where_the_module_runs(kind: str, dtype: torch.dtype) -> None:
    module, x = make(kind, 4, 5, dtype=dtype), torch.randn(6, 3, 4).to(dtype)
    trace = gs.trace(module, x)
    assert trace.cell().h.dtype == dtype
    report = gs.verify(trace, gates=True)
    assert report.matches
    values = trace.cell().h.clone()
    values[2, 1, 3] += 1.0
    wrong = trace.with_cell(
        trace.cell().__class__(**{**vars(trace.cell()), "values": trace.cell().values | {"h": values}})
    )
    assert gs.verify(wrong).verdict.code == "differs"


# ---- packed sequences ----


def packed(lengths: tuple[int, ...], in_order: bool, width: int = 4) -> PackedSequence:
    generator = torch.Generator().manual_seed(1)
    return pack_sequence([torch.randn(n, width, generator=generator) for n in lengths], enforce_sorted=in_order)


@pytest.mark.numeric
@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize(("lengths", "in_order"), [((7, 5, 2), True), ((3, 7, 5), False), ((4,), True), ((3, 3), True)])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_packed_sequence_gives_what_the_module_gives(
    assert_within_drift: Compare, kind: str, lengths: tuple[int, ...], in_order: bool, bidirectional: bool
) -> None:
    module, x = make(kind, 4, 5, num_layers=2, bidirectional=bidirectional), packed(lengths, in_order)
    states = torch.randn(4 if bidirectional else 2, len(lengths), 5)
    hx = (states, states.flip(0)) if kind == "LSTM" else states
    trace = gs.trace(module, x, hx)
    with torch.no_grad():
        output, after = module(x, hx)
    assert isinstance(trace.output, PackedSequence)
    assert_within_drift(trace, (output, after))
    assert torch.equal(trace.output.batch_sizes, output.batch_sizes)
    for ours, theirs in ((trace.output.sorted_indices, output.sorted_indices),):
        assert (ours is None) == (theirs is None)
        assert ours is None or torch.equal(ours, theirs)
    report = gs.verify(trace, gates=True)
    assert report.matches, report.verdict
    free, bound = report.free_running("h", 1), drift_bounds(trace)[1, "forward"]["h"]
    assert not (free > bound).any()
    assert torch.equal(free.isnan(), bound.isnan())
    assert torch.equal(free.isnan().any(dim=-1), torch.arange(len(trace))[:, None] >= torch.tensor(lengths))


@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_a_fault_in_a_packed_sequence_is_found_at_its_place(direction: str) -> None:
    trace = gs.trace(make("GRU", 4, 5, bidirectional=True), packed((3, 7, 5), in_order=False))
    cell = trace.cell(0, direction)
    h = cell.h.clone()
    h[2, 0, 1] += 1e-3  # the last step of the shortest element
    wrong = trace.with_cell(type(cell)(**{**vars(cell), "values": cell.values | {"h": h}}))
    found = gs.verify(wrong, gates=True).first_difference
    assert found is not None
    assert (found.t, found.batch, found.unit, found.quantity) == (2, 0, 1, "h")


def test_a_record_that_read_on_past_the_end_is_found() -> None:
    """The reverse direction of a shorter element starts at its own end, not at that of the longest."""
    module, x = make("LSTM", 4, 5, bidirectional=True), packed((3, 7, 5), in_order=False)
    trace = gs.trace(module, x)
    whole, _ = pad_packed_sequence(x)
    unaware = gs.trace(module, whole).cell(0, "reverse")
    cell = trace.cell(0, "reverse")
    kept = {name: torch.where(v.isnan(), v, unaware.quantity(name)) for name, v in cell.values.items()}
    assert gs.verify(trace.with_cell(type(cell)(**{**vars(cell), "values": kept}))).verdict.code == "differs"


# ---- autograd ----


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_equal_those_of_the_module(kind: str) -> None:
    module = make(kind, 4, 5, dtype=torch.float64)
    x = torch.randn(6, 3, 4, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(6, 3, 5, dtype=torch.float64)
    trace = gs.trace(module, x, grad=True)
    (trace.output * weight).sum().backward()
    ours = [x.grad.clone(), *(p.grad.clone() for p in module.parameters())]  # type: ignore[union-attr]  # just filled
    x.grad = None
    module.zero_grad()
    if kind in CELL_MODULES:
        states, rows = None, []
        for x_t in x:
            states = module(x_t, states)
            rows.append(first(states))
        output = torch.stack(rows)
    else:
        output = module(x)[0]
    (output * weight).sum().backward()
    for mine, theirs in zip(ours, [x.grad, *(p.grad for p in module.parameters())], strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("layers", [1, 2])
def test_every_quantity_has_a_gradient(kind: str, layers: int) -> None:
    module = make(kind, 3, 4, num_layers=layers, bidirectional=True, dtype=torch.float64)
    x = torch.randn(5, 2, 3, dtype=torch.float64)
    trace = gs.trace(module, x, grad=True)
    (trace.output**2).sum().backward()
    cell = trace.cell(layers - 1)
    grads = {name: cell.grad(name) for name in cell.cell.names}
    for name, value in grads.items():
        assert value.shape == cell.quantity(name).shape
        assert float(value.abs().max()) > 0
    # h of the last layer: through the output, and through the steps after it; at the last step only the first.
    torch.testing.assert_close(grads["h"][-1], 2 * trace.output[-1, :, :4].detach())


def test_the_gradient_of_a_gate_is_that_of_the_chain_rule() -> None:
    module = make("LSTM", 3, 4, dtype=torch.float64)
    trace = gs.trace(module, torch.randn(5, 2, 3, dtype=torch.float64), grad=True)
    trace.output.sum().backward()
    cell = trace.cell()
    # dL/do_t = dL/dh_t * tanh(C_t), dL/df_t = dL/dC_t * C_(t-1)
    torch.testing.assert_close(cell.grad("o"), cell.grad("h") * cell.c.detach().tanh())
    torch.testing.assert_close(cell.grad("f"), cell.grad("c") * cell.state_before("c").detach())


def test_frozen_parts_have_gradients_at_every_quantity_too() -> None:
    module = make("LSTM", 3, 4, num_layers=2).requires_grad_(requires_grad=False)
    trace = gs.trace(module, torch.randn(5, 2, 3), grad=True)
    trace.output.sum().backward()
    for layer in (0, 1):
        for name in ("f", "i", "c_tilde", "c", "o", "h"):
            assert float(trace.cell(layer).grad(name).abs().max()) > 0, (layer, name)
    assert all(weight.grad is None for weight in module.parameters())


def test_a_trace_with_a_graph_is_not_changed_by_training() -> None:
    module, x = make("GRU", 3, 4), torch.randn(5, 2, 3, requires_grad=True)
    trace = gs.trace(module, x, grad=True)
    trace.output.sum().backward()
    torch.optim.SGD(module.parameters(), lr=1.0).step()
    with torch.no_grad():
        x.mul_(2)
    assert gs.verify(trace, gates=True).matches


def test_there_is_no_gradient_where_a_packed_sequence_has_ended() -> None:
    trace = gs.trace(make("LSTM", 4, 5, bidirectional=True), packed((2, 5), in_order=False), grad=True)
    trace.output.data.sum().backward()
    for cell in trace.cells.values():
        absent = cell.grad("h").isnan().any(dim=-1)
        assert absent.sum(dim=0).tolist() == [3, 0]


@pytest.mark.parametrize("kind", KINDS)
def test_inference_mode_changes_nothing(kind: str) -> None:
    module, x = make(kind, 3, 4), torch.randn(5, 2, 3)
    plain = gs.trace(module, x)
    with torch.inference_mode():
        inside = gs.trace(module, x.clone())
        report = gs.verify(inside, gates=True)
        assert report.matches
        assert gs.compare(plain, inside).matches
        with pytest.raises(gs.GatescopeError, match=r"no gradients in torch\.inference_mode"):
            gs.trace(module, x, grad=True)
        assert (report.free_running("h") <= drift_bounds(inside)[0, "forward"]["h"]).all()
    assert torch.equal(inside.output, plain.output)


@pytest.mark.filterwarnings("ignore:.*weight_norm.* is deprecated:FutureWarning")
@pytest.mark.parametrize("norm", ["weight_norm", "spectral_norm", "prune"])
def test_weights_that_are_computed_before_each_forward_are_those_of_now(norm: str) -> None:
    module, x = make("LSTM", 3, 4), torch.randn(5, 2, 3)
    if norm == "prune":
        nn.utils.prune.l1_unstructured(module, "weight_hh_l0", amount=0.5)
    else:
        getattr(nn.utils, norm)(module, "weight_hh_l0")
    module.eval()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.mul_(1.5)
    trace = gs.trace(module, x)
    output, (h_n, _) = returned(module, x)
    assert torch.equal(trace.output, output)
    assert torch.equal(trace.h_n, h_n)


def test_without_grad_nothing_is_kept_and_asking_is_a_clear_error() -> None:
    trace = gs.trace(make("LSTM", 3, 4), torch.randn(5, 2, 3))
    assert not trace.output.requires_grad
    with pytest.raises(gs.GatescopeError, match="trace with grad=True"):
        trace.cell().grad("f")


def test_a_trace_with_a_graph_is_verified_like_any_other() -> None:
    module = make("GRU", 3, 4, num_layers=2)
    trace = gs.trace(module, torch.randn(5, 2, 3), grad=True)
    report = gs.verify(trace, gates=True)
    assert report.matches
    assert not report.reference("h").requires_grad
