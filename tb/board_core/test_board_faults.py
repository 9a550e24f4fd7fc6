# SPDX-License-Identifier: Apache-2.0
"""Bits that change inside a board: a network no longer right, a state that nothing leaves."""

from __future__ import annotations

import cocotb
from avatar_host import protocol as p
from avatar_host.loader_model import LoaderModel
from cocotb.triggers import ClockCycles, FallingEdge
from core_bench import BAUD, CLOCK_HZ, Bench, parameters
from dcgan.hw.block_ram import tables
from dcgan.hw.shape_package import preset_number

from tb.lib.board_link import REPLY_US
from tb.lib.build import run_cocotb
from tb.lib.network import under_test

SLOWER = 250
"""So much slower a clock the board believes in: its watchdog then waits 16,384 cycles."""
REST_CYCLES = 4096  # board_parity
WATCH_CYCLES = 2 ** (CLOCK_HZ // SLOWER - 1).bit_length() // 32
WHOLE = 0
NO_STATE = 15  # of board_coder


class FaultyBoard(Bench):
    """A board core whose registers are written from outside."""

    async def start(self) -> Bench:
        await super().start()
        network = under_test()
        config, folding = network.integers.config, network.folding
        self.model.loader = self.loader()
        self.model.settings = type(self.model.settings)(
            self.model.settings.channels, CLOCK_HZ // SLOWER, BAUD // SLOWER
        )
        words = sum(memory.depth for memory in tables(config, folding).values())
        self.walk_cycles = REST_CYCLES + 2 * words + 100
        await ClockCycles(self.dut.clk_i, REST_CYCLES)  # the parameters are read
        return self

    @staticmethod
    def loader() -> LoaderModel:
        network = under_test()
        number = preset_number(network.integers.config, network.folding)
        return LoaderModel(preset=number, identity=network.integers.identity)

    async def flip(self, word, bit: int) -> None:
        await FallingEdge(self.dut.clk_i)
        word.value = int(word.value) ^ 1 << bit
        await FallingEdge(self.dut.clk_i)

    async def told(self) -> tuple[int, int]:
        """State of the network, restarts."""
        network = await self.ask(p.NETWORK, b"")
        info = await self.ask(p.INFO, b"")
        state = p.NETWORK_WORDS.unpack(network[0].payload)[0]
        return state, p.INFO_WORDS.unpack(info[0].payload)[7] >> 16


def contents(dut) -> dict[str, object]:
    """A word of each kind of memory."""
    generator = dut.u_generator.u_generator
    layer = generator.u_layer4.u_convt
    return {
        "parameters": generator.u_parameters.u_words.contents[3],
        "offsets": generator.u_layer1.u_project.u_offsets.contents[5],
        "layer 1": generator.u_layer1.u_project.u_weights.contents[7],
        "last copy of layer 4": layer.gen_read[
            under_test().folding.layer(4).reads - 1
        ].u_weights.contents[2],
        "tanh": generator.u_raster.u_tanh.contents[2047],
    }


@cocotb.test()
async def a_changed_bit_of_a_memory_ends_the_network(dut):
    board = await FaultyBoard(dut, 1).start()
    await ClockCycles(dut.clk_i, 2 * board.walk_cycles)
    assert await board.told() == (p.WHOLE, 0), "nothing has changed"
    for name, word in contents(dut).items():
        await board.flip(word, 1)
        await ClockCycles(dut.clk_i, 2 * board.walk_cycles)
        board.model.loader.decay()
        assert (await board.told())[0] == p.DECAYED, name
        refusal = await board.ask(p.SEED, p.seed_payload(1, 1))
        assert p.WORD.unpack(refusal[0].payload)[0] == p.ERROR_NETWORK
        await board.reset()
        assert (await board.told())[0] == p.DECAYED, "a reset brings no network back"
        await board.flip(word, 1)
        dut.u_loader.state_q.value = WHOLE  # as after power-up
        board.model.loader = board.loader()
        await ClockCycles(dut.clk_i, REST_CYCLES)
    await board.ask(p.SEED, p.seed_payload(2, 1))


@cocotb.test()
async def a_board_that_stands_still_restarts_and_draws_on(dut):
    board = await FaultyBoard(dut, 2).start()
    for restarts in (1, 2):
        request = p.Frame(1, p.SEED, p.seed_payload(3, 1, coded=restarts == 2))
        await board.sender.send(p.encode_request(request))
        await ClockCycles(dut.clk_i, 700)  # the first latent is on its way
        assert int(dut.z_valid.value) or int(dut.u_latents.busy_o.value)
        dut.u_latents.state_q.value = 0  # and never ends
        await ClockCycles(dut.clk_i, WATCH_CYCLES + 4000)
        board.listener.drain()
        board.decoder = p.reply_decoder()
        board.model.avatars = 0  # its counters are in the reset of the Generator
        assert await board.told() == (p.WHOLE, restarts)
        await board.ask(p.SEED, p.seed_payload(4, 1, coded=restarts == 2))


@cocotb.test()
async def a_code_that_stands_still_is_given_up_and_the_next_one_is_whole(dut):
    board = await FaultyBoard(dut, 3).start()
    await board.sender.send(p.encode_request(p.Frame(1, p.SEED, p.seed_payload(5, 1, coded=True))))
    await board.listener.read(60, REPLY_US)
    coder = dut.u_reply.u_coder
    coder.state_q.value = NO_STATE  # nothing leaves it
    await ClockCycles(dut.clk_i, WATCH_CYCLES + 4000)
    board.listener.drain()
    board.decoder = p.reply_decoder()
    board.model.avatars = 0
    assert await board.told() == (p.WHOLE, 1)
    await board.ask(p.SEED, p.seed_payload(6, 1, coded=True))


def test_board_faults(simulator):
    run_cocotb(
        "board_core",
        __file__,
        simulator,
        parameters=parameters() | {"ClockHz": CLOCK_HZ // SLOWER, "Baud": BAUD // SLOWER},
        optimise=True,
        min_tests=3,
    )
