# SPDX-License-Identifier: Apache-2.0
"""Cycles of a network, measured once: the one source of every rate that is printed anywhere.

Kept in build/measured/<network>.json together with the digest of the ROMs it was measured with, so
that a figure never outlives the network that it belongs to.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from dcgan.core.files import write_atomically
from dcgan.core.latents import draw_z
from dcgan.hw.rom import MANIFEST
from dcgan.quant.golden import GoldenGenerator

from tb.lib.network import ROOT, Network, exported
from tb.sim.report import first_difference
from tb.sim.run import draw_fast

AVATARS, SEED = 64, 64
FOLDER = ROOT / "build" / "measured"


@dataclass(frozen=True)
class Measurement:
    """Cycles of `avatars` random avatars back to back at full speed, every pixel compared."""

    network: str
    roms: str
    avatars: int
    seed: int
    cycles_per_avatar: float
    latency_cycles: int


def measured(name: str) -> Measurement:
    """Cycles of the network called `name`; simulated now unless its ROMs were measured before.

    AssertionError if a pixel differs from the golden model.
    """
    network = exported(name)
    roms = hashlib.sha256((network.rom_dir / MANIFEST).read_bytes()).hexdigest()
    return _earlier(name, roms) or _measure(network, roms)


def _earlier(name: str, roms: str) -> Measurement | None:
    try:
        found = Measurement(**json.loads((FOLDER / f"{name}.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None
    same = (found.roms, found.avatars, found.seed) == (roms, AVATARS, SEED)
    return found if same else None


def _measure(network: Network, roms: str) -> Measurement:
    z = draw_z(AVATARS, SEED, network.integers.latents)
    frames = draw_fast(network.name, z, folder=FOLDER / network.name)
    difference = first_difference(frames.pixels, GoldenGenerator(network.integers).rgb(z))
    assert difference is None, difference
    found = Measurement(
        network.name,
        roms,
        AVATARS,
        SEED,
        round(frames.cycles_per_avatar, 1),
        frames.latency_cycles,
    )
    write_atomically(FOLDER / f"{network.name}.json", json.dumps(asdict(found), indent=1) + "\n")
    return found
