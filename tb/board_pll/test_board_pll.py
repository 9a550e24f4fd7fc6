# SPDX-License-Identifier: Apache-2.0
"""The stand-in of board_pll passes its clock and locks; the PLL of the chip has the dividers."""

from __future__ import annotations

import os
from fractions import Fraction

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge, RisingEdge, Timer
from synth_flow.yosys import PRIMITIVES

from tb.lib.build import run_cocotb

ON_CHIP = "BOARD_PLL_ON_CHIP"
"""Environment variable of the build with the PLL of the chip."""
POSTS = ("Post0", "Post1")
DIVIDERS = ("CLKI_DIV", "CLKFB_DIV", "CLKOP_DIV", "CLKOS_DIV", "CLKOP_CPHASE", "CLKOS_CPHASE")


@cocotb.test()
async def both_outputs_follow_and_lock_stays(dut):
    cocotb.start_soon(Clock(dut.clk_i, 40, unit="ns").start())
    for _ in range(4):
        await RisingEdge(dut.clk_i)
    assert int(dut.locked_o.value) == int(ON_CHIP in os.environ)
    for _ in range(20):
        await FallingEdge(dut.clk_i)
    for _ in range(20):
        await FallingEdge(dut.clk_i)
        await Timer(1, unit="ns")
        assert int(dut.locked_o.value) == 1
        assert int(dut.clk_o.value) == 0b00
        await RisingEdge(dut.clk_i)
        await Timer(1, unit="ns")
        assert int(dut.clk_o.value) == 0b11


@cocotb.test(skip=ON_CHIP not in os.environ)
async def the_pll_of_the_chip_makes_both_clocks_in_phase(dut):
    """VCO = crystal * Multiply / Divide * Post0: CLKOP is what is fed back (Lattice FPGA-TN-02200).

    An output lags by CPHASE cycles of the VCO: with its divider less one it rises with the others.
    """
    pll = {name: int(getattr(dut.u_pll, name).value) for name in DIVIDERS}
    wanted = {name: int(getattr(dut, name).value) for name in ("Divide", "Multiply", *POSTS)}
    vco = Fraction(pll["CLKFB_DIV"] * pll["CLKOP_DIV"], pll["CLKI_DIV"])
    outputs = [vco / pll["CLKOP_DIV"], vco / pll["CLKOS_DIV"]]
    ratio = Fraction(wanted["Multiply"], wanted["Divide"])
    assert vco == ratio * wanted["Post0"]
    assert outputs == [vco / wanted[post] for post in POSTS]
    assert [pll["CLKOP_CPHASE"], pll["CLKOS_CPHASE"]] == [wanted[post] - 1 for post in POSTS]


def test_board_pll(simulator):
    run_cocotb("board_pll", __file__, simulator, sources=["rtl/board/board_pll.sv"])


def test_pll_of_ecp5(simulator):
    run_cocotb(
        "board_pll",
        __file__,
        simulator,
        sources=["rtl/board/board_pll.sv", *PRIMITIVES["ecp5"]],
        parameters={"Divide": 2, "Multiply": 9, "Post0": 5, "Post1": 7},
        defines={"SYNTHESIS_ECP5": 1},
        build_args=["-Wno-PINCONNECTEMPTY"] if simulator == "verilator" else [],
        environment={ON_CHIP: "1"},
        min_tests=2,
    )
