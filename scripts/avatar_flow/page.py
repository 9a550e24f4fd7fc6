# SPDX-License-Identifier: Apache-2.0
"""The page of results, index.md: pictures first, then figures, then the commands that made them."""

from __future__ import annotations

import json
from pathlib import Path

from dcgan.core.files import write_atomically
from dcgan.core.markdown import table

from avatar_flow.steps import records
from avatar_flow.way import Wanted

PAGE = "index.md"
PICTURES = (
    ("avatars.png", "Fresh avatars, nothing selected"),
    ("attributes.png", "Attributes that were found or given, each with its values"),
    ("figure7.png", "From one avatar to another (three strips)"),
    ("novelty.png", "Avatars beside the nearest training images"),
    ("simulation/avatars.png", "Float network, integer model, simulated hardware"),
    ("evaluation/evaluation.png", "Metrics beside those of real images"),
    ("board/utilisation.png", "The chip"),
)
SCORES = ("frechet", "precision", "recall", "coverage", "copies")


def write_page(wanted: Wanted) -> Path:
    """Write index.md from what lies in the folder of results; returns its path."""
    out = wanted.out
    parts = [f"# Avatars learnt from {wanted.data.name}"]
    for name, title in PICTURES:
        if (out / name).is_file():
            parts.append(f"## {title}\n![{title}]({name})")
    rows = [*_simulation(out), *_evaluation(out), *_board(out)]
    if rows:
        parts.append("## Figures\n" + table(["figure", "value"], rows))
    typed = [r["command"] for r in records(out).values() if "command" in r]
    parts.append("## How it was made\n```\n" + "\n".join(typed) + "\n```")
    parts.append(
        "`network_int.safetensors` is the network: every verb takes it, "
        "`make sim NETWORK=.../network_int.safetensors` for example."
    )
    write_atomically(out / PAGE, "\n\n".join(parts) + "\n")
    return out / PAGE


def _read(path: Path) -> dict:
    return json.loads(path.read_text()) if path.is_file() else {}


def _simulation(out: Path) -> list[list]:
    found = _read(out / "simulation" / "report.json")
    if not found:
        return []
    psnr = found["psnr_float_db"]
    return [
        ["pixels that differ from the integer model", found["mismatches"]],
        ["pixels compared", f"{found['pixels_compared']:,}"],
        ["integers against float, dB", "-" if psnr is None else f"{psnr:.1f}"],
        ["cycles an avatar", f"{found['cycles_per_avatar']:,.0f}"],
        ["latency, cycles", f"{found['latency_cycles']:,}"],
        ["multipliers", found["multipliers"]],
    ]


def _evaluation(out: Path) -> list[list]:
    found = _read(out / "evaluation" / "evaluation.json")
    scores = found.get("scores", {})
    return [[name, f"{scores[name]['mean']:.3f}"] for name in SCORES if name in scores]


def _board(out: Path) -> list[list]:
    found = _read(out / "board" / "report.json")
    if "fmax_mhz" not in found:
        return []
    return [
        ["clock, post-route estimate, MHz", f"{found['fmax_mhz']:.1f}"],
        ["avatars a second at the clock asked for", f"{found['avatars_per_second']:,.0f}"],
        ["block RAMs", f"{found['ebr']} of {found['ebr_available']}"],
        ["look-up tables", f"{found['lut4']:,} of {found['lut4_available']:,}"],
    ]
