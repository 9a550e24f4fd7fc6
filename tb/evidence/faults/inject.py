# SPDX-License-Identifier: Apache-2.0
"""cocotb module of faults_harness: one flipped bit after the other, and what came of each.

A fault is a bit of a register and a cycle after reset. Two avatars are drawn back to back, and the
bit is flipped while the first is drawn:

    masked   both pictures are right, and so is every counter
    status   both are right, a counter is not
    told     a picture is wrong or does not come, and a counter or the framing of the video stream
             shows it; restarts and walks over the memories that came to an odd number are counted
    silent   a picture is wrong, and nothing shows it
    hang     an avatar does not come, and the device stays busy

Unless it was masked, a third latent is sent behind them (`next`), once more if nothing came, as a
host would, and one after a reset (`reset`): right, wrong or none. A ROM keeps its flip until then,
and what a flipped write enable has written.
"""

from __future__ import annotations

import json
import os
import random
from dataclasses import asdict, dataclass
from pathlib import Path

import cocotb
import numpy as np
from cocotb.handle import HierarchyObject
from cocotb.simtime import get_sim_time
from cocotb.triggers import Timer, ValueChange, with_timeout
from dcgan.core.latents import draw_z

from tb.evidence.faults.registers import LASTING, class_of
from tb.evidence.faults.targets import Register, Table, walk
from tb.lib.golden import golden
from tb.sim.run import from_stream

JOB_VARIABLE = "FAULTS_JOB"
PERIOD = 10
AFTER_EDGE = 8
"""Nanoseconds of a period: behind the rising edge at 5, before the next."""
PAIRS = 4
LATENT_SEED = 7
LIMIT = 40_000
"""Cycles until a hang is believed: two avatars of `tiny` take 9,100, the watchdog waits 20,000."""
SETTLE = 200
WALKS = 24_000
"""Cycles in which every memory is checked, twice: what a ROM needs to be told."""
MASKED, STATUS, TOLD, SILENT, HANG = "masked", "status", "told", "silent", "hang"
RIGHT, WRONG, NONE = "right", "wrong", "none"


@dataclass(frozen=True)
class Fault:
    """A bit of a word of a register, flipped in a cycle after reset while a pair is drawn."""

    path: str
    word: int
    bit: int
    cycle: int
    pair: int


@dataclass(frozen=True)
class Drawn:
    """What came out: frames [3, 32, 32], the cycle of the first, and what the status says."""

    frames: list[np.ndarray]
    first: int
    status: dict[str, int]


class Device:
    """The harness, with the pictures that its latents must give."""

    def __init__(self, dut: HierarchyObject, corrupt: bool = False) -> None:
        self.dut = dut
        self.z = draw_z(2 * PAIRS, LATENT_SEED)
        self.expected = golden().rgb(self.z)
        if corrupt:
            self.expected[0, 0, 0, 0] ^= 1
        self.registers: dict[str, Register] = {}

    async def find(self) -> None:
        """The registers: what keeps a bit that is turned over."""
        for path, register in sorted(walk(self.dut.dut)):
            if await register.flip(0, 0):
                self.registers[path] = register
                await register.flip(0, 0)
        # The clock would have changed them in between.
        assert get_sim_time("ns") < PERIOD + PERIOD // 2, "too many registers for one period"

    async def begin(self, pair: int, wanted: int) -> None:
        """Reset, then offer `wanted` latents: those of the pair by turns."""
        first, second = (int.from_bytes(z.tobytes(), "little") for z in self.z[2 * pair :][:2])
        self.dut.rst_n.value = 0
        await Timer(5 * PERIOD, "ns")
        self.dut.latent0.value, self.dut.latent1.value = first, second
        self.dut.wanted.value = wanted
        self.dut.rst_n.value = 1

    async def collect(self, count: int, settle: int = SETTLE) -> Drawn:
        """The next `count` frames, or what came within LIMIT cycles, and the status after it."""
        began, frames, first = cycle(), [], 0
        while len(frames) < count and (left := LIMIT - (cycle() - began)) > 0:
            try:
                await with_timeout(ValueChange(self.dut.frame_count), left * PERIOD, "ns")
            except TimeoutError:
                break
            await Timer(AFTER_EDGE - PERIOD // 2, "ns")
            first = first or cycle() - began
            frames.append(from_stream(int(self.dut.frame.value).to_bytes(3072, "little"))[0])
        await Timer(settle * PERIOD, "ns")
        names = ("busy", "avatars", "malformed", "cycles", "mac_cycles")
        names += ("framing_errors", "surplus", "frame_count", "restarts", "spoilt_count")
        return Drawn(frames, first, {name: int(getattr(self.dut, name).value) for name in names})

    def right(self, frames: list[np.ndarray], *latents: int) -> bool:
        """Whether these frames are the pictures of these latents, and all of them."""
        wanted = self.expected[list(latents)]
        return len(frames) == len(wanted) and np.array_equal(np.stack(frames), wanted)

    async def judge(self, fault: Fault, sound: Drawn) -> dict[str, str]:
        """Verdict on one fault; the device is as before when this returns, but for a reset."""
        register = self.registers[fault.path]
        written = self.written_by(register)
        first, second = 2 * fault.pair, 2 * fault.pair + 1
        await self.begin(fault.pair, 2)
        await Timer((fault.cycle + 1) * PERIOD, "ns")
        before = written and written.word()
        assert await register.flip(fault.word, fault.bit), f"{fault.path} is no register"
        stays = bool(written) or class_of(register.module, register.name) == LASTING
        drawn = await self.collect(2, WALKS if stays else SETTLE)
        found = {"verdict": verdict(drawn, self.right(drawn.frames, first, second), sound)}
        if found["verdict"] != MASKED or stays:
            found["next"] = await self.next(first, second)
            await self.begin(fault.pair, 1)
            found["reset"] = self._one((await self.collect(1)).frames, first)
        if written:
            written.contents[before[0]].value = before[1]
            await Timer(1, "ps")
        elif stays:
            await register.flip(fault.word, fault.bit)
        return found

    def written_by(self, register: Register) -> Table | None:
        """The memory that a flip of this register writes to, if it is a write enable of one."""
        if (register.module, register.name) != ("mem_table", "write_q"):
            return None
        scope = register.path.rpartition(".")[0]
        handles = (self.registers[f"{scope}.{name}"].handle for name in ("contents", "load_addr_q"))
        return Table(*handles)

    async def next(self, first: int, second: int) -> str:
        """What comes of another latent; a watchdog that has to restart first loses one."""
        self.dut.wanted.value = 3
        if drawn := (await self.collect(1)).frames:
            return self._one(drawn, first)
        self.dut.wanted.value = 4
        return self._one((await self.collect(1)).frames, second)

    def _one(self, frames: list[np.ndarray], latent: int) -> str:
        return (RIGHT if self.right(frames, latent) else WRONG) if frames else NONE


def verdict(drawn: Drawn, right: bool, sound: Drawn) -> str:
    """One of the five words above; `sound` is what the same pair gives without a fault."""
    if len(drawn.frames) < 2 and drawn.status["busy"]:
        return HANG
    if right:
        return MASKED if drawn.status == sound.status else STATUS
    # Cycles depend on the picture: a host does not know them.
    unknown = {"cycles", "mac_cycles"}
    shown = [n for n in drawn.status if n not in unknown and drawn.status[n] != sound.status[n]]
    return TOLD if shown else SILENT


def cycle() -> int:
    """Cycles since the simulation began."""
    return int(get_sim_time("ns")) // PERIOD


def draw_fault(registers: dict[str, Register], last: list[int], seed: str) -> Fault:
    """Every bit of the registers and every cycle of the first avatar as likely as any other."""
    chance = random.Random(seed)
    place = chance.randrange(sum(r.words * r.width for r in registers.values()))
    for path, register in registers.items():
        bits = register.words * register.width
        if place < bits:
            pair = chance.randrange(PAIRS)
            word, bit = divmod(place, register.width)
            return Fault(path, word, bit, chance.randrange(last[pair]), pair)
        place -= bits
    raise ValueError("no registers to draw from")


@cocotb.test()
async def flipped_bits(dut):
    job = json.loads(Path(os.environ[JOB_VARIABLE]).read_text())
    device = Device(dut, job.get("corrupt", False))
    await Timer(AFTER_EDGE, "ns")
    await device.find()
    sound = []
    for pair in range(PAIRS):
        await device.begin(pair, 2)
        sound.append(await device.collect(2))
        right = device.right(sound[pair].frames, 2 * pair, 2 * pair + 1)
        assert right, f"pair {pair}: the pictures are wrong without a fault"
    of_class = {
        path: register
        for path, register in device.registers.items()
        if class_of(register.module, register.name) == job.get("class")
    }
    last = [drawn.first for drawn in sound]
    faults = [(None, Fault(**fault)) for fault in job.get("faults", [])]
    for number in job.get("numbers", []):
        seed = f"{job['seed']} {job['class']} {number}"
        faults.append((number, draw_fault(of_class, last, seed)))
    bits = sum(r.words * r.width for r in of_class.values())
    with Path(job["out"]).open("w") as out:
        out.write(json.dumps({"bits": bits}) + "\n")
        for number, fault in faults:
            register = device.registers[fault.path]
            about = {"module": register.module, "name": register.name, **asdict(fault)}
            found = await device.judge(fault, sound[fault.pair])
            out.write(json.dumps({"number": number, **about, **found}) + "\n")
