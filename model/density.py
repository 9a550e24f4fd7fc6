#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fine-tune one Generator to several densities: pictures against cycles.

python model/density.py --network runs/compact-0/checkpoint.safetensors --density 0.2 0.1 0.06
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from dcgan_cli.arguments import Parser, command, new_folder, real, whole, with_block

import torch
from dcgan.core.checkpoint import load_checkpoint
from dcgan.core.markdown import replace_block
from dcgan.core.network_files import float_file
from dcgan.core.progress import progress
from dcgan.experiments.density_curve import finish, point
from dcgan.experiments.evaluation_report import drawn_reference

BITS = (7, 8, 8, 8)


@command
def main(words: Sequence[str] | None = None) -> int:
    parser = Parser(description=__doc__)
    parser.add_argument("--network", default="compact", help="float checkpoint (%(default)s)")
    parser.add_argument("--density", type=real(0, 1, above=True), nargs="+", help="densities")
    parser.add_argument(
        "--finetune", type=whole(1, 1_000_000), default=3000, help="steps each (%(default)s)"
    )
    parser.add_argument(
        "--rate", type=real(0, 10, above=True), default=0.1, help="first step (%(default)s)"
    )
    parser.add_argument(
        "--samples", type=whole(10, 50_000), default=1000, help="avatars judged (%(default)s)"
    )
    parser.add_argument(
        "--out", type=new_folder, default=Path("build/density"), help="(%(default)s)"
    )
    parser.add_argument(
        "--readme", type=with_block("density"), help="also renew the table in this file"
    )
    arguments = parser.parse_args(words)
    torch.set_num_threads(1)
    densities = arguments.density or [0.2, 0.14, 0.1, 0.07]
    source = float_file(arguments.network)
    checkpoint, reference = load_checkpoint(source), drawn_reference(arguments.samples)
    points = []
    with progress("fine-tuning", len(densities) * arguments.finetune) as bar:
        for density in densities:
            setting = (density, BITS, arguments.finetune, arguments.rate)
            points.append(point(checkpoint, *setting, reference, arguments.samples, bar.advance))
    setting = {"network": source.name, "finetune": arguments.finetune, "rate": arguments.rate}
    text = finish(points, setting, arguments.out)
    if arguments.readme is not None:
        replace_block(arguments.readme, "density", text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
