# SPDX-License-Identifier: Apache-2.0
"""What every layer does in every cycle of two avatars, from rest: simulated, and drawn as SVG.

    python -m tb.bench.timeline               build/bench/timeline.svg

A layer works; or it meets a pixel without activations; or it holds a pass back until the results of
the one before have left (drain); or it has nothing to read, or no room to write (rows).
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import cocotb
import numpy as np
from cocotb.triggers import RisingEdge
from dcgan.core.files import write_atomically
from dcgan.core.latents import draw_z

from tb.lib.build import run_cocotb
from tb.lib.network import ROOT, exported, twin
from tb.lib.stream import StreamSink, StreamSource, start

NETWORK, SEED = "compact", 64
AVATARS, BEHIND = 2, 2
"""How many are shown, and how many follow them into the pipeline."""
STATES = {"works": "#4c8bf5", "empty pixel": "#a9c7fb", "waits for drain": "#e4572e"}
STATES |= {"waits for rows": "#d5dae0"}
LANES = ("layer 1", "layer 2", "layer 3", "layer 4", "pixels")
BIN = 100
"""Cycles that one column of the picture stands for."""
FOLDER_VARIABLE = "TIMELINE_FOLDER"


@cocotb.test()
async def the_states_of_every_cycle(dut):
    source, _ = StreamSource(dut, "z"), StreamSink(dut, "pixel")
    for vector in draw_z(AVATARS + BEHIND, SEED):
        source.enqueue((int(e), int(k == len(vector) - 1)) for k, e in enumerate(vector))
    digits = dut.u_layer1.u_project.u_digits
    engines = [getattr(dut, f"u_layer{n}").u_convt for n in (2, 3, 4)]
    rows: list[list[int]] = []
    ends: list[int] = []
    await start(dut)
    while len(ends) < AVATARS:
        await RisingEdge(dut.clk_i)
        if not rows and not (dut.z_valid_i.value == 1 and dut.z_ready_o.value == 1):
            continue
        row = [0 if digits.beat_valid_o.value == 1 else 3]
        for engine in engines:
            if engine.beat_valid.value == 1:
                row.append(0 if engine.active_o.value == 1 else 1)
            else:
                row.append(2 if engine.u_reader.valid_q.value == 1 else 3)
        moved = dut.pixel_valid_o.value == 1 and dut.pixel_ready_i.value == 1
        rows.append([*row, 0 if moved else 3])
        if moved and dut.pixel_last_o.value == 1 and dut.pixel_user_o.value == 2:
            ends.append(len(rows))
    path = Path(os.environ[FOLDER_VARIABLE]) / "timeline.json"
    path.write_text(json.dumps({"states": rows, "ends": ends}))


def recorded() -> tuple[np.ndarray, list[int]]:
    """(state of each layer in each cycle [cycles, 5], cycles of the last pixels)."""
    chosen = twin(exported(NETWORK))
    with tempfile.TemporaryDirectory() as folder:
        run_cocotb(
            "dcgan_generator",
            __file__,
            "verilator",
            network=chosen,
            parameters={"RomDir": str(chosen.rom_dir)},
            environment={FOLDER_VARIABLE: folder},
            optimise=True,
        )
        found = json.loads((Path(folder) / "timeline.json").read_text())
    return np.array(found["states"]), found["ends"]


def picture(states: np.ndarray, ends: list[int]) -> str:
    """SVG: a band for each layer, a column for every BIN cycles, the states stacked in it."""
    left, top, wide, high, gap = 70, 34, 5, 44, 10
    columns = -(-len(states) // BIN)
    width, height = left + columns * wide + 20, top + len(LANES) * (high + gap) + 46
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for n, (name, colour) in enumerate(STATES.items()):
        x = left + n * 130
        parts.append(f'<rect x="{x}" y="8" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{x + 17}" y="18">{name}</text>')
    for layer, name in enumerate(LANES):
        y0 = top + layer * (high + gap)
        parts.append(f'<text x="8" y="{y0 + high / 2 + 4:g}">{name}</text>')
        runs: dict[int, list[str]] = {n: [] for n in range(len(STATES))}
        for column in range(columns):
            part = states[column * BIN : (column + 1) * BIN, layer]
            counts = np.bincount(part, minlength=len(STATES)) / len(part)
            below = np.concatenate([[0.0], np.cumsum(counts)])
            for state, share in enumerate(counts):
                if share:
                    y = y0 + high * (1 - below[state + 1])
                    x = left + column * wide
                    runs[state].append(f"M{x} {y:.1f}h{wide}v{high * share:.1f}h-{wide}z")
        for colour, shapes in zip(STATES.values(), runs.values(), strict=True):
            parts.append(f'<path fill="{colour}" d="{"".join(shapes)}"/>')
        busy = (states[ends[0] : ends[1], layer] == 0).mean()
        parts.append(f'<text x="8" y="{y0 + high / 2 + 19:g}" fill="#666">{busy:.0%}</text>')
    base = top + len(LANES) * (high + gap)
    for cycle in range(0, len(states), 2000):
        x = left + cycle / BIN * wide
        parts.append(f'<path stroke="#888" d="M{x:g} {base}v5"/>')
        parts.append(f'<text x="{x:g}" y="{base + 18}" text-anchor="middle">{cycle:,}</text>')
    for end in ends:
        x = left + end / BIN * wide
        parts.append(f'<path stroke="black" stroke-dasharray="4 3" d="M{x:g} {top - 4}V{base}"/>')
    parts.append(
        f'<text x="{left}" y="{base + 36}">cycles from the first byte of z; dashed: last pixels of '
        f"avatars ({ends[0]:,}, then {ends[1] - ends[0]:,} later); per cent: at work between them"
        "</text>"
    )
    return "\n".join([*parts, "</svg>"]) + "\n"


def write(out: Path) -> None:
    """timeline.svg, whole or not at all."""
    out.mkdir(parents=True, exist_ok=True)
    write_atomically(out / "timeline.svg", picture(*recorded()).encode())


if __name__ == "__main__":
    write(ROOT / "build" / "bench")
