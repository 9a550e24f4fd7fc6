# SPDX-License-Identifier: Apache-2.0
"""Do generated avatars help a learner that is short of labels? Several ways, several seeds.

python model/augment.py --checkpoint model/checkpoints/compact_int.safetensors --labels 40
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from dcgan_cli.arguments import Parser, command, new_folder, real, whole, with_block

import torch
from dcgan.core.markdown import replace_block
from dcgan.core.network_files import integer_file
from dcgan.core.progress import progress
from dcgan.experiments.augmentation.arms import arms_of, experiment
from dcgan.experiments.augmentation.learner import QUICK, Setting
from dcgan.experiments.augmentation.report import finish
from dcgan.render.asked import code_of
from dcgan.render.networks import open_checkpoint


@command
def main(words: Sequence[str] | None = None) -> int:
    parser = Parser(description=__doc__)
    parser.add_argument(
        "--checkpoint",
        default="compact",
        metavar="NETWORK",
        help="preset, float or integer checkpoint (%(default)s)",
    )
    parser.add_argument(
        "--out", type=new_folder, default=Path("build/augment"), help="(%(default)s)"
    )
    for name, most in (("labels", 275), ("seeds", 100), ("pool", 10_000), ("iterations", 100_000)):
        default = asdict(Setting())[name]
        parser.add_argument(f"--{name}", type=whole(1, most), help=f"({default})")
    parser.add_argument("--share", type=real(0, 0.9), help="of generated avatars in a batch (0.33)")
    parser.add_argument("--confidence", type=real(0, 1), help="a pseudo-label needs (0.8)")
    parser.add_argument(
        "--readme", type=with_block("augment"), help="also renew the table in this file"
    )
    parser.add_argument("--quick", action="store_true", help="a try-out of seconds")
    arguments = parser.parse_args(words)
    torch.set_num_threads(1)
    given = {k: v for k, v in vars(arguments).items() if k in asdict(QUICK) and v is not None}
    setting = replace(QUICK if arguments.quick else Setting(), **given)
    checkpoint = integer_file(arguments.checkpoint)
    render = open_checkpoint(checkpoint)
    code = code_of(render.about) if render.about.get("attribute_order") else None
    with progress("training learners", setting.seeds * len(arms_of(code))) as bar:
        rows = experiment(render, setting, code, bar.advance)
    text = finish(rows, setting, checkpoint, arguments.out)
    if arguments.readme is not None:
        replace_block(arguments.readme, "augment", text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
