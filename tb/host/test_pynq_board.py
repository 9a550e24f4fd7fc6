# SPDX-License-Identifier: Apache-2.0
"""The PYNQ driver against a stand-in of its overlay: pixels in order, versions checked."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from avatar_host import BoardError
from avatar_host.pynq_board import IDENTITY, REGISTERS, PynqBoard

VERSION = 0x206401


def pixels(z: np.ndarray) -> np.ndarray:
    """uint8 [32, 32, 3], different for every latent."""
    return np.random.default_rng(z.view(np.uint8)).integers(0, 256, (32, 32, 3), np.uint8)


class Channel:
    def __init__(self):
        self.buffer = None

    def transfer(self, buffer) -> None:
        self.buffer = buffer

    def wait(self) -> None:
        assert self.buffer is not None, "waited for nothing"


class Receiver(Channel):
    """Fills its buffer when it is waited for, as the stream has it: G, B, R from the low byte."""

    def __init__(self, sender: Channel):
        super().__init__()
        self.sender = sender

    def wait(self) -> None:
        super().wait()
        red, green, blue = np.moveaxis(pixels(np.asarray(self.sender.buffer)), 2, 0)
        self.buffer[:] = np.stack([green, blue, red], axis=2)


def overlay(identity: int = IDENTITY, version: int = VERSION) -> SimpleNamespace:
    words = dict.fromkeys(REGISTERS, 7) | {"identity": identity, "version": version}
    by_offset = {REGISTERS[name]: value for name, value in words.items()}
    sender = Channel()
    return SimpleNamespace(
        avatar_dcgan=SimpleNamespace(read=by_offset.__getitem__),
        dma=SimpleNamespace(sendchannel=sender, recvchannel=Receiver(sender)),
    )


def test_an_avatar_comes_back_in_rgb():
    board = PynqBoard(overlay(), np.zeros)
    z = np.arange(-50, 50, dtype=np.int8)
    assert (board.draw(z) == pixels(z)).all()
    assert board.status().avatars == 7


@pytest.mark.parametrize(
    ("core", "text"),
    [(overlay(identity=0), "no avatar core"), (overlay(version=0x206402), "version 0x206402")],
)
def test_another_core_or_version_is_refused_in_words(core, text):
    with pytest.raises(BoardError, match=text):
        PynqBoard(core, np.zeros)


def test_a_latent_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="latent"):
        PynqBoard(overlay(), np.zeros).draw(np.zeros(99, np.int8))
