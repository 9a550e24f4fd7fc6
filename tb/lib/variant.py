# SPDX-License-Identifier: Apache-2.0
"""The same network folded in another way: ROMs and shape package of its own under build/rom.

variant = export_variant("tiny", replace(default_folding(preset("tiny")), share_planes=False))
run_cocotb(top, __file__, simulator, sources=variant.sources, parameters=...variant.rom(...))
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from dcgan.hw.folding import Folding
from dcgan.hw.rom import PACKAGE, write_roms

from tb.lib.build import FILE_LIST, PACKAGE_LINE
from tb.lib.network import ROOT, locked, network


@dataclass(frozen=True)
class Variant:
    """A folder of ROMs with the shape package that belongs to them."""

    rom_dir: Path

    def rom(self, name: str) -> str:
        """Path of one ROM, as a parameter."""
        return str(self.rom_dir / name)

    @property
    def sources(self) -> tuple[str, ...]:
        """All of rtl/files.f with this package in the place of the committed one."""
        lines = (ROOT / FILE_LIST).read_text(encoding="utf-8").split()
        return str(self.rom_dir / PACKAGE), *(line for line in lines if line != PACKAGE_LINE)


def export_variant(name: str, folding: Folding) -> Variant:
    """Write the ROMs of network `name` for `folding`; equal foldings share a folder."""
    text = json.dumps(asdict(folding), sort_keys=True)
    folder = f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    rom_dir = ROOT / "build" / "rom" / folder
    with locked(rom_dir.with_suffix(".lock")):
        write_roms(network(name).integers, folding, rom_dir, rom_dir / PACKAGE)
    return Variant(rom_dir)
