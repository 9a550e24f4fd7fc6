# SPDX-License-Identifier: Apache-2.0
"""Which network a build contains: its integers, ROM folder and shape package.

`compact` is the committed one (rtl/rom, rtl/dcgan/dcgan_shape_pkg.sv); every other network is
exported to build/rom/<network> when it is first needed. A preset without trained integers in
model/checkpoints (`paper`, for example) gets random ones of seed 0 with live activations.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

from dcgan.core.network_files import integer_file
from dcgan.core.shapes import preset
from dcgan.hw.folding import Folding, default_folding
from dcgan.hw.rom import MANIFEST, PACKAGE, render, write_roms
from dcgan.quant.int_generator import IntegerGenerator, load_integer
from dcgan.quant.random_network import random_integer

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = "compact"
NETWORK_VARIABLE = "DCGAN_NETWORK"
"""Environment variable that tells a cocotb module which network it was built with."""


@dataclass(frozen=True)
class Network:
    """A network as the testbench sees it."""

    name: str
    integers: IntegerGenerator
    folding: Folding
    rom_dir: Path
    package: Path
    command: str

    @property
    def trained(self) -> bool:
        """False where the integers are random."""
        return "--random" not in self.command

    def rom(self, name: str) -> str:
        """Path of one ROM, as a parameter."""
        return str(self.rom_dir / name)

    def stale(self) -> bool:
        """True if the ROMs on disk were exported from other integers, or not at all.

        A ROM file that was changed after its export is not stale: its manifest is still right.
        """
        manifest = self.rom_dir / MANIFEST
        fresh = render(self.integers, self.folding, self.command)[MANIFEST]
        return not manifest.is_file() or manifest.read_text(encoding="ascii") != fresh

    def export(self) -> None:
        """Write ROMs and shape package."""
        write_roms(self.integers, self.folding, self.rom_dir, self.package, self.command)


@cache
def network(name: str) -> Network:
    """The network called `name`; ValueError if there is no such preset."""
    config = preset(name)
    command = f"python model/export.py --network {name}"
    trained = integer_file(name)
    if trained.is_file():
        integers = load_integer(trained)
    else:
        integers, command = random_integer(config, seed=0), f"{command} --random --seed 0"
    rom_dir = ROOT / "build" / "rom" / name
    package = rom_dir / PACKAGE
    if name == COMMITTED and trained.is_file():
        rom_dir, package = ROOT / "rtl" / "rom", ROOT / "rtl" / "dcgan" / PACKAGE
    return Network(name, integers, default_folding(config), rom_dir, package, command)


def variant(name: str, **changes: object) -> Network:
    """The network `name` with another folding (fields of Folding), exported under build/rom.

    Parallelism, skipping, sharing and packing change cycles and multipliers, never a pixel.
    Equal foldings share a folder, which is named after their contents.
    """
    base = network(name)
    folding = replace(base.folding, **changes)
    folding.check(base.integers.config)
    text = json.dumps(asdict(folding), sort_keys=True)
    label = f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    rom_dir = ROOT / "build" / "rom" / label
    chosen = replace(
        base,
        name=label,
        folding=folding,
        rom_dir=rom_dir,
        package=rom_dir / PACKAGE,
        command=f"{base.command} as {label}",
    )
    with locked(rom_dir.with_suffix(".lock")):
        if chosen.stale():
            chosen.export()
    return chosen


def twin(name: str) -> Network:
    """The network with one behavioural multiplier a lane: the same pixels and cycles, simulated
    several times faster (tb/arith_mult_pair proves the packed multipliers equal to it)."""
    return variant(name, packing="none")


@cache
def exported(name: str) -> Network:
    """The network with ROMs on disk that belong to it; exports them under build/ if need be.

    RuntimeError if the committed ROMs are stale: those are only written on purpose.
    """
    chosen = network(name)
    with locked(ROOT / "build" / "rom" / f"{name}.lock"):
        if chosen.stale():
            if chosen.rom_dir.is_relative_to(ROOT / "rtl"):
                raise RuntimeError(f"rtl/rom is older than its integers; run: {chosen.command}")
            chosen.export()
    return chosen


def under_test() -> Network:
    """Inside a simulation: the network of the device; of a variant, with the usual folding."""
    return network(os.environ[NETWORK_VARIABLE])


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold `path` as a lock, so that parallel test processes do not build into one folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
