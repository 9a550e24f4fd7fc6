#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draw avatars with the float network, the golden integers or the simulated hardware.

python model/generate.py --count 64 --seed 1
python model/generate.py --figure 6                      six fresh avatars
python model/generate.py --figure 7                      three interpolation strips, N = 3
python model/generate.py --figure novelty                with the nearest training images
python model/generate.py --figure 6 --backend rtl        the same pixels from SystemVerilog
python model/generate.py --figure attributes             what each attribute means
python model/generate.py --attribute shape1=2            avatars that have it
python model/generate.py --count 64 --rgba --palette     sprites, cut out, in the source's colours
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from dcgan_cli.arguments import Parser, command, new_file, seed, whole

import numpy as np
from dcgan.core.files import write_atomically, write_json
from dcgan.core.images import save_png
from dcgan.data.training_set import training_images
from dcgan.experiments.attribute_chart import attribute_chart
from dcgan.experiments.figures import FRESH, INNER, Result, fresh, novelty, strips
from dcgan.render.backends import BACKENDS, open_backend
from dcgan.render.sprites import background_of, palette_of, source_colours, sprites, write_sprites

from tb.lib.tools import SIMULATORS
from tb.sim.renderer import open_rtl

DEFAULT_COUNT = 16
COLUMNS = 8
STORED = "stored"


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Command line of this script."""
    parser = Parser(description=__doc__)
    parser.add_argument(
        "--count", type=whole(1, 100_000), default=DEFAULT_COUNT, help="avatars (%(default)s)"
    )
    parser.add_argument("--seed", type=seed(), default=0, help="seed of the latents (%(default)s)")
    parser.add_argument("--backend", choices=BACKENDS, default="golden", help="(%(default)s)")
    parser.add_argument("--network", default="compact", help="preset or checkpoint (%(default)s)")
    parser.add_argument(
        "--figure",
        choices=("6", "7", "novelty", "attributes"),
        help="of the paper, or what attributes mean",
    )
    parser.add_argument("--interpolate", action="store_true", help="the same as --figure 7")
    parser.add_argument(
        "--inner", type=whole(0, 254), default=INNER, help="inner points of a strip"
    )
    parser.add_argument(
        "--attribute",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="ask for avatars with it, where latents code attributes; may be repeated",
    )
    parser.add_argument("--data", type=Path, help="training images, for --figure novelty")
    parser.add_argument("--rgba", action="store_true", help="also write sprites, cut out")
    parser.add_argument("--sheet", action="store_true", help="with --rgba: one sheet of sprites")
    parser.add_argument(
        "--palette",
        nargs="?",
        const=STORED,
        metavar="PATH",
        help="with --rgba: only colours of this folder or sheet, or those stored with the network",
    )
    parser.add_argument(
        "--simulator",
        choices=SIMULATORS,
        default="verilator",
        help="of --backend rtl (%(default)s)",
    )
    parser.add_argument(
        "--out", type=new_file(".png"), help="file stem, default build/generate/WHAT_BACKEND"
    )
    return parser.parse_args(argv)


def draw(args: argparse.Namespace, render) -> tuple[str, Result]:
    """What was asked for, and its name."""
    if args.attribute and (args.figure or args.interpolate):
        raise ValueError("--attribute asks for fresh avatars: leave --figure and --interpolate out")
    if args.figure == "7" or args.interpolate:
        return "figure7", strips(render, args.seed, inner=args.inner)
    if args.figure == "6":
        return "figure6", fresh(render, FRESH, args.seed)
    if args.figure == "novelty":
        train = training_images(args.data, render.about.get("background", "black"))
        return "novelty", novelty(render, train, args.seed, drawn_set=args.data is None)
    if args.figure == "attributes":
        return "attributes", attribute_chart(render, args.seed)
    return "avatars", fresh(render, args.count, args.seed, attributes=args.attribute)


def beside(stem: Path, suffix: str) -> Path:
    """`stem` with `suffix`: dots in the name that was asked for stay."""
    return stem.with_name(stem.name + suffix)


def chosen_palette(args: argparse.Namespace, about: dict) -> np.ndarray | None:
    """The colours that --palette names, None without it."""
    if (args.sheet or args.palette is not None) and not args.rgba:
        raise ValueError("--sheet and --palette are about sprites: give --rgba with them")
    if args.palette is None:
        return None
    return palette_of(about) if args.palette == STORED else source_colours(args.palette)


@command
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    args = parse_arguments(argv)
    render = open_backend(args.backend, args.network, lambda name: open_rtl(name, args.simulator))
    palette = chosen_palette(args, render.about)
    start = time.monotonic()
    name, result = draw(args, render)
    seconds = time.monotonic() - start
    stem = args.out or Path("build/generate") / f"{name}_{args.backend}"
    stem = stem.with_suffix("") if stem.suffix == ".png" else stem
    archive = io.BytesIO()
    np.savez_compressed(archive, z=result.z, pixels=result.pixels)
    if not args.sheet:
        save_png(beside(stem, ".png"), result.picture)
    write_atomically(beside(stem, ".npz"), archive.getvalue())
    facts = {
        "what": name,
        "network": args.network,
        "backend": args.backend,
        "seed": args.seed,
        **result.facts,
    }
    if args.rgba:
        cut = sprites(result.pixels, background_of(render.about), palette)
        columns = args.inner + 2 if name == "figure7" else COLUMNS
        facts["sprites"] = write_sprites(stem, cut, columns, args.sheet)
    write_json(beside(stem, ".json"), facts)
    print(f"{len(result.z)} avatars in {seconds:.1f} s: {stem}.png, .json, .npz")
    return 0


if __name__ == "__main__":
    sys.exit(main())
