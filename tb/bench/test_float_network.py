# SPDX-License-Identifier: Apache-2.0
"""The float network draws the same planes in every way that the benchmark times."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from dcgan.core.checkpoint import load_checkpoint
from dcgan.core.latents import draw_z, to_float
from dcgan.core.network_files import shipped

from tb.bench.float_network import BY

WAYS = [pytest.param(way, marks=pytest.mark.slow if "compile" in way else ()) for way in BY]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("batch", [1, 3])
def test_every_way_draws_the_planes_of_the_checkpoint(way, batch):
    path = shipped("checkpoints") / "tiny.safetensors"
    checkpoint, z = load_checkpoint(path), to_float(draw_z(batch, 1))
    want = checkpoint.generator().rgb(torch.from_numpy(z), checkpoint.v1, checkpoint.v2)
    assert np.abs(BY[way](path)(z) - want.detach().numpy()).max() < 1e-4
