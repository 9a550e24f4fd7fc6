# SPDX-License-Identifier: Apache-2.0
"""Packing registers into ECP5 blocks changes nothing: each block's netlist against its RTL.

The RTL is synthesised with the flow of the bitstream, its registers are packed, and the netlist is
simulated with models of the cells. What the RTL promises is asked of the netlist; and the packing
must really have happened, or nothing would be proven.
"""

from __future__ import annotations

import json
import os
import random
from collections import deque
from pathlib import Path

import cocotb
import pytest
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge
from synth_flow.gate import netlist_verilog

from tb.gate.blocks import LOOSE, with_models
from tb.lib.build import run_cocotb
from tb.lib.network import ROOT

CYCLES = 3_000


def setting(name: str) -> int:
    return json.loads(os.environ["GATE_PARAMETERS"])[name]


def case(name: str) -> bool:
    return os.environ.get("GATE_TOP") != name


async def clock(dut) -> None:
    cocotb.start_soon(Clock(dut.clk_i, 10, unit="ns").start())
    await FallingEdge(dut.clk_i)


@cocotb.test(skip=case("arith_mult_pair"))
async def products_leave_five_cycles_after_their_operands(dut):
    await clock(dut)
    weight_max = 2 ** (setting("WeightWidth") - 1) - 1
    act_max = 2 ** (setting("ActWidth") - 1) - 1
    waiting: deque[tuple[int, int]] = deque()
    for cycle in range(CYCLES):
        corner = random.random() < 0.3
        act = random.choice((-act_max, 0, act_max)) if corner else random.randint(-act_max, act_max)
        weights = [
            random.choice((-weight_max, -1, weight_max))
            if corner
            else random.randint(-weight_max, weight_max)
            for _ in range(2)
        ]
        dut.act_i.value = act & (2 ** setting("ActWidth") - 1)
        for pin, weight in zip((dut.weight0_i, dut.weight1_i), weights, strict=True):
            pin.value = weight & (2 ** setting("WeightWidth") - 1)
        waiting.append((act * weights[0], act * weights[1]))
        await FallingEdge(dut.clk_i)
        if len(waiting) == 5:
            got = (dut.product0_o.value.to_signed(), dut.product1_o.value.to_signed())
            assert got == waiting.popleft(), f"cycle {cycle}"


@cocotb.test(skip=case("mem_table"))
async def rom_words_leave_two_enabled_cycles_after_their_address(dut):
    words = [int(word, 16) for word in Path(os.environ["GATE_FILE"]).read_text().split()]
    await clock(dut)
    first = second = None
    for cycle in range(CYCLES):
        address, enable = random.randrange(len(words)), int(random.random() < 0.8)
        dut.addr_i.value, dut.en_i.value = address, enable
        await FallingEdge(dut.clk_i)
        if enable:
            first, second = words[address], first
        if second is not None:
            assert int(dut.data_o.value) == second, f"cycle {cycle}"


@cocotb.test(skip=case("mem_ram"))
async def ram_words_leave_two_enabled_cycles_after_their_address(dut):
    width, depth = setting("Width"), setting("Depth")
    words: dict[int, int] = {}
    await clock(dut)
    dut.read_en_i.value = 0
    first = second = None
    for cycle in range(CYCLES):
        write, read = random.randrange(min(depth, 50)), random.randrange(min(depth, 50))
        data, enable = random.getrandbits(width), int(random.random() < 0.8)
        writing = int(random.random() < 0.5 and (write != read or not enable))
        dut.write_en_i.value, dut.write_addr_i.value, dut.write_data_i.value = writing, write, data
        dut.read_en_i.value, dut.read_addr_i.value = enable, read
        await FallingEdge(dut.clk_i)
        if enable:
            first, second = words.get(read), first
        if writing:
            words[write] = data
        if second is not None:
            assert int(dut.read_data_o.value) == second, f"cycle {cycle}"


CASES = {
    "pair_w8": ("arith_mult_pair", {"WeightWidth": 8, "ActWidth": 9, "Packing": 1}, "multiplier"),
    "pair_w6": ("arith_mult_pair", {"WeightWidth": 6, "ActWidth": 9, "Packing": 1}, "multiplier"),
    "rom_wide": ("mem_table", {"Width": 72, "Depth": 512}, "ram_output"),
    "rom_deep": ("mem_table", {"Width": 16, "Depth": 1024}, "ram_output"),
    "ram": ("mem_ram", {"Width": 15, "Depth": 1024}, "ram_output"),
    "ram_narrow": ("mem_ram", {"Width": 8, "Depth": 2048}, "ram_output"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_gate(simulator, name):
    top, parameters, packing = CASES[name]
    folder = ROOT / "build" / "gate" / name
    folder.mkdir(parents=True, exist_ok=True)
    rom = folder / "words.hex"
    all_parameters: dict[str, int | str] = dict(parameters)
    if top == "mem_table":
        rng = random.Random(1)
        digits = -(-parameters["Width"] // 4)
        lines = (
            f"{rng.getrandbits(parameters['Width']):0{digits}x}" for _ in range(parameters["Depth"])
        )
        rom.write_text("\n".join(lines) + "\n")
        all_parameters["File"] = str(rom.relative_to(ROOT))
    sources = [f"rtl/{top.split('_')[0]}/{top}.sv"]
    if top == "mem_table":
        sources.insert(0, "rtl/mem/mem_pkg.sv")
    gate, counts = netlist_verilog(top, sources, all_parameters, folder)
    assert any(packing in kind for kind in counts), f"nothing was packed: {counts}"

    run_cocotb(
        top,
        __file__,
        simulator,
        sources=with_models(gate),
        build_args=LOOSE if simulator == "verilator" else (),
        environment={
            "GATE_TOP": top,
            "GATE_PARAMETERS": json.dumps(parameters),
            "GATE_FILE": str(rom),
        },
    )
