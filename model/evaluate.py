# SPDX-License-Identifier: Apache-2.0
"""Judge a Generator: every metric, its floors, and the targets, as PNG and JSON.

python model/evaluate.py model/checkpoints/compact_int.safetensors
python model/evaluate.py runs/mine/checkpoint.safetensors --data my_sprites/
python model/evaluate.py runs/mine/checkpoint.safetensors --run runs/mine   (of --fold 1/5)
python model/evaluate.py --controls
python model/evaluate.py --train-classifier
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from dcgan_cli.arguments import Parser, command, new_folder, whole

import torch
from dcgan.core.checkpoint import load_checkpoint
from dcgan.core.markdown import read_block, replace_block
from dcgan.core.network_files import integer_file
from dcgan.core.progress import progress
from dcgan.experiments.evaluation_report import control_table, evaluate, text_summary
from dcgan.metrics.classifier import DEFAULT_PATH, save_classifier, train_classifier
from dcgan.metrics.evaluation import SAMPLING_SEEDS
from dcgan.metrics.set_metrics import SAMPLES


@command
def main(words: Sequence[str] | None = None) -> int:
    parser = Parser(description=__doc__)
    parser.add_argument(
        "checkpoint", metavar="NETWORK", nargs="?", help="preset, float or integer file"
    )
    parser.add_argument(
        "--out", type=new_folder, default=Path("build/evaluate"), help="(%(default)s)"
    )
    parser.add_argument("--data", type=Path, help="folder or sheet it was trained on: no labels")
    parser.add_argument(
        "--run", type=Path, metavar="DIR", help="run of --fold: judge with what it held out"
    )
    parser.add_argument(
        "--samples", type=whole(10, 50_000), default=SAMPLES, help="a seed (%(default)s)"
    )
    parser.add_argument("--float", type=Path, help="float checkpoint to compare integers with")
    parser.add_argument("--readme", type=Path, help="also renew the table in this file")
    parser.add_argument("--block", default="evaluate", help="its block there (%(default)s)")
    parser.add_argument("--quick", action="store_true", help="200 samples, one seed: a try-out")
    parser.add_argument(
        "--threads", type=whole(1, 1024), default=1, help="CPU threads (%(default)s)"
    )
    parser.add_argument("--controls", action="store_true", help="the control table instead")
    parser.add_argument("--train-classifier", action="store_true", help="remake attribute reader")
    arguments = parser.parse_args(words)
    torch.set_num_threads(arguments.threads)
    if arguments.run is not None and arguments.data is not None:
        raise ValueError("--run brings its own images: leave --data out")
    if arguments.checkpoint is None and not (arguments.train_classifier or arguments.controls):
        raise ValueError("give a network: compact, or a .safetensors file of your own")
    blocks = ["controls"] * arguments.controls
    blocks += [arguments.block] * (arguments.checkpoint is not None)
    for block in blocks if arguments.readme else ():
        read_block(arguments.readme, block)
    if arguments.float is not None:
        load_checkpoint(arguments.float)
    if arguments.train_classifier:
        with progress("attribute classifier", 900) as bar:
            save_classifier(DEFAULT_PATH, train_classifier(900, progress=bar.set))
        print(f"wrote {DEFAULT_PATH}")
    if arguments.controls:
        text = control_table(arguments.out, 200 if arguments.quick else arguments.samples)
        if arguments.readme is not None:
            replace_block(arguments.readme, "controls", text)
        print(text)
    if arguments.checkpoint is None:
        return 0
    result = evaluate(
        integer_file(arguments.checkpoint),
        arguments.out,
        data=arguments.data,
        samples=200 if arguments.quick else arguments.samples,
        seeds=SAMPLING_SEEDS[:1] if arguments.quick else SAMPLING_SEEDS,
        float_checkpoint=arguments.float,
        run=arguments.run,
    )
    text = text_summary(result)
    if arguments.readme is not None:
        replace_block(arguments.readme, arguments.block, text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
