# SPDX-License-Identifier: Apache-2.0
"""What a simulation showed: figures, the first pixel that differs, arrays, a picture."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
from dcgan.core.images import psnr
from dcgan.hw.cycle_model import useful_macs
from dcgan.hw.rom import MANIFEST
from dcgan.quant.golden import PLANES
from PIL import Image, ImageDraw, ImageFont

from tb.lib.network import ROOT, Network
from tb.sim.run import Frames

ENLARGEMENT, GAP, TITLE = 4, 6, 22
GROUPS_A_ROW = 2
MOST_SHOWN = 24
INK, PAPER = (225, 225, 225), (24, 24, 27)


def rom_problems(network: Network) -> list[str]:
    """One sentence for every generated file that is not what its manifest says."""
    manifest = json.loads((network.rom_dir / MANIFEST).read_text())
    problems = []
    for name, entry in manifest["files"].items():
        path = network.package if name == network.package.name else network.rom_dir / name
        found = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"
        if found != entry["sha256"]:
            shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
            problems.append(
                f"{shown} is not the exported file: sha256 {found[:12]}, manifest "
                f"{entry['sha256'][:12]}; `{manifest['command']}` restores it"
            )
    return problems


def first_difference(rtl: np.ndarray, golden: np.ndarray) -> str | None:
    """Name the first pixel that differs, and how many do; [N, 3, 32, 32] both."""
    places = np.argwhere(rtl != golden)
    if not len(places):
        return None
    first = tuple(places[0])
    avatar, plane, y, x = first
    return (
        f"avatar {avatar}, plane {PLANES[plane]}, y={y} x={x}: expected {golden[first]}, "
        f"got {rtl[first]} ({len(places)} of {rtl.size} pixels differ)"
    )


def figures(
    network: Network,
    simulator: str,
    frames: Frames,
    golden: np.ndarray,
    drawn: np.ndarray | None,
    seed: int,
) -> dict[str, Any]:
    """report.json: `drawn` is the float network's picture, None where there is none."""
    cycles = frames.cycles_per_avatar
    macs = useful_macs(network.integers.config)
    lanes, multipliers = network.folding.total_lanes, network.folding.total_multipliers
    return {
        "network": network.name,
        "simulator": simulator,
        "avatars": len(golden),
        "stalled_avatars": len(golden) - frames.full_speed,
        "seed": seed,
        "pixels_compared": golden.size,
        "mismatches": int((frames.pixels != golden).sum()),
        "psnr_float_db": None if drawn is None else round(psnr(golden, drawn), 2),
        "cycles_per_avatar": round(cycles, 1),
        "latency_cycles": frames.latency_cycles,
        "multipliers": multipliers,
        "lanes": lanes,
        "useful_macs_per_avatar": macs,
        "utilisation": round(macs / (lanes * cycles), 4),
        "macs_per_multiplier_cycle": round(macs / (multipliers * cycles), 4),
        "simulation_seconds": round(frames.seconds, 2),
    }


def picture(columns: dict[str, np.ndarray]) -> Image.Image:
    """Avatars side by side under their titles, e.g. float | golden | RTL; [N, 3, 32, 32] each."""
    side = 32 * ENLARGEMENT
    shown = min(MOST_SHOWN, *(len(avatars) for avatars in columns.values()))
    groups = min(GROUPS_A_ROW, shown)
    group_width = len(columns) * (side + GAP) + 2 * GAP
    rows = -(-shown // groups)
    sheet = Image.new("RGB", (groups * group_width - GAP, TITLE + rows * (side + GAP) + GAP), PAPER)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(14)
    for group in range(groups):
        for place, title in enumerate(columns):
            middle = GAP + group * group_width + place * (side + GAP) + side // 2
            pen.text((middle, TITLE // 2 + 1), title, INK, font=font, anchor="mm")
    for index in range(shown):
        row, group = divmod(index, groups)
        for place, avatars in enumerate(columns.values()):
            image = Image.fromarray(np.ascontiguousarray(avatars[index].transpose(1, 2, 0)))
            large = image.resize((side, side), Image.Resampling.NEAREST)
            left = GAP + group * group_width + place * (side + GAP)
            sheet.paste(large, (left, TITLE + row * (side + GAP)))
    return sheet
