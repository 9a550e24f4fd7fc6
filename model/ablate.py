# SPDX-License-Identifier: Apache-2.0
"""What each part of the recipe is worth, one changed at a time, and what zeros cost.

python model/ablate.py                                 # build/ablation/ablation.{png,json}
python model/ablate.py --seeds 0 --iterations 200      # a try-out

Each training is a run folder below --out. Ctrl-C stops; the same command goes on.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from dcgan_cli.arguments import INTERRUPTED, Parser, command, new_folder, seed, whole, with_block

import torch
from dcgan.core.markdown import replace_block
from dcgan.experiments.ablation_report import run, tables
from dcgan.metrics.set_metrics import SAMPLES


@command
def main(words: Sequence[str] | None = None) -> int:
    parser = Parser(description=__doc__)
    parser.add_argument(
        "--out", type=new_folder, default=Path("build/ablation"), help="(%(default)s)"
    )
    parser.add_argument(
        "--iterations", type=whole(1, 1_000_000), default=2000, help="each (%(default)s)"
    )
    parser.add_argument("--seeds", type=seed(), nargs="+", default=[0, 1, 2], help="(0 1 2)")
    parser.add_argument(
        "--samples", type=whole(10, 50_000), default=SAMPLES, help="judged (%(default)s)"
    )
    parser.add_argument(
        "--threads", type=whole(1, 1024), default=1, help="CPU threads (%(default)s)"
    )
    parser.add_argument(
        "--readme", type=with_block("ablation"), help="also renew the tables in this file"
    )
    arguments = parser.parse_args(words)
    torch.set_num_threads(arguments.threads)
    result = run(arguments.out, arguments.seeds, arguments.iterations, arguments.samples)
    if result is None:
        print("stopped: the same command goes on", file=sys.stderr)
        return INTERRUPTED
    text = tables(result)
    if arguments.readme is not None:
        replace_block(arguments.readme, "ablation", text)
    print(text)
    print(f"\npictures and figures: {arguments.out}/ablation.png, .json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
