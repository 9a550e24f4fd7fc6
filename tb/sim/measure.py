# SPDX-License-Identifier: Apache-2.0
"""Cycles of a network, measured once: the one source of every rate that is printed anywhere.

Kept in the network's folder together with the digest of the RTL and the ROMs it was measured with,
so that a figure outlives neither the network nor the hardware that it belongs to.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from dcgan.core.files import write_atomically
from dcgan.core.latents import draw_z
from dcgan.hw.rom import MANIFEST
from dcgan.quant.golden import GoldenGenerator

from tb.lib.build import FILE_LIST, source_files
from tb.lib.network import Network, twin
from tb.sim.report import first_difference
from tb.sim.run import draw_fast

AVATARS, SEED = 64, 64
FILE = "measured.json"


@dataclass(frozen=True)
class Measurement:
    """Cycles of `avatars` random avatars back to back at full speed, every pixel compared."""

    network: str
    sources: str
    avatars: int
    seed: int
    cycles_per_avatar: float
    latency_cycles: int


def measured(network: Network) -> Measurement:
    """Cycles of `network`, exported; simulated now unless this RTL was measured with its ROMs.

    AssertionError if a pixel differs from the golden model.
    """
    content = hashlib.sha256()
    for file in [network.rom_dir / MANIFEST, *source_files([FILE_LIST], network.package)]:
        content.update(file.read_bytes())
    sources = content.hexdigest()
    return _earlier(network, sources) or _measure(network, sources)


def _earlier(network: Network, sources: str) -> Measurement | None:
    try:
        found = Measurement(**json.loads((network.folder / FILE).read_text()))
    except (OSError, ValueError, TypeError):
        return None
    same = (found.sources, found.avatars, found.seed) == (sources, AVATARS, SEED)
    return found if same else None


def _measure(network: Network, sources: str) -> Measurement:
    z = draw_z(AVATARS, SEED)
    frames = draw_fast(twin(network), z)
    difference = first_difference(frames.pixels, GoldenGenerator(network.integers).rgb(z))
    assert difference is None, difference
    found = Measurement(
        network.name,
        sources,
        AVATARS,
        SEED,
        round(frames.cycles_per_avatar, 1),
        frames.latency_cycles,
    )
    write_atomically(network.folder / FILE, json.dumps(asdict(found), indent=1) + "\n")
    return found
