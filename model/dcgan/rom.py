# SPDX-License-Identifier: Apache-2.0
"""ROM contents and the shape package: the only way numbers travel from Python to SystemVerilog.

Rendering is pure (integers and a folding in, text out); writing and checking are below it.
model/README.md holds the address rules as tables; model/tests/test_rom.py reads the files back
through rules written a second time.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .config import SIDES
from .folding import PACKINGS, Folding
from .integer import LAYER_NUMBERS, IntegerGenerator
from .latent import LATENT
from .shape_package import render_package

MANIFEST = "manifest.json"
PACKAGE = "dcgan_shape_pkg.sv"
BLOCK_DEPTH = 512  # words of a block RAM at its widest
V_BLOCK = 128  # v1 and v2 start at multiples of this many words


@dataclass(frozen=True)
class Rom:
    """One ROM: values [words, lanes], each lane `lane_width` bits, two's complement."""

    values: np.ndarray
    lane_width: int
    meaning: str

    @property
    def width(self) -> int:
        """Bits a word."""
        return self.values.shape[1] * self.lane_width


def layer1_words(weight: np.ndarray, couts: int) -> np.ndarray:
    """W1 [100, C1, 4, 4] -> [16 * C1/couts * 100, couts]; address (pixel, fold, k)."""
    latent, channels = weight.shape[:2]
    split = weight.reshape(latent, channels // couts, couts, 16)  # k, fold, lane, pixel
    return split.transpose(3, 1, 0, 2).reshape(-1, couts)


def side_by_side(words: np.ndarray, depth: int = BLOCK_DEPTH) -> np.ndarray:
    """[words, lanes] -> [rows, banks * lanes], at most `depth` rows: word n is bank n mod banks.

    As deep as one block RAM, so that no multiplexer comes before its output register.
    """
    count, lanes = words.shape
    banks = -(-count // depth)
    rows = -(-count // banks)
    padded = np.zeros((rows * banks, lanes), dtype=words.dtype)
    padded[:count] = words
    return padded.reshape(rows, banks * lanes)


def layer_words(weight: np.ndarray, fold) -> np.ndarray:
    """W [Cin, Cout, 4, 4] of layers 2..4 -> [words, lanes].

    Address (pyf, pxf, cf, dy, dx, c), lane (w, pr, pc, co). Output phase (py, px) of the 2x2
    block and input pixel (dy, dx) of its window meet at tap ky = 2 - 2 dy + py, kx likewise.
    With two windows the lane, not the address, says on which side of the window the pixel is.
    """
    cout = weight.shape[1]
    words = []
    for py_fold in range(2 // fold.phase_rows):
        for px_fold in range(2 // fold.phase_cols):
            for first in range(0, cout, fold.couts):
                for dy in (0, 1):
                    for dx in (0, 1) if fold.windows == 1 else (None,):
                        lanes = [
                            weight[
                                :, first : first + fold.couts, 2 - 2 * dy + py, 2 - 2 * side + px
                            ]
                            for side in ((dx,) if fold.windows == 1 else (1, 0))
                            for py in _phases(py_fold, fold.phase_rows)
                            for px in _phases(px_fold, fold.phase_cols)
                        ]
                        words.append(np.concatenate(lanes, axis=1))  # [Cin, lanes]
    return np.concatenate(words, axis=0).reshape(-1, fold.lanes)


def _phases(fold: int, parallel: int) -> range:
    return range(fold * parallel, (fold + 1) * parallel)


def build_roms(ig: IntegerGenerator, folding: Folding) -> dict[str, Rom]:
    """Every ROM by file name."""
    folding.check(ig.config)
    roms: dict[str, Rom] = {}
    for layer in LAYER_NUMBERS:
        weight, bias, bits = ig.layer(layer)
        fold = folding.layer(layer)
        if layer == 1:
            words = side_by_side(layer1_words(weight, fold.couts))
            rule = "row; word row * banks + bank = pixel, fold, k"
        else:
            words = layer_words(weight, fold)
            rule = "py fold, px fold, cout fold, dy, dx, cin"
        roms[f"layer{layer}.hex"] = Rom(words, bits, f"weights; address: {rule}")
        roms[f"layer{layer}_bias.hex"] = Rom(
            bias.reshape(-1, fold.couts), ig.acc_width(layer), "biases; address: cout fold"
        )
    v = ig.plane_offsets()[1:]  # [2, 100]
    moved = np.tensordot(v, ig.weights[0].astype(np.int64), axes=(1, 0))  # [2, C1, 4, 4]
    by_pixel = moved.reshape(2, -1, 16).transpose(0, 2, 1)  # plane, pixel, channel
    roms["offset.hex"] = Rom(
        by_pixel.reshape(-1, 1), ig.acc_width(1), "sum over k of W1 * v; address: plane, pixel, c"
    )
    blocks = np.zeros((2, V_BLOCK), dtype=np.int64)
    blocks[:, :LATENT] = v
    roms["v.hex"] = Rom(blocks.reshape(-1, 1), 8, "v1, v2; address: plane, k in blocks of 128")
    roms["tanh.hex"] = Rom(ig.tanh_table.reshape(-1, 1), 8, "pixels; address: tanh index")
    return roms


def hex_lines(rom: Rom) -> Iterator[str]:
    """One lowercase hexadecimal word a line; lane l occupies bits [l*W +: W]."""
    words = len(rom.values)
    digits = -(-rom.width // 4)
    place = np.arange(rom.lane_width)
    for start in range(0, words, 4096):  # the paper preset has words of 64 Mbit in all
        block = rom.values[start : start + 4096].astype(np.int64)
        bits = ((block[:, :, None] >> place) & 1).astype(np.uint8).reshape(len(block), -1)
        padded = np.zeros((len(block), digits * 4), dtype=np.uint8)
        padded[:, : bits.shape[1]] = bits
        nibbles = padded.reshape(len(block), digits, 4) @ np.array([1, 2, 4, 8], dtype=np.uint8)
        for row in np.frombuffer(b"0123456789abcdef", dtype=np.uint8)[nibbles[:, ::-1]]:
            yield row.tobytes().decode()


def render(ig: IntegerGenerator, folding: Folding, command: str) -> dict[str, str]:
    """File name -> text of everything generated: ROMs, shape package, manifest."""
    roms = build_roms(ig, folding)
    texts = {}
    for name, rom in roms.items():
        banner = f"// GENERATED by {command} -- do not edit"
        texts[name] = "\n".join([banner, *hex_lines(rom)]) + "\n"
    texts[PACKAGE] = render_package(ig, folding, command)
    formats = {
        name: {
            "words": len(rom.values),
            "width": rom.width,
            "lanes": rom.values.shape[1],
            "lane_width": rom.lane_width,
            "meaning": rom.meaning,
        }
        for name, rom in roms.items()
    }
    texts[MANIFEST] = _manifest(ig, folding, command, texts, formats)
    return texts


def _manifest(ig, folding: Folding, command: str, texts: dict[str, str], formats: dict) -> str:
    manifest = {
        "command": command,
        "network": ig.config.name,
        "channels": list(ig.config.channels),
        "sides": list(SIDES),
        "weight_bits": list(ig.weight_bits),
        "shifts": list(ig.shifts),
        "acc_widths": [ig.acc_width(layer) for layer in LAYER_NUMBERS],
        "acc_bounds": [ig.acc_bound(layer) for layer in LAYER_NUMBERS],
        "activation_max": ig.activation_max,
        "tanh_index_bits": ig.tanh_index_bits,
        "folding": {
            "layers": [vars(fold) for fold in folding.layers],
            "skip_zeros": folding.skip_zeros,
            "share_planes": folding.share_planes,
            "packing": folding.packing,
            "packing_value": PACKINGS.index(folding.packing),
            "lanes": folding.total_lanes,
            "multipliers": folding.total_multipliers,
        },
        "files": {
            name: {"sha256": hashlib.sha256(text.encode()).hexdigest(), **formats.get(name, {})}
            for name, text in sorted(texts.items())
        },
    }
    return json.dumps(manifest, indent=2) + "\n"


def write_roms(
    ig: IntegerGenerator,
    folding: Folding,
    rom_dir: str | os.PathLike,
    package_path: str | os.PathLike,
    command: str = "python model/export.py",
) -> dict:
    """Write ROMs and manifest into rom_dir and the shape package to package_path.

    All files are rendered and written beside their place first, then renamed, the manifest last:
    an interrupted export leaves the old manifest, which check_roms then finds to disagree.
    Returns the manifest.
    """
    texts = render(ig, folding, command)
    places = _places(texts, Path(rom_dir), Path(package_path))
    staged: list[tuple[str, Path]] = []
    try:
        for name, place in places.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            handle, partial = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
            staged.append((partial, place))
            with os.fdopen(handle, "w", encoding="ascii", newline="\n") as file:
                file.write(texts[name])
            os.chmod(partial, 0o644)
        while staged:
            os.replace(*staged[0])
            staged.pop(0)
    finally:
        for partial, _ in staged:
            Path(partial).unlink(missing_ok=True)
    for stale in set(Path(rom_dir).glob("*.hex")) - set(places.values()):
        stale.unlink()
    return json.loads(texts[MANIFEST])


def check_roms(
    ig: IntegerGenerator,
    folding: Folding,
    rom_dir: str | os.PathLike,
    package_path: str | os.PathLike,
    command: str = "python model/export.py",
) -> list[str]:
    """What on disk differs from a fresh rendering: one sentence a file, empty when all is equal."""
    texts = render(ig, folding, command)
    places = _places(texts, Path(rom_dir), Path(package_path))
    problems = []
    for name, place in places.items():
        if not place.is_file():
            problems.append(f"{place} is missing")
        elif (found := place.read_bytes()) != texts[name].encode():
            problems.append(f"{place} differs {_first_difference(found, texts[name].encode())}")
    extra = set(Path(rom_dir).glob("*.hex")) - set(places.values())
    problems += [f"{path} is not generated from this network" for path in sorted(extra)]
    return problems


def _places(texts: dict[str, str], rom_dir: Path, package_path: Path) -> dict[str, Path]:
    """Where each file goes, the manifest last."""
    places = {name: rom_dir / name for name in texts if name not in (PACKAGE, MANIFEST)}
    return {**places, PACKAGE: package_path, MANIFEST: rom_dir / MANIFEST}


def _first_difference(found: bytes, expected: bytes) -> str:
    pairs = zip(found.splitlines(), expected.splitlines(), strict=False)
    for number, (have, want) in enumerate(pairs, start=1):
        if have != want:
            return f"from what model/export.py writes, first in line {number}"
    return "in length from what model/export.py writes"
