#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turn a trained Generator into integers and say how close they are.

python model/quantize.py --network runs/mine/checkpoint.safetensors    -> checkpoint_int, beside it
python model/quantize.py --network compact        -> build/quantize/compact_int.safetensors
python model/quantize.py --bits 7,8,8,8 --levels 16   12-bit colours -> compact_w7_l16_int
python model/quantize.py --bits 4 --finetune 600  W4 (layer 4 keeps 8 bits) -> compact_w4_int
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dcgan_cli.arguments import Parser, command, new_file, real, seed, whole

import torch
from dcgan.core.checkpoint import load_checkpoint, save_checkpoint
from dcgan.core.network_files import SUFFIX, float_file, is_file_name
from dcgan.core.progress import progress
from dcgan.core.shapes import PRESETS
from dcgan.quant.fake_quant import FakeQuantGenerator, dequantised, distil
from dcgan.quant.fixed_point import MOST_LEVELS
from dcgan.quant.int_generator import save_integer
from dcgan.quant.ptq import quantise
from dcgan.quant.ptq_layer import QuantOptions
from dcgan.quant.quant_report import measure, save_report, table

BUILT = Path("build", "quantize")
"""Where integers of presets go: shipped files are written only where --out names them."""


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Command line of this script."""
    parser = Parser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--network", default="compact", help=f"{', '.join(PRESETS)} or a checkpoint file"
    )
    parser.add_argument(
        "--bits", default="8", help="weight bits: one number (layer 4 keeps 8), or four: 4,4,4,8"
    )
    parser.add_argument(
        "--levels",
        type=whole(2, MOST_LEVELS),
        default=MOST_LEVELS,
        help="of red, green and blue: the tanh table is rounded to the nearest (%(default)s)",
    )
    parser.add_argument("--out", type=new_file(), help="file to write; the report goes beside it")
    parser.add_argument(
        "--float",
        type=new_file(),
        metavar="FILE",
        help="also write the float network of the fine-tuned weights, and compare with that one",
    )
    parser.add_argument(
        "--finetune", type=whole(0, 1_000_000), default=0, help="distillation steps (%(default)s)"
    )
    parser.add_argument(
        "--rate", type=real(0, 10, above=True), help="first step of fine-tuning, in weight steps"
    )
    parser.add_argument(
        "--density",
        type=real(0, 1, above=True),
        default=1.0,
        help="fine-tune to this share of activations that are not zero (%(default)s: any)",
    )
    parser.add_argument(
        "--batch", type=whole(1, 4096), default=16, help="avatars a step (%(default)s)"
    )
    parser.add_argument(
        "--seed", type=seed(), default=1, help="seed of calibration and fine-tuning"
    )
    parser.add_argument(
        "--avatars", type=whole(1, 100_000), default=256, help="avatars that are compared"
    )
    return parser.parse_args(argv)


def parse_bits(text: str) -> tuple[int, int, int, int]:
    """'8' -> (8, 8, 8, 8), '4' -> (4, 4, 4, 8), '4,5,6,8' -> itself."""
    try:
        bits = tuple(int(word) for word in text.split(","))
    except ValueError:
        bits = ()
    if len(bits) == 1:
        bits = (*bits * 3, 8)  # layer 4 has few weights and shows every error: keep its 8 bits
    if len(bits) != 4 or not all(4 <= b <= 8 for b in bits):
        raise ValueError(f"--bits {text}: give one number or four, separated by commas, 4 to 8")
    return bits


def default_out(network: str, bits: tuple[int, int, int, int], levels: int = MOST_LEVELS) -> Path:
    """Beside a file of one's own; for presets below build/."""
    width = "" if bits == (8, 8, 8, 8) else f"_w{min(bits)}"
    suffix = f"{width}_int" if levels == MOST_LEVELS else f"{width}_l{levels}_int"
    source = float_file(network)
    folder = source.parent if is_file_name(network) else BUILT
    return folder / f"{source.name.removesuffix(SUFFIX)}{suffix}{SUFFIX}"


def with_suffix(path: Path) -> Path:
    """`path` as asked for, dots and all; only .safetensors is added where it is missing."""
    return path if path.name.endswith(SUFFIX) else path.with_name(path.name + SUFFIX)


@command
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    args = parse_arguments(argv)
    bits = parse_bits(args.bits)
    if args.density < 1 and not args.finetune:
        raise ValueError("--density is reached by fine-tuning: give --finetune 2000 with it")
    source = float_file(args.network)
    out = with_suffix(args.out or default_out(args.network, bits, args.levels))
    checkpoint = load_checkpoint(source)
    if out.resolve() == source.resolve():
        raise ValueError(f"{out} is the float network itself: give another --out")
    if args.float and args.float.resolve() in (source.resolve(), out.resolve()):
        raise ValueError(f"{args.float} is the network itself, or --out: give another --float")
    options = QuantOptions(weight_bits=bits, levels=args.levels, seed=args.seed)
    ig, layers = quantise(checkpoint, options)
    before = measure(checkpoint, ig, args.avatars)["psnr_db"]
    if args.finetune:
        rate = args.rate or 0.002 * 4 ** ((8 - min(bits)) / 2)
        student = FakeQuantGenerator(ig, layers)
        steps = distil(
            checkpoint, student, args.finetune, args.seed, rate, args.batch, args.density
        )
        with progress("fine-tuning", args.finetune) as bar:
            for loss in steps:
                bar.advance(note=f"error {loss:.5f}")
        ig = student.integers()
    report = measure(checkpoint, ig, args.avatars)
    trained = report["psnr_db"]
    if args.float:
        checkpoint = dequantised(ig, checkpoint)
        save_checkpoint(args.float, checkpoint)
        report = measure(checkpoint, ig, args.avatars)
    report |= {"psnr_trained_network_db": trained}
    report |= {"psnr_before_finetuning_db": before, "finetune_steps": args.finetune}
    scores = {key: report[key] for key in ("psnr_db", "avatars", "finetune_steps")}
    training = {key: value for key, value in checkpoint.metadata.items() if key != "log"}
    ig = replace(ig, metadata={**ig.metadata, **scores, "training": training})
    save_integer(out, ig)
    report_file = out.with_name(out.name.removesuffix(SUFFIX) + ".json")
    save_report(report_file, report)
    print(table(report))
    print(f"written: {out} and {report_file.name}")
    return 0


if __name__ == "__main__":
    torch.set_num_threads(max(1, torch.get_num_threads() // 2))
    sys.exit(main())
