# SPDX-License-Identifier: Apache-2.0
"""Ten thousand latents of wrong lengths: every one is counted, none changes an avatar."""

from __future__ import annotations

import random

import cocotb
import numpy as np
import pytest
from test_dcgan_axis import begin, latents

from tb.lib.build import run_cocotb
from tb.lib.network import exported

LATENT = 100
ROUNDS, A_ROUND = 20, 500
EDGES = (1, 2, LATENT - 1, LATENT + 1, 2 * LATENT)


def wrong_length() -> int:
    """Often one where a counter might miss its mark, else any but the right one."""
    if random.random() < 0.5:
        return random.choice(EDGES)
    return random.choice([n for n in range(1, 130) if n != LATENT])


@cocotb.test()
@cocotb.parametrize(pauses=[0.0, 0.3])
async def malformed_packets_by_the_thousand_change_no_avatar(dut, pauses):
    bench, z = await begin(dut, source_pauses=pauses, sink_pauses=pauses), latents(ROUNDS)
    for number, good in enumerate(z):
        for _ in range(A_ROUND):
            await bench.send(np.resize(good, wrong_length()))
        await bench.compare(good[None])
        assert dut.status_malformed.value == (number + 1) * A_ROUND
        assert dut.status_avatars.value == number + 1


@pytest.mark.slow
def test_ten_thousand_malformed_packets():
    run_cocotb(
        "dcgan_axis",
        __file__,
        "verilator",
        parameters={"RomDir": str(exported("tiny").rom_dir)},
        optimise=True,
        min_tests=2,
    )
