# SPDX-License-Identifier: Apache-2.0
"""The same Generator graph trained three ways: GAN, VAE, L2 regression. Which one is sharp?

python model/decoders.py --checkpoint model/checkpoints/compact.safetensors
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from dcgan_cli.arguments import Parser, command, new_folder, seed, whole, with_block

import torch
from dcgan.core.markdown import replace_block
from dcgan.core.network_files import float_file
from dcgan.experiments.decoders_report import decoder_table, run
from dcgan.metrics.set_metrics import SAMPLES


@command
def main(words: Sequence[str] | None = None) -> int:
    parser = Parser(description=__doc__)
    parser.add_argument(
        "--checkpoint",
        default="compact",
        metavar="NETWORK",
        help="preset or float checkpoint of the GAN (%(default)s)",
    )
    parser.add_argument(
        "--out", type=new_folder, default=Path("build/decoders"), help="(%(default)s)"
    )
    parser.add_argument(
        "--iterations", type=whole(1, 1_000_000), default=600, help="each (%(default)s)"
    )
    parser.add_argument(
        "--samples", type=whole(10, 50_000), default=SAMPLES, help="judged (%(default)s)"
    )
    parser.add_argument("--seed", type=seed(), default=0, help="(%(default)s)")
    parser.add_argument(
        "--readme", type=with_block("decoders"), help="also renew the table in this file"
    )
    parser.add_argument("--quick", action="store_true", help="a try-out of a minute")
    arguments = parser.parse_args(words)
    torch.set_num_threads(1)
    iterations, samples = (
        (10, 100) if arguments.quick else (arguments.iterations, arguments.samples)
    )
    result = run(
        float_file(arguments.checkpoint), arguments.out, iterations, samples, arguments.seed
    )
    text = decoder_table(result)
    if arguments.readme is not None:
        replace_block(arguments.readme, "decoders", text)
    print(text)
    print(f"\npictures and figures: {arguments.out}/decoders.png, .json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
