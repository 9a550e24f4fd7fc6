# SPDX-License-Identifier: Apache-2.0
"""How robust are the fixed vectors v1 and v2? Norms, collisions, other draws, disturbed draws.

python model/robustness.py --checkpoint model/checkpoints/compact.safetensors
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from dcgan_cli.arguments import Parser, command, new_folder, seed, with_block

import torch
from dcgan.core.markdown import replace_block
from dcgan.core.network_files import float_file
from dcgan.experiments.robustness_report import run, tables


@command
def main(words: Sequence[str] | None = None) -> int:
    parser = Parser(description=__doc__)
    parser.add_argument(
        "--checkpoint",
        default="compact",
        metavar="NETWORK",
        help="preset or float checkpoint whose v is disturbed (%(default)s)",
    )
    parser.add_argument(
        "--out", type=new_folder, default=Path("build/robustness"), help="(%(default)s)"
    )
    parser.add_argument("--seed", type=seed(), default=0, help="(%(default)s)")
    parser.add_argument("--fresh", action="store_true", help="repeat trainings that are on disk")
    parser.add_argument(
        "--readme", type=with_block("robustness"), help="also renew the table in this file"
    )
    parser.add_argument("--quick", action="store_true", help="a try-out of a minute")
    arguments = parser.parse_args(words)
    torch.set_num_threads(1)
    result = run(
        float_file(arguments.checkpoint),
        arguments.out,
        arguments.quick,
        arguments.fresh,
        arguments.seed,
    )
    text = tables(result)
    if arguments.readme is not None:
        replace_block(arguments.readme, "robustness", text)
    print(text)
    print(f"\npictures and figures: {arguments.out}/robustness.png, .json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
