# SPDX-License-Identifier: Apache-2.0
"""Which commands lead from sprites to avatars in hardware.

DATA --train--> run/checkpoint --quantize--> network_int --simulate--> every pixel compared
                                    |--generate--> avatars, interpolations, novelty
                                    |--evaluate--> metrics on held-out sprites
                                    '--synth-----> bitstream, if a board is named
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from dcgan.quant.int_generator import load_integer

from avatar_flow.steps import Step

SHOWN = 48
COMPARED = 16
JUDGED = 500


@dataclass(frozen=True)
class Wanted:
    """What the user asked for."""

    data: Path
    out: Path
    network: str = "compact"
    iterations: int = 4000
    seed: int = 0
    density: float = 0.25
    finetune: int = 1500
    simulator: str = "verilator"
    board: str = ""
    chip: str = ""
    data_options: Sequence[str] = ()

    @property
    def integers(self) -> Path:
        """The integer checkpoint."""
        return self.out / "network_int.safetensors"


def steps(wanted: Wanted) -> list[Step]:
    """The commands in order."""
    run, integers, out = wanted.out / "run", wanted.integers, wanted.out
    has_codes = partial(_has_codes, integers)
    data = ["--data", wanted.data, *wanted.data_options]
    return [
        Step(
            "train",
            [
                "model/train.py",
                *data,
                *("--network", wanted.network, "--out", run, "--seed", str(wanted.seed)),
                *("--iterations", str(wanted.iterations), "--schedule", str(wanted.iterations)),
            ],
            inputs=[wanted.data],
            outputs=[run / "checkpoint.safetensors", run / "images.npy"],
            resumed=["model/train.py", "--resume", run],
            partial=run / "state.pt",
        ),
        Step(
            "quantize",
            [
                *("model/quantize.py", "--network", run / "checkpoint.safetensors"),
                *("--finetune", str(wanted.finetune), "--density", str(wanted.density)),
                *("--float", out / "network.safetensors", "--out", integers),
            ],
            inputs=[run / "checkpoint.safetensors"],
            outputs=[integers, out / "network.safetensors"],
        ),
        _generate(wanted, "avatars", ["--count", str(SHOWN)]),
        _generate(wanted, "attributes", ["--figure", "attributes"], needed=has_codes),
        _generate(wanted, "figure7", ["--figure", "7"]),
        _generate(wanted, "novelty", ["--figure", "novelty", "--data", run / "images.npy"]),
        Step(
            "evaluate",
            [
                *("model/evaluate.py", integers, "--data", run / "images.npy"),
                *("--samples", str(JUDGED), "--out", out / "evaluation"),
            ],
            inputs=[integers],
            outputs=[out / "evaluation" / "evaluation.json"],
        ),
        Step(
            "simulate",
            [
                *("scripts/simulate.py", "--network", integers),
                *("--simulator", wanted.simulator, "--avatars", str(COMPARED)),
                *("--out", out / "simulation"),
            ],
            inputs=[integers],
            outputs=[out / "simulation" / "report.json"],
        ),
        *([_synth(wanted)] if wanted.board else []),
    ]


def _has_codes(integers: Path) -> bool:
    return bool(load_integer(integers).about.get("attribute_order"))


def _generate(wanted: Wanted, name: str, words: list, **more: Any) -> Step:
    picture = wanted.out / f"{name}.png"
    return Step(
        name,
        ["model/generate.py", "--network", wanted.integers, *words, "--out", wanted.out / name],
        inputs=[wanted.integers],
        outputs=[picture],
        **more,
    )


def _synth(wanted: Wanted) -> Step:
    """Place and route, or seconds where the preset's design was routed before."""
    chip = ["--chip", wanted.chip] if wanted.chip else []
    out = wanted.out / "board"
    return Step(
        "synth",
        ["scripts/synth.py", wanted.board, "--network", wanted.integers, *chip, "--out", out],
        inputs=[wanted.integers],
        outputs=[out / "report.json"],
    )
