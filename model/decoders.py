# SPDX-License-Identifier: Apache-2.0
"""The same Generator graph trained three ways: GAN, VAE, L2 regression. Which one is sharp?

python model/decoders.py --checkpoint model/checkpoints/compact.safetensors
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch
from dcgan.core.markdown import replace_block
from dcgan.experiments.decoders_report import decoder_table, run
from dcgan.metrics.set_metrics import SAMPLES


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--checkpoint",
        type=Path,
        default=Path("model/checkpoints/compact.safetensors"),
        help="the GAN's float checkpoint (%(default)s)",
    )
    parser.add_argument("--out", type=Path, default=Path("build/decoders"), help="(%(default)s)")
    parser.add_argument("--iterations", type=int, default=600, help="each (%(default)s)")
    parser.add_argument("--samples", type=int, default=SAMPLES, help="judged (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="(%(default)s)")
    parser.add_argument("--readme", type=Path, help="also renew the table in this file")
    parser.add_argument("--quick", action="store_true", help="a try-out of a minute")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    iterations, samples = (
        (10, 100) if arguments.quick else (arguments.iterations, arguments.samples)
    )
    try:
        result = run(arguments.checkpoint, arguments.out, iterations, samples, arguments.seed)
        text = decoder_table(result)
        if arguments.readme is not None:
            replace_block(arguments.readme, "decoders", text)
    except (ValueError, OSError, RuntimeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(text)
    print(f"\npictures and figures: {arguments.out}/decoders.png, .json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
