# SPDX-License-Identifier: Apache-2.0
"""convt_engine computes the golden transposed convolution, however it is folded."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, replace

import cocotb
import numpy as np
import pytest
from cocotb.triggers import ClockCycles, RisingEdge
from dcgan.core.shapes import SIDES
from dcgan.hw.folding import PACKINGS, LayerFolding
from dcgan.hw.rom import build_roms
from dcgan.hw.widths import acc_width

from tb.lib.activity import active_cycles
from tb.lib.biases import load_biases
from tb.lib.build import run_cocotb
from tb.lib.feature_map import FIELDS, Layout
from tb.lib.golden import golden, latents, planes_of
from tb.lib.network import network, under_test, variant
from tb.lib.scoreboard import assert_same_map, pack
from tb.lib.stream import (
    StreamSink,
    StreamSource,
    always,
    bursty,
    pulse_reset,
    random_half,
    random_third,
    start,
)
from tb.mem_table.test_mem_table import CHECK_LATENCY, CHECK_SLICE, load_word


@dataclass(frozen=True)
class Case:
    """A layer, how it is folded, and how its producer is."""

    layer: int
    fold: LayerFolding
    producer: tuple[int, int] = (1, 1)  # rows, columns finished together
    skip_zeros: bool = True
    packing: str = "none"
    in_beat: int = 2


CASES = {
    "layer2": Case(2, LayerFolding(8, 1, 2), packing="ecp5", in_beat=1),
    "layer3": Case(3, LayerFolding(8, 2, 2), (1, 2), packing="ecp5"),
    "layer4": Case(4, LayerFolding(1, 2, 2, 2, 2), (2, 2), packing="ecp5"),
    "layer3_two_reads": Case(3, LayerFolding(4, 2, 2, reads=2), (1, 2), packing="ecp5"),
    "one_phase_of_two_channels": Case(2, LayerFolding(2, 1, 1), skip_zeros=False),
    "one_column_of_four_channels": Case(3, LayerFolding(4, 2, 1), (2, 2), packing="dsp48"),
    "two_windows_of_one_row": Case(4, LayerFolding(1, 1, 2, 2, 2), (2, 1), skip_zeros=False),
    "two_windows_of_every_channel": Case(3, LayerFolding(8, 2, 2, 2), (1, 2), packing="dsp48"),
}
CASE_VARIABLE = "CONVT_CASE"
CHECKS = 60
LONGEST_US = 500  # without a beat, whatever the stalls


def folded(case: Case) -> tuple[LayerFolding, ...]:
    """The layers of a network with this one in the place of its own."""
    layers = [replace(one, reads=1) for one in network("tiny").folding.layers]
    layers[case.layer - 1] = case.fold
    return tuple(layers)


class Bench:
    """An engine, maps to feed it with, and the golden convolution of those maps."""

    def __init__(self, dut, source=always, sink=always):
        self.dut = dut
        self.case = case = CASES[os.environ[CASE_VARIABLE]]
        integers, side = under_test().integers, SIDES[case.layer - 1]
        channels = integers.config.channels
        self.into = Layout(channels[case.layer - 1], side, *case.producer, beat=case.in_beat)
        self.out = Layout(
            channels[case.layer],
            2 * side,
            case.fold.phase_rows,
            case.fold.phase_cols,
            len(dut.out_data_o) // case.fold.values,
            is_signed=True,
            beat=case.fold.beat,
        )
        self.source = StreamSource(dut, "in", source, FIELDS)
        self.sink = StreamSink(dut, "out", sink, FIELDS)

    async def start(self) -> None:
        """Reset, then the biases; nobody loads anything."""
        self.dut.load_valid_i.value = 0
        self.dut.load_i.value = random.getrandbits(len(self.dut.load_i))
        await start(self.dut)
        await load_biases(self.dut, under_test().integers.biases[self.case.layer - 1])

    async def compare(self, maps: dict[str, np.ndarray]) -> None:
        """Send maps [C, H, W] back to back; every accumulator must be the golden one."""
        for act in maps.values():
            self.source.enqueue(self.into.beats(act))
        for name, act in maps.items():
            what = f"layer {self.case.layer}, {name}"
            got = self.out.map_of(await self.sink.receive(self.out.count, LONGEST_US), what)
            assert_same_map(got, golden().conv(self.case.layer, act[None])[0], what)

    def activations(self, count: int) -> dict[str, np.ndarray]:
        """Real activations: what the layer before sends for the first planes of an avatar."""
        planes = planes_of(latents(1))[:count]
        return {what: getattr(m, f"act{self.case.layer - 1}")[n] for what, m, n in planes}


async def count_active(dut, counter: list[int]) -> None:
    """counter[0] becomes the number of cycles in which the lanes multiply."""
    while True:
        await RisingEdge(dut.clk_i)
        counter[0] += int(dut.active_o.value)


@cocotb.test()
@cocotb.parametrize(
    (("source", "sink"), [(always, always), (bursty, random_third), (random_half, bursty)]),
)
async def accumulators_equal_golden_whatever_the_stalls(dut, source, sink):
    bench = Bench(dut, source, sink)
    await bench.start()
    await bench.compare(bench.activations(2 if sink is always else 1))


@cocotb.test()
async def empty_full_and_sparse_maps_equal_golden(dut):
    bench = Bench(dut)
    shape = (bench.into.channels, bench.into.side, bench.into.side)
    rng = np.random.default_rng(int(os.environ["SEED"]))
    checker = np.indices(shape).sum(axis=0) % 2 * 255
    noise = rng.integers(0, 256, shape) * (rng.random(shape) < 0.1)
    await bench.start()
    await bench.compare(
        {
            "all zero": np.zeros(shape, np.int64),
            "all 255": np.full(shape, 255),
            "checkerboard": checker,
            "one in ten": noise,
        }
    )


@cocotb.test()
async def lanes_work_once_for_each_visit_of_a_stored_activation(dut):
    bench, active = Bench(dut), [0]
    await bench.start()
    cocotb.start_soon(count_active(dut, active))
    maps = bench.activations(1)
    await bench.compare(maps)
    (act,) = maps.values()
    case = bench.case
    expected = active_cycles(act, bench.out.channels, case.fold, case.skip_zeros)
    assert active[0] == expected, f"{active[0]} active cycles, expected {expected}"


@cocotb.test()
async def a_check_adds_the_parity_of_every_copy_of_the_weights(dut):
    bench = Bench(dut)
    await bench.start()
    chosen, layer = under_test(), bench.case.layer
    folding = replace(chosen.folding, layers=folded(bench.case))
    rom = build_roms(chosen.integers, folding)[f"layer{layer}.hex"]
    words = [pack(values, rom.lane_width) for values in rom.values]
    for address in random.sample(range(len(words)), min(CHECKS, len(words))):
        dut.load_i.value = load_word(CHECK_SLICE, address, 0)
        dut.load_valid_i.value = 1
        await RisingEdge(dut.clk_i)
        dut.load_valid_i.value = 0
        await ClockCycles(dut.clk_i, CHECK_LATENCY)
        odd = words[address].bit_count() * bench.case.fold.reads % 2
        assert dut.odd_o.value == odd, f"address {address}: {words[address]:#x}"


@cocotb.test()
async def a_reset_within_a_map_forgets_it(dut):
    bench = Bench(dut)
    await bench.start()
    maps = bench.activations(2)
    bench.source.enqueue(bench.into.beats(list(maps.values())[1]))
    await bench.sink.receive(bench.out.count // 2)
    bench.source.clear()
    await pulse_reset(dut)
    await ClockCycles(dut.clk_i, 2)
    await bench.sink.receive(bench.sink.waiting)
    await bench.compare(dict(list(maps.items())[:1]))


@pytest.mark.parametrize("name", CASES)
def test_convt_engine(simulator, name):
    case, tiny = CASES[name], network("tiny")
    layer, fold, channels = case.layer, case.fold, tiny.integers.config.channels
    chosen = variant("tiny", layers=folded(case))
    run_cocotb(
        "convt_engine",
        __file__,
        simulator,
        network=chosen,
        parameters={
            "Channels": channels[layer - 1],
            "Side": SIDES[layer - 1],
            "OutChannels": channels[layer],
            "Couts": fold.couts,
            "PhaseRows": fold.phase_rows,
            "PhaseCols": fold.phase_cols,
            "Windows": fold.windows,
            "ProdRows": case.producer[0],
            "ProdCols": case.producer[1],
            "InBeat": case.in_beat,
            "Beat": fold.beat,
            "Reads": fold.reads,
            "WeightWidth": fold.weight_bits,
            "AccWidth": acc_width(tiny.integers.config, chosen.folding, layer),
            "Packing": PACKINGS.index(case.packing),
            "SkipZeros": int(case.skip_zeros),
            "WeightFile": chosen.rom(f"layer{layer}.hex"),
        },
        environment={CASE_VARIABLE: name},
        min_tests=7,
    )
