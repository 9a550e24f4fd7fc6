# SPDX-License-Identifier: Apache-2.0
"""The host client against a model of the board: requests, lost bytes, refusals, a port."""

from __future__ import annotations

import os
import pty
import random
import subprocess
import sys
import threading
import tty
import zlib

import numpy as np
import pytest
from avatar_host import AvatarClient, BoardError, MemoryLink, open_link
from avatar_host import protocol as p
from avatar_host.board_model import BoardModel, ModelSettings
from dcgan.hw.latent_rng import clamp, draw_latents, interpolate
from dcgan.render.stream import AvatarStream

from tb.lib.network import ROOT

SETTINGS = ModelSettings(channels=(16, 8, 8, 1), clock_hz=100_000_000, baud=3_000_000)


def fake_generator(z: np.ndarray) -> np.ndarray:
    """A Generator that hashes its latent: fast, and different for every latent."""
    images = [
        np.random.default_rng(zlib.crc32(one.tobytes())).integers(0, 256, (3, 32, 32), np.uint8)
        for one in z
    ]
    return np.stack(images)


def pixels(z: np.ndarray) -> np.ndarray:
    return fake_generator(z).transpose(0, 2, 3, 1)


def board() -> BoardModel:
    return BoardModel(fake_generator, SETTINGS)


@pytest.fixture
def client() -> AvatarClient:
    return AvatarClient(MemoryLink(board()))


class LossyLink(MemoryLink):
    """Drops, flips or invents bytes in both directions, a few times in all."""

    def __init__(self, model: BoardModel, seed: int, faults: int):
        super().__init__(model)
        self.random, self.faults = random.Random(seed), faults

    def spoil(self, data: bytes) -> bytes:
        if not data or not self.faults:
            return data
        self.faults -= 1
        at = self.random.randrange(len(data))
        middle = self.random.choice((b"", bytes([data[at] ^ 0x10]), self.random.randbytes(9)))
        return data[:at] + middle + data[at + 1 :]

    def write(self, data: bytes) -> None:
        super().write(self.spoil(data))

    def read(self, count: int) -> bytes:
        return self.spoil(super().read(count))


def test_info_tells_network_clock_and_counters(client):
    list(client.generate(1, 3))
    info = client.info()
    assert (info.protocol, info.latent, info.side, info.planes) == (p.VERSION, 100, 32, 3)
    assert info.channels == SETTINGS.channels and info.clock_hz == 100_000_000
    assert info.avatars == 3


def test_draw_returns_the_avatar_of_its_latent(client):
    z = np.random.default_rng(1).integers(-128, 128, 100).astype(np.int8)
    assert (client.draw(z).pixels == pixels(clamp(z)[None])[0]).all()


def test_generate_returns_the_latents_of_the_seed_in_order(client):
    avatars = list(client.generate(2**64 - 1, 5))
    assert [avatar.index for avatar in avatars] == list(range(5))
    assert (np.stack([a.pixels for a in avatars]) == pixels(draw_latents(2**64 - 1, 5))).all()


def test_interpolate_returns_the_strip_with_both_ends(client):
    ends = draw_latents(3, 2)
    strip = [avatar.pixels for avatar in client.interpolate(*ends, 3)]
    assert (np.stack(strip) == pixels(interpolate(*ends, 3))).all()


def test_bench_brings_the_crc_of_pixels_that_stayed_on_the_board(client):
    summary = client.bench(9, 4)
    assert summary.count == 4
    assert summary.pixel_crc == zlib.crc32(pixels(draw_latents(9, 4)).tobytes())


@pytest.mark.parametrize("seed", range(30))
def test_lost_and_spoilt_bytes_cost_retries_and_nothing_else(seed):
    client = AvatarClient(LossyLink(board(), seed, faults=3), retries=8)
    avatars = list(client.generate(seed, 3))
    assert (np.stack([a.pixels for a in avatars]) == pixels(draw_latents(seed, 3))).all()
    assert client.info().side == 32


def test_a_board_feeds_the_dataset_of_the_learner(client):
    stream = iter(AvatarStream(client.render, seed=5))
    twin = iter(AvatarStream(fake_generator, seed=5))
    for _ in range(3):
        (image, z), (wanted, wanted_z) = next(stream), next(twin)
        assert (np.asarray(z) == np.asarray(wanted_z)).all()
        assert (np.asarray(image) == np.asarray(wanted)).all()


def test_a_silent_board_ends_in_a_sentence_that_helps():
    class Silence(MemoryLink):
        def write(self, data: bytes) -> None:
            pass

    with pytest.raises(BoardError, match="check port, baud rate"):
        AvatarClient(Silence(board()), retries=1).info()


def test_a_refusal_is_an_error_with_its_reason(client):
    with pytest.raises(BoardError, match="does not know"):
        next(client.ask(0x44, b"", 1))


@pytest.mark.parametrize(
    ("ask", "text"),
    [
        (lambda c: c.generate(-1, 1), "seed"),
        (lambda c: c.generate(1, 0), "count"),
        (lambda c: c.bench(1, 70_000), "count"),
        (lambda c: c.interpolate(np.zeros(100, np.int8), np.zeros(100, np.int8), 255), "inner"),
        (lambda c: c.draw(np.zeros(99, np.int8)), "latent"),
        (lambda c: c.draw(np.zeros(100)), "latent"),
    ],
)
def test_arguments_out_of_range_never_reach_the_line(client, ask, text):
    with pytest.raises(ValueError, match=text):
        ask(client)


def test_a_decoder_finds_every_frame_behind_any_garbage():
    rng = random.Random(5)
    decoder, found, sent = p.request_decoder(), [], []
    for _ in range(400):
        frame = p.Frame(rng.randrange(256), rng.randrange(256), rng.randbytes(rng.randrange(203)))
        encoded = p.encode_request(frame)
        noise = rng.choice(
            (rng.randbytes(rng.randrange(60)), encoded[:-1], encoded[: rng.randrange(9)], b"\xa5")
        )
        found += decoder.feed(noise) + decoder.feed(encoded) + decoder.give_up()
        sent.append(frame)
    assert found == sent


def test_a_serial_port_works_like_the_model():
    near, far = pty.openpty()
    tty.setraw(far)
    model, done = board(), threading.Event()

    def serve() -> None:
        while not done.is_set():
            try:
                data = os.read(near, 4096)
            except OSError:
                return
            answer = model.feed(data)
            while answer:
                answer = answer[os.write(near, answer) :]

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    client = AvatarClient(open_link(os.ttyname(far), 115_200))
    avatars = list(client.generate(6, 2))
    assert (np.stack([a.pixels for a in avatars]) == pixels(draw_latents(6, 2))).all()
    client.close()
    done.set()
    os.close(far)
    os.close(near)


def test_a_port_that_is_not_there_is_one_sentence_and_a_status():
    command = [sys.executable, ROOT / "scripts" / "host.py", "--port", "/dev/none", "info"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("error: cannot open /dev/none") and done.stderr.count("\n") == 1
