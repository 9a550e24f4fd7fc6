# SPDX-License-Identifier: Apache-2.0
"""The stream of avatars: the same numbers whatever the workers, the batches and the back end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from dcgan.core.checkpoint import save_checkpoint
from dcgan.core.images import psnr
from dcgan.core.latents import binarise, draw_z
from dcgan.core.network_files import integer_file
from dcgan.core.shapes import preset
from dcgan.experiments.figures import fresh
from dcgan.quant.golden import GoldenGenerator
from dcgan.quant.int_generator import save_integer
from dcgan.quant.ptq import quantise
from dcgan.quant.random_network import random_integer
from dcgan.render import networks
from dcgan.render.networks import IntegerRenderer, is_integer, open_checkpoint
from dcgan.render.stream import AvatarStream
from small import random_checkpoint
from torch.utils.data import DataLoader


def echo(z: np.ndarray) -> np.ndarray:
    """A back end that draws the first entry of z."""
    flat = (z[:, 0].astype(np.int16) + 128).astype(np.uint8)
    return np.broadcast_to(flat[:, None, None, None], (len(z), 3, 32, 32)).copy()


def collect(stream: AvatarStream, workers: int = 0) -> torch.Tensor:
    loader = DataLoader(stream, batch_size=4, num_workers=workers)
    return torch.cat([z for _, z in loader])


def test_every_avatar_depends_on_seed_and_number_alone():
    one, five = AvatarStream(echo, 3, 10, batch=1), AvatarStream(echo, 3, 10, batch=5)
    assert torch.equal(collect(one), collect(five))
    assert not torch.equal(collect(one), collect(AvatarStream(echo, 4, 10)))


def test_workers_share_the_same_avatars_without_repeating_one():
    alone = collect(AvatarStream(echo, 3, 11))
    shared = collect(AvatarStream(echo, 3, 11), workers=2)
    assert sorted(map(tuple, alone.tolist())) == sorted(map(tuple, shared.tolist()))


def test_images_belong_to_their_latents():
    for image, z in AvatarStream(echo, 0, 20, batch=7):
        assert image.dtype == torch.uint8 and z.dtype == torch.int8
        assert int(image[0, 0, 0]) == int(z[0]) + 128


def test_a_stream_without_count_does_not_end():
    stream = iter(AvatarStream(echo, 0, batch=8))
    assert len([next(stream) for _ in range(50)]) == 50


def test_a_stream_refuses_a_batch_of_nothing():
    with pytest.raises(ValueError, match="at least 1"):
        AvatarStream(echo, 0, batch=0)


def test_float_and_integer_files_open_as_the_same_kind_of_back_end(tmp_path):
    checkpoint = random_checkpoint(preset("tiny"), seed=1)
    save_checkpoint(tmp_path / "g.safetensors", checkpoint)
    save_integer(tmp_path / "g_int.safetensors", quantise(checkpoint)[0])
    assert not is_integer(tmp_path / "g.safetensors") and is_integer(tmp_path / "g_int.safetensors")
    z = draw_z(4, 0)
    pictures = [
        open_checkpoint(tmp_path / name)(z) for name in ("g.safetensors", "g_int.safetensors")
    ]
    assert all(p.shape == (4, 3, 32, 32) and p.dtype == np.uint8 for p in pictures)
    assert psnr(*pictures) > 30


def test_a_network_with_binary_latents_is_sent_normal_ones_and_takes_their_signs(tmp_path):
    """From the float checkpoint by way of the integers to what a stream draws."""
    checkpoint = random_checkpoint(preset("tiny"), seed=1)
    checkpoint = replace(checkpoint, metadata={**checkpoint.metadata, "latents": "binary"})
    save_checkpoint(tmp_path / "g.safetensors", checkpoint)
    save_integer(tmp_path / "g_int.safetensors", quantise(checkpoint)[0])
    for name in ("g.safetensors", "g_int.safetensors"):
        render = open_checkpoint(tmp_path / name)
        z = collect(AvatarStream(render, 3, 20))
        assert len(z.unique()) > 40  # not signs
        drawn = fresh(render, 4, seed=0)
        assert np.array_equal(drawn.z, draw_z(4, 0))
        assert np.array_equal(render(binarise(drawn.z)), drawn.pixels)


@pytest.mark.parametrize("bits", [4, 8])
def test_the_fast_integers_are_the_golden_ones(bits):
    ig = random_integer(preset("tiny"), bits, (bits,) * 4)
    z = draw_z(40, 5)
    assert np.array_equal(IntegerRenderer(ig)(z), GoldenGenerator(ig).rgb(z))


@pytest.mark.parametrize("content", [None, b"", b"not a checkpoint"])
def test_a_file_of_another_kind_is_refused_by_name(tmp_path, content):
    path = tmp_path / "wrong.safetensors"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=r"wrong\.safetensors is not a checkpoint"):
        open_checkpoint(path)


def test_many_latents_are_drawn_in_parts_of_the_same_pixels(monkeypatch):
    z = draw_z(20, 5)
    whole = open_checkpoint(integer_file("tiny"))(z)
    monkeypatch.setattr(networks, "MOST_AT_ONCE", 8)
    np.testing.assert_array_equal(open_checkpoint(integer_file("tiny"))(z), whole)
