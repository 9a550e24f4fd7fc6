# SPDX-License-Identifier: Apache-2.0
"""cocotb module of sim_harness: wakes up once a frame and writes what the hardware drew."""

from __future__ import annotations

import json
import os
from pathlib import Path

import cocotb
from cocotb.triggers import ValueChange, with_timeout

FRAME_BYTES = 3 * 32 * 32
FOLDER_VARIABLE = "SIM_FRAMES"
FRAMES = "frames.bin"
CYCLES = "cycles.json"
FRAME_TIMEOUT_MS = 200  # of simulated time: 20 million cycles


@cocotb.test()
async def every_latent_becomes_a_frame(dut):
    folder = Path(os.environ[FOLDER_VARIABLE])
    wanted = cocotb.plusargs["avatars"]
    last_cycles, mac_cycles = [], []
    with (folder / FRAMES).open("wb") as file:
        for index in range(int(wanted)):
            await with_timeout(ValueChange(dut.frame_count), FRAME_TIMEOUT_MS, "ms")
            word = dut.frame.value
            assert word.is_resolvable, f"avatar {index}: some pixels are unknown (x)"
            file.write(int(word).to_bytes(FRAME_BYTES, "little"))
            file.flush()  # its size is the progress that others see
            last_cycles.append(int(dut.frame_cycle.value))
            mac_cycles.append(int(dut.mac_cycles.value))
    record = {
        "first_cycle": int(dut.first_cycle.value),
        "last_cycles": last_cycles,
        "mac_cycles": mac_cycles,
    }
    (folder / CYCLES).write_text(json.dumps(record))
    assert int(dut.framing_errors.value) == 0, "tuser or tlast came in a wrong place"
    assert int(dut.malformed.value) == 0, "a good latent was counted as malformed"
    assert int(dut.avatars.value) == int(wanted)
