# SPDX-License-Identifier: Apache-2.0
"""Do generated avatars help a learner that is short of labels? Five arms, several seeds.

python model/augment.py --checkpoint model/checkpoints/compact_int.safetensors --labels 40
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict, replace
from pathlib import Path

import torch
from dcgan.core.markdown import replace_block
from dcgan.core.progress import progress
from dcgan.experiments.augmentation import ARMS, QUICK, Setting, experiment
from dcgan.experiments.augmentation_report import finish
from dcgan.render.stream import open_render


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--checkpoint",
        type=Path,
        default=Path("model/checkpoints/compact_int.safetensors"),
        help="float or integer Generator (%(default)s)",
    )
    parser.add_argument("--out", type=Path, default=Path("build/augment"), help="(%(default)s)")
    for name in ("labels", "seeds", "pool", "iterations"):
        parser.add_argument(f"--{name}", type=int, help=f"({asdict(Setting())[name]})")
    parser.add_argument("--share", type=float, help="of generated avatars in a batch (0.33)")
    parser.add_argument("--confidence", type=float, help="a pseudo-label needs (0.8)")
    parser.add_argument("--readme", type=Path, help="also renew the table in this file")
    parser.add_argument("--quick", action="store_true", help="a try-out of seconds")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    try:
        given = {k: v for k, v in vars(arguments).items() if k in asdict(QUICK) and v is not None}
        setting = replace(QUICK if arguments.quick else Setting(), **given)
        with progress("training learners", setting.seeds * len(ARMS)) as bar:
            rows = experiment(open_render(arguments.checkpoint), setting, bar.advance)
        text = finish(rows, setting, arguments.checkpoint, arguments.out)
        if arguments.readme is not None:
            replace_block(arguments.readme, "augment", text)
    except (ValueError, OSError, RuntimeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
