# SPDX-License-Identifier: Apache-2.0
"""The program of the host talks to the RTL of a board: it loads networks and draws with them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from avatar_host import AvatarClient, BoardError
from avatar_host import protocol as p
from avatar_host.images import Image, network_image
from avatar_host.loading import load, network
from dcgan.core.network_files import shipped
from dcgan.core.shapes import preset
from dcgan.hw.latent_rng import draw_latents
from dcgan.hw.widths import EVEN_BIT
from dcgan.quant.fixed_point import build_tanh_table
from dcgan.quant.golden import GoldenGenerator
from dcgan.quant.int_generator import IntegerGenerator, load_integer
from dcgan.quant.random_network import random_integer
from simulated_line import CYCLES_A_BIT, SimulatedLine

from tb.lib.network import exported

LINE_BAUD = 3_000_000
MOST_SECONDS = 2.0
LEVELS_A_SECOND, AVATARS_A_SECOND = 300, 140
"""Coded avatars of sixteen levels, and of bytes; plain ones are 97 at most."""


def of_levels(integers: IntegerGenerator, levels: int) -> IntegerGenerator:
    """The network with a table of so many levels."""
    table = build_tanh_table(integers.tanh_index_bits, levels)
    return replace(integers, tanh_table=table, metadata={**integers.metadata, "levels": levels})


def check_avatars(client: AvatarClient, integers, count: int) -> None:
    """`count` avatars of a seed, every pixel against golden."""
    wanted = GoldenGenerator(integers).rgb(draw_latents(5, count)).transpose(0, 2, 3, 1)
    drawn = np.stack([avatar.pixels for avatar in client.generate(5, count)])
    assert np.array_equal(drawn, wanted), f"{np.argwhere(drawn != wanted)[:3]} differ"


def test_a_network_is_loaded_through_the_line_and_draws(tmp_path):
    line = SimulatedLine(exported("tiny"), tmp_path / "line", faults=25, seed=3)
    try:
        client = AvatarClient(line, retries=30, patience=2)
        own = exported("tiny").integers
        assert network(client).identity == own.identity
        other = random_integer(preset("tiny"), seed=21)
        places: list[int] = []
        status = load(client, network_image(other), places.append)
        assert status.identity == other.identity
        assert places[-1] == len(network_image(other).data)
        check_avatars(client, other, 3)
        load(client, network_image(own))
        check_avatars(client, own, 2)
    finally:
        line.close()


def test_a_network_with_a_changed_bit_is_drawn_no_more(tmp_path):
    """An image that is odd from the beginning, as if a bit had changed after the load."""
    line = SimulatedLine(exported("tiny"), tmp_path / "line")
    try:
        client = AvatarClient(line, patience=2)
        integers = random_integer(preset("tiny"), seed=4)
        image = network_image(integers)
        changed = bytearray(image.data)
        changed[EVEN_BIT // 8] ^= 1 << EVEN_BIT % 8
        load(client, Image(bytes(changed), image.preset, image.identity))
        assert line.read(1) == b"", "the line rests, and the board looks at its memories"
        assert network(client).state == p.DECAYED
        with pytest.raises(BoardError, match="no whole network"):
            list(client.generate(5, 1))
        load(client, image)
        assert line.read(1) == b""
        assert network(client).whole
        check_avatars(client, integers, 1)
    finally:
        line.close()


def test_another_preset_is_refused_and_nothing_is_lost(tmp_path):
    line = SimulatedLine(exported("tiny"), tmp_path / "line")
    try:
        client = AvatarClient(line, patience=2)
        compact = random_integer(preset("compact"), seed=1, weight_bits=(7, 8, 8, 8))
        with pytest.raises(BoardError, match="hardware of preset"):
            load(client, network_image(compact))
        check_avatars(client, exported("tiny").integers, 1)
    finally:
        line.close()


@pytest.mark.parametrize("levels", [256, 16])
def test_a_coded_line_with_faults_brings_every_avatar(tmp_path, levels):
    line = SimulatedLine(exported("tiny"), tmp_path / "line", faults=6, seed=levels)
    try:
        client = AvatarClient(line, retries=30, patience=2, coded=True)
        integers = of_levels(exported("tiny").integers, levels)
        load(client, network_image(integers))
        line.answer_faults = 4
        while line.answer_faults:
            check_avatars(client, integers, 3)
        assert client.retried > 0, "nothing was spoilt"
    finally:
        line.close()


def speed(name: str, levels: int, count: int, folder: Path) -> float:
    """Avatars a second of a line of LINE_BAUD, coded: a bit takes CYCLES_A_BIT cycles here."""
    line = SimulatedLine(exported(name), folder)
    try:
        client = AvatarClient(line, patience=2, coded=True)
        integers = of_levels(exported(name).integers, levels)
        load(client, network_image(integers))
        client.code_if_possible()
        began, heard = line.cycle, line.heard
        check_avatars(client, integers, count)
        seconds = (line.cycle - began) / CYCLES_A_BIT / LINE_BAUD
        size = (line.heard - heard) / count
        print(f"{name}, {levels} levels: {count / seconds:.0f} avatars/s, {size:.0f} bytes each")
        return count / seconds
    finally:
        line.close()


def test_a_coded_line_carries_three_hundred_avatars_of_sixteen_levels(tmp_path):
    assert speed("tiny", 16, 8, tmp_path / "line") >= LEVELS_A_SECOND


@pytest.mark.slow
def test_compact_fits_the_line_more_often_coded(tmp_path):
    assert speed("compact", 16, 64, tmp_path / "levels") >= LEVELS_A_SECOND
    assert speed("compact", 256, 64, tmp_path / "bytes") >= AVATARS_A_SECOND


@pytest.mark.slow
def test_compact_takes_five_networks_in_two_seconds_each(tmp_path):
    line = SimulatedLine(exported("compact"), tmp_path / "line")
    try:
        client = AvatarClient(line, patience=2)
        random_one = random_integer(preset("compact"), seed=2, weight_bits=(7, 8, 8, 8))
        names = ("compact_w4", "compact_w5", "compact_w6", "compact")
        files = (shipped("checkpoints") / f"{name}_int.safetensors" for name in names)
        networks = [random_one, *map(load_integer, files)]
        for integers, avatars in zip(networks, (64, 8, 8, 8, 8), strict=True):
            began = line.cycle
            load(client, network_image(integers))
            seconds = (line.cycle - began) / CYCLES_A_BIT / LINE_BAUD
            print(f"{integers.identity:08x}: {seconds:.3f} s on a line of {LINE_BAUD:,} baud")
            assert seconds <= MOST_SECONDS
            check_avatars(client, integers, avatars)
    finally:
        line.close()
