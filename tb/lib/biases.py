# SPDX-License-Identifier: Apache-2.0
"""The biases of a layer, written word by word as rtl/dcgan/dcgan_parameters.sv writes them."""

from __future__ import annotations

from collections.abc import Sequence

from cocotb.triggers import FallingEdge


async def load_biases(dut, biases: Sequence[int]) -> None:
    """Give the device its biases, channel 0 first; nothing may be under way."""
    mask = (1 << len(dut.bias_i)) - 1
    for bias in biases:
        await FallingEdge(dut.clk_i)
        dut.bias_valid_i.value, dut.bias_i.value = 1, int(bias) & mask
    await FallingEdge(dut.clk_i)
    dut.bias_valid_i.value = 0
