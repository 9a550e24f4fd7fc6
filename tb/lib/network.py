# SPDX-License-Identifier: Apache-2.0
"""Networks as builds see them: integers, folding, ROM folder and shape package.

A network is named by a preset or by the path of an integer checkpoint, and may carry a folding:

    compact     runs/mine/checkpoint_int.safetensors     mine_int.safetensors::fold.json

Everything that is built of a network lies in a folder of its own, build/networks/<label>, whose
label holds a digest of the integers and of the folding: networks live side by side, and nothing
stale is ever taken for another one. The ROMs of `compact` alone are committed (rtl/rom). A preset
without trained integers (`paper`) gets random ones of seed 0 with live activations.
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

from dcgan.core.latents import draw_z
from dcgan.core.network_files import float_file, integer_file, is_file_name
from dcgan.core.shapes import PRESETS, preset
from dcgan.hw.folding import Folding, default_folding, load_folding
from dcgan.hw.folding_search import DEVICES, measure, smallest_folding, solve
from dcgan.hw.rom import MANIFEST, PACKAGE, render, write_roms
from dcgan.quant.int_generator import IntegerGenerator, load_integer
from dcgan.quant.random_network import random_integer

ROOT = Path(__file__).resolve().parents[2]
NETWORKS = ROOT / "build" / "networks"
COMMITTED = "compact"
NETWORK_VARIABLE = "DCGAN_NETWORK"
"""Environment variable that tells a cocotb module which network it was built with."""
WITH_FOLDING = "::"
FOLDED_FOR = "ecp5-85f"
FOLDING_LATENTS = 16


@dataclass(frozen=True)
class Network:
    """A network as the testbench sees it."""

    name: str  # label: of its folder below build/networks, and of reports
    integers: IntegerGenerator
    folding: Folding
    rom_dir: Path
    package: Path
    command: str  # what exports it, for banners
    source: str  # what `network` is called with: a preset, or the absolute path of a file
    trained: bool = True  # False: the integers are random
    float_path: Path | None = None  # the float network that it was quantised from, if it is there

    @property
    def folder(self) -> Path:
        """Where everything that is built of this network goes."""
        return NETWORKS / self.name

    def rom(self, name: str) -> str:
        """Path of one ROM file, as a parameter of a module."""
        return str(self.rom_dir / name)

    def stale(self) -> bool:
        """True if the ROMs on disk were exported from other integers, or not at all.

        A ROM file that was changed after its export is not stale: its manifest is still right.
        """
        manifest = self.rom_dir / MANIFEST
        fresh = render(self.integers, self.folding, self.command)[MANIFEST]
        return not manifest.is_file() or manifest.read_text(encoding="ascii") != fresh

    def export(self) -> Network:
        """Write ROMs and shape package unless they are there; returns the network itself.

        RuntimeError if the committed ROMs are stale: those are only written on purpose.
        """
        with locked(NETWORKS / f"{self.name}.lock"):
            if self.stale():
                if self.rom_dir.is_relative_to(ROOT / "rtl"):
                    raise RuntimeError(f"rtl/rom is older than its integers; run: {self.command}")
                write_roms(self.integers, self.folding, self.rom_dir, self.package, self.command)
        return self


def network_name(network: str | Path, folding: str | Path | None = None) -> str:
    """The one text that stands for a network with a folding of its own."""
    return f"{network}{WITH_FOLDING}{folding}" if folding else str(network)


@cache
def network(name: str) -> Network:
    """The network called `name`; ValueError if there is no such preset or file."""
    base, _, own_folding = name.partition(WITH_FOLDING)
    chosen = _from_file(Path(base)) if is_file_name(base) else _from_preset(base)
    return refolded(chosen, load_folding(own_folding)) if own_folding else chosen


def _from_preset(name: str) -> Network:
    config = preset(name)
    command = f"python model/export.py --network {name}"
    trained, folding = integer_file(name).is_file(), default_folding(config)
    if trained:
        integers = load_integer(integer_file(name))
    else:
        bits = tuple(fold.weight_bits for fold in folding.layers)
        integers, command = random_integer(config, 0, bits), f"{command} --random --seed 0"
    rom_dir = NETWORKS / name / "rom"
    package = rom_dir / PACKAGE
    if name == COMMITTED:
        rom_dir, package = ROOT / "rtl" / "rom", ROOT / "rtl" / "dcgan" / PACKAGE
    path = float_file(name) if trained and float_file(name).is_file() else None
    return Network(name, integers, folding, rom_dir, package, command, name, trained, path)


def _from_file(path: Path) -> Network:
    integers = load_integer(path)
    folding = usual_folding(integers)
    label = f"{label_stem(path)}-{digest(integers, folding)}"
    rom_dir = NETWORKS / label / "rom"
    command = f"python model/export.py --network {path.name}"
    sibling = path.with_name(path.name.replace("_int.safetensors", ".safetensors"))
    found = sibling if sibling != path and sibling.is_file() else None
    package, source = rom_dir / PACKAGE, str(path.resolve())
    return Network(label, integers, folding, rom_dir, package, command, source, True, found)


def hardware(chosen: Network) -> Network:
    """The preset with the hardware of `chosen`, if there is one: of the same shape and folding.

    Networks of one hardware differ in ROM contents alone.
    """
    for config in PRESETS.values():
        same = config.channels == chosen.integers.config.channels
        if same and chosen.folding == default_folding(config):
            return network(config.name)
    return chosen


def label_stem(path: Path) -> str:
    """The part of a label that people read: the name of the file, or of the run it lies in."""
    stem = path.name.removesuffix(".safetensors")
    if stem.removesuffix("_int") == "checkpoint":
        stem = path.resolve().parent.name
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in stem)
    return kept.strip(".")[:40] or "network"


def usual_folding(integers: IntegerGenerator) -> Folding:
    """The shipped folding where a preset has the same shape, else the fastest one for ECP5-85F."""
    for config in PRESETS.values():
        if config.channels == integers.config.channels:
            return default_folding(config)
    planes = measure(integers, draw_z(FOLDING_LATENTS, 1))
    base = smallest_folding(DEVICES[FOLDED_FOR], integers.weight_bits)
    return solve(integers, planes, DEVICES[FOLDED_FOR], base).folding


def digest(integers: IntegerGenerator, folding: Folding) -> str:
    """Eight digits that change with any integer and with the folding."""
    parts = [*integers.weights, *integers.biases, integers.v1, integers.v2, integers.tanh_table]
    facts = [
        integers.config.name,
        integers.shifts,
        integers.weight_bits,
        integers.activation_max,
        integers.latents,
        asdict(folding),
    ]
    digests = [hashlib.sha256(part.tobytes()).digest() for part in parts]
    digests.append(json.dumps(facts, sort_keys=True).encode())
    return hashlib.sha256(b"".join(digests)).hexdigest()[:8]


def changed(base: Network, integers: IntegerGenerator, folding: Folding) -> Network:
    """`base` with other integers or another folding, in a folder of its own; exported."""
    folding.check(integers.config)
    label = f"{base.name}-{digest(integers, folding)}"
    rom_dir = NETWORKS / label / "rom"
    return replace(
        base,
        name=label,
        integers=integers,
        folding=folding,
        rom_dir=rom_dir,
        package=rom_dir / PACKAGE,
        command=f"{base.command} as {label}",
    ).export()


def refolded(base: Network, folding: Folding) -> Network:
    """The same network with another folding, exported.

    Parallelism, skipping, sharing and packing change cycles and multipliers, never a pixel.
    """
    return base if folding == base.folding else changed(base, base.integers, folding)


def variant(name: str, **changes: object) -> Network:
    """The network called `name` with fields of its folding changed, exported."""
    base = network(name)
    return refolded(base, replace(base.folding, **changes))


def twin(base: Network) -> Network:
    """The network with one behavioural multiplier a lane: the same pixels and cycles, simulated
    several times faster (tb/arith_mult_pair proves the packed multipliers equal to it)."""
    return refolded(base, replace(base.folding, packing="none"))


@cache
def exported(name: str) -> Network:
    """The network called `name` with ROMs on disk that belong to it."""
    return network(name).export()


def under_test() -> Network:
    """Inside a simulation: the network of the device; of a variant, with the usual folding."""
    return network(os.environ[NETWORK_VARIABLE])


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a file lock: parallel pytest processes share build folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
