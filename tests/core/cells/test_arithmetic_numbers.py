"""The numbers of each arithmetic: those that torch gives for its type, and those of the types of operands."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

import gatescope as gs
from gatescope.cells.arithmetic import (
    BF16,
    BF16_TWICE,
    BFLOAT16,
    FLOAT32_ROUNDOFF,
    IEEE16,
    IEEE32,
    IEEE64,
    TF32,
    Arithmetic,
    computing_in,
    cuda_absence,
    cuda_devices,
    require_device,
)

OF_DTYPE = {torch.float16: IEEE16, torch.bfloat16: BFLOAT16, torch.float32: IEEE32, torch.float64: IEEE64}


@pytest.mark.parametrize(("dtype", "arithmetic"), OF_DTYPE.items(), ids=str)
def test_the_roundoff_and_the_range_are_those_of_the_type(dtype: torch.dtype, arithmetic: Arithmetic) -> None:
    kind = torch.finfo(dtype)
    assert (arithmetic.unit_roundoff, arithmetic.tiny, arithmetic.largest) == (kind.eps / 2, kind.tiny, kind.max)
    assert arithmetic.operand_roundoff == 0
    assert (arithmetic.stored_roundings > 0) == (kind.bits == 16)  # only these are added up in another type
    assert arithmetic.relative_tanh


def test_products_with_rounded_operands_are_added_up_in_float32() -> None:
    for arithmetic, bits in ((TF32, 11), (BF16, 8), (BF16_TWICE, 15)):  # with the leading one, which is not stored
        assert arithmetic == replace(IEEE32, name=arithmetic.name, operand_roundoff=2.0**-bits)
    assert torch.finfo(torch.bfloat16).eps / 2 == BF16.operand_roundoff
    assert torch.finfo(torch.float32).eps / 2 == FLOAT32_ROUNDOFF


def test_each_term_of_a_product_counts_in_its_own_roundoff() -> None:
    made_up = Arithmetic("", 2.0**-9, 0.0, 2.0**-5, 3.0)
    assert made_up.product_roundoff(16) == 16 * 2.0**-24 + 3 * 2.0**-9 + 2 * 2.0**-5
    assert replace(made_up, stored_roundings=0.0).product_roundoff(16) == 16 * 2.0**-9 + 2 * 2.0**-5


def test_what_is_flushed_is_what_is_below_the_sums_own_range() -> None:
    assert Arithmetic("", 2.0**-11, 0.5, stored_roundings=1.0).flushed == 2.0**-126  # added up in float32
    assert Arithmetic("", 2.0**-11, 0.5).flushed == 0.5
    assert Arithmetic("", 2.0**-25, 0.5).flushed == 0.5
    assert Arithmetic("", 2.0**-11, 2.0**-130, stored_roundings=1.0).flushed == 2.0**-130


@pytest.mark.parametrize(("name", "there"), [("cuda", True), ("cuda:0", True), ("cuda:1", True), ("cuda:2", False)])
def test_of_two_devices_there_is_no_third(monkeypatch: pytest.MonkeyPatch, name: str, there: bool) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    if there:
        assert require_device(name) == torch.device(name)
        return
    with pytest.raises(gs.GatescopeError, match="there are only cuda:0, cuda:1"):
        require_device(name)


def test_a_device_of_another_kind_needs_no_cuda(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert require_device("cpu") == torch.device("cpu")
    with pytest.raises(gs.GatescopeError, match="CUDA"):
        require_device("cuda")


def test_without_a_choice_no_switch_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    def touched() -> list[tuple[object, str]]:
        raise AssertionError

    monkeypatch.setattr("gatescope.cells.arithmetic._cuda_switches", touched)
    for name, device in ((None, "cuda"), (None, "cpu"), ("ieee", "cpu")):
        with computing_in(name, torch.device(device)):  # type: ignore[arg-type]  # one of the two, or None
            pass
    with pytest.raises(AssertionError), computing_in("ieee", torch.device("cuda")):
        pass


def test_devices_are_listed_only_where_they_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)  # as a driver may say of cards that it cannot use
    for available, names in ((True, ["cuda:0", "cuda:1"]), (False, [])):
        monkeypatch.setattr(torch.cuda, "is_available", lambda there=available: there)
        assert cuda_devices() == names
        assert (cuda_absence() is None) == available


@pytest.mark.parametrize(("version", "code"), [("12.6", "cuda_not_found"), (None, "cuda_not_built")])
def test_why_there_is_no_cuda_is_told_by_the_build(
    monkeypatch: pytest.MonkeyPatch, version: str | None, code: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.version, "cuda", version)
    absence = cuda_absence()
    assert absence is not None
    assert absence.code == code
