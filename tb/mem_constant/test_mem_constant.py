# SPDX-License-Identifier: Apache-2.0
"""mem_constant is the number that it was given, of any width, in tables of the ECP5 as well."""

from __future__ import annotations

import cocotb
import pytest
from cocotb.triggers import Timer
from synth_flow.yosys import PRIMITIVES

from tb.lib.build import run_cocotb


@cocotb.test()
async def it_is_its_parameter(dut):
    await Timer(1, unit="ns")
    assert dut.value_o.value.is_resolvable
    assert int(dut.value_o.value) == int(dut.Value.value)


@pytest.mark.parametrize("chip", [{}, {"SYNTHESIS_ECP5": 1}], ids=["plain", "ecp5"])
@pytest.mark.parametrize(("width", "value"), [(1, 1), (8, 0xA5), (25, 0x0A3D70A), (31, 1 << 30)])
def test_mem_constant(simulator, width, value, chip):
    run_cocotb(
        "mem_constant",
        __file__,
        simulator,
        parameters={"Width": width, "Value": value},
        sources=["rtl/mem/mem_constant.sv", *(PRIMITIVES["ecp5"] if chip else ())],
        defines=chip,
    )
