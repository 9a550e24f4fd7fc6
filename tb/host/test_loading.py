# SPDX-License-Identifier: Apache-2.0
"""Networks loaded into models of boards: over a bad line, into a PYNQ, by a data loader."""

from __future__ import annotations

import random
import zlib

import numpy as np
import pytest
from avatar_host import AvatarClient, BoardError, MemoryLink
from avatar_host import protocol as p
from avatar_host.board_model import BoardModel
from avatar_host.images import network_image
from avatar_host.links import golden_board
from avatar_host.loading import load, network
from avatar_host.pynq_board import REGISTERS, PynqBoard
from avatar_host.pynq_model import GoldenOverlay
from avatar_render import open_render
from dcgan.core.latents import draw_z
from dcgan.core.shapes import preset
from dcgan.quant.golden import GoldenGenerator
from dcgan.quant.int_generator import save_integer
from dcgan.quant.random_network import random_integer

OWN, OTHER = (random_integer(preset("tiny"), seed=seed) for seed in (31, 32))
IMAGE = network_image(OTHER)
CRC = zlib.crc32(IMAGE.data)


class BadLine(MemoryLink):
    """Of the frames in both directions, some are lost, doubled, spoilt or late."""

    def __init__(self, board: BoardModel, seed: int, rate: float):
        super().__init__(board)
        self.random, self.rate = random.Random(seed), rate
        self.late = b""

    def spoil(self, data: bytes) -> bytes:
        if not data or self.random.random() > self.rate:
            return data
        at = self.random.randrange(len(data))
        kept, self.late = self.late, self.late or data
        return self.random.choice(
            (b"", data + data, data[:at] + data[at + 1 :], data + kept, self.random.randbytes(200))
        )

    def write(self, data: bytes) -> None:
        super().write(self.spoil(data))

    def read(self, count: int) -> bytes:
        return self.spoil(super().read(count))


def draws(client: AvatarClient, integers) -> None:
    z = draw_z(3, 1)
    assert np.array_equal(client.render(z), GoldenGenerator(integers).rgb(z))


def test_a_board_draws_with_what_was_loaded_last():
    client = AvatarClient(MemoryLink(golden_board(OWN)))
    places: list[int] = []
    draws(client, OWN)
    assert load(client, IMAGE, places.append).identity == OTHER.identity
    assert places == sorted(places) and places[-1] == len(IMAGE.data)
    draws(client, OTHER)
    load(client, network_image(OWN))
    draws(client, OWN)


@pytest.mark.parametrize("seed", range(12))
def test_a_bad_line_delays_a_load_and_spoils_none(seed):
    client = AvatarClient(BadLine(golden_board(OWN), seed, 0.1), retries=200, patience=2)
    assert load(client, IMAGE).identity == OTHER.identity
    draws(client, OTHER)


def test_a_dead_line_is_said_to_be_dead():
    board = golden_board(OWN)
    link = MemoryLink(board)
    client = AvatarClient(link, retries=2, patience=2)
    answered = board.feed
    board.feed = lambda data: answered(data) if board.loader.state == p.WHOLE else b""
    with pytest.raises(BoardError, match="attempts"):
        load(client, IMAGE)
    board.feed = answered
    with pytest.raises(BoardError, match="no whole network"):
        client.draw(draw_z(1, 1)[0])
    load(client, IMAGE)
    draws(client, OTHER)


def test_of_two_hosts_the_first_one_is_told():
    board = golden_board(OWN)
    first, second = (AvatarClient(MemoryLink(board)) for _ in range(2))

    def interrupt(done: int) -> None:
        if board.loader.crc == CRC and done > 2000:
            next(second.ask(p.BEGIN, p.begin_payload(IMAGE.preset, 77), 1))

    with pytest.raises(BoardError, match="another network"):
        load(first, IMAGE, interrupt)
    assert network(first).state == p.LOADING
    load(second, IMAGE)
    draws(first, OTHER)


def test_a_reset_in_the_middle_begins_the_load_again():
    board = golden_board(OWN)
    resets = [20_000, 40_000]

    def reset(done: int) -> None:
        if resets and done > resets[0]:
            resets.pop(0)
            board.loader.reset()

    client = AvatarClient(MemoryLink(board))
    assert load(client, IMAGE, reset).whole and not resets
    draws(client, OTHER)


def test_other_hardware_and_no_hardware_are_refused_in_words():
    client = AvatarClient(MemoryLink(golden_board(OWN)))
    compact = random_integer(preset("compact"), seed=1, weight_bits=(7, 8, 8, 8))
    with pytest.raises(BoardError, match="hardware of preset"):
        load(client, network_image(compact))
    draws(client, OWN)
    wide = random_integer(preset("compact"), seed=1, weight_bits=(8, 8, 8, 8))
    with pytest.raises(ValueError, match="layer 1, channel"):
        network_image(wide)
    draws(AvatarClient(MemoryLink(golden_board(wide))), wide)  # a model draws what it is given


def test_a_pynq_takes_networks_through_its_registers():
    overlay = GoldenOverlay(OWN)
    board, z = PynqBoard(overlay, np.zeros), draw_z(2, 1)
    board.load(IMAGE)
    assert np.array_equal(board.render(z), GoldenGenerator(OTHER).rgb(z))
    assert board.register("network") == OTHER.identity
    assert not overlay.write(REGISTERS["load_data"], 0), "nothing is being loaded"
    assert not overlay.write(REGISTERS["preset"], 1)
    assert not overlay.write(REGISTERS["load_crc"], 1), "the preset was not said"
    compact = network_image(random_integer(preset("compact"), seed=1, weight_bits=(7, 8, 8, 8)))
    with pytest.raises(BoardError, match="preset"):
        board.load(compact)
    assert np.array_equal(board.render(z), GoldenGenerator(OTHER).rgb(z))


def test_a_data_loader_loads_the_board_before_it_draws(tmp_path):
    path = tmp_path / "mine_int.safetensors"
    save_integer(path, OTHER)
    z = draw_z(2, 1)
    with open_render("board", "model:tiny", load=path) as render:
        assert np.array_equal(render(z), GoldenGenerator(OTHER).rgb(z))
    with pytest.raises(ValueError, match="only a board"):
        open_render("golden", "tiny", load=path)
