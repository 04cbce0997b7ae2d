"""Bits of tensors: compared, and summed up in a short number."""

from __future__ import annotations

import pytest
import torch

from gatescope.modules.bits import checksum, same_bits


def test_bits_tell_the_sign_of_zero_and_nan_from_nan() -> None:
    one = torch.tensor([0.0, torch.nan, 1.0])
    assert same_bits(one, one.clone())
    assert not same_bits(one, torch.tensor([-0.0, torch.nan, 1.0]))  # though they are equal
    assert not same_bits(one, one.double())
    assert not same_bits(one, one[:2])


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_a_checksum_tells_every_change_but_not_the_layout(dtype: torch.dtype) -> None:
    values = torch.randn(3, 4, 2, generator=torch.Generator().manual_seed(0)).to(dtype)
    assert checksum(values) == checksum(values.clone())
    assert checksum(values) == checksum(values.transpose(0, 1).contiguous().transpose(0, 1))
    for changed in (values.flip(0), -values, values.index_fill(0, torch.tensor([1]), 0.0)):
        assert checksum(values) != checksum(changed)


def test_checksums_go_on_from_one_tensor_to_the_next() -> None:
    one, other = torch.ones(2), torch.zeros(3)
    assert checksum(other, checksum(one)) == checksum(torch.cat([one, other]))
    assert checksum(one, 7) == checksum(one.requires_grad_(), 7)
    assert checksum(torch.zeros(0, 3)) == 0
    assert checksum(torch.ones(1, 4)[:, ::2][:, :1]) == checksum(torch.ones(1))  # its numbers are apart in memory
