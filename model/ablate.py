# SPDX-License-Identifier: Apache-2.0
"""What each part of the recipe is worth, one changed at a time, and what zeros cost.

python model/ablate.py                                 # build/ablation/ablation.{png,json}
python model/ablate.py --seeds 0 --iterations 200      # a try-out

Each training is a run folder below --out. Ctrl-C stops; the same command goes on.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch
from dcgan.core.markdown import replace_block
from dcgan.experiments.ablation_report import run, tables
from dcgan.metrics.set_metrics import SAMPLES

INTERRUPTED = 130


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("build/ablation"), help="(%(default)s)")
    parser.add_argument("--iterations", type=int, default=2000, help="each (%(default)s)")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2], help="(0 1 2)")
    parser.add_argument("--samples", type=int, default=SAMPLES, help="judged (%(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads (%(default)s)")
    parser.add_argument("--readme", type=Path, help="also renew the tables in this file")
    arguments = parser.parse_args(words)
    torch.set_num_threads(arguments.threads)
    try:
        result = run(arguments.out, arguments.seeds, arguments.iterations, arguments.samples)
        if result is None:
            print("stopped: the same command goes on", file=sys.stderr)
            return INTERRUPTED
        text = tables(result)
        if arguments.readme is not None:
            replace_block(arguments.readme, "ablation", text)
    except (ValueError, OSError, RuntimeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(text)
    print(f"\npictures and figures: {arguments.out}/ablation.png, .json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
