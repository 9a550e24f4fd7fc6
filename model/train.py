# SPDX-License-Identifier: Apache-2.0
"""Train a Generator on avatars.

python model/train.py                                  the drawn avatars, without their labels
python model/train.py --data sprites/ --out runs/mine  a folder of sprites; labels.csv is used
python model/train.py --data sheet.png --rows 0        a sheet: the grid is found, or --grid 32x32
python model/train.py --recipe paper                   the paper's Table 2, to the letter
python model/train.py --resume runs/mine               go on where a run stopped
torchrun --nproc-per-node 2 model/train.py             two processes, twice the batch
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from dcgan_cli.arguments import INTERRUPTED, Parser, command, new_folder, seed, whole

import torch
from dcgan.core.images import to_images
from dcgan.core.shapes import PRESETS
from dcgan.data.sources import DataOptions
from dcgan.data.training_set import training_set
from dcgan.train import run_folder
from dcgan.train.codes import ImageCodes, image_codes
from dcgan.train.distributed import Processes, join_processes, leave_processes
from dcgan.train.malloc_tuning import keep_freed_memory
from dcgan.train.recipe import RECIPES
from dcgan.train.recipe_file import read_recipe
from dcgan.train.trainer import Trainer


@command
def main(words: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    arguments = parse_arguments(words)
    device = chosen_device(arguments.device)
    processes = join_processes(device)
    finished = run(arguments, device, processes)
    leave_processes(processes)
    return 0 if finished else INTERRUPTED


def chosen_device(asked: str | None) -> str:
    """cpu or cuda; ValueError if the one that was asked for is not there."""
    if asked == "cuda" and not torch.cuda.is_available():
        raise ValueError("--device cuda: PyTorch finds no GPU here; leave --device out")
    return asked or ("cuda" if torch.cuda.is_available() else "cpu")


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """Command line of this script."""
    parser = Parser(description=__doc__)
    parser.add_argument(
        "--recipe", choices=RECIPES, help="settings (labelled with a labels.csv, else default)"
    )
    parser.add_argument("--config", type=Path, metavar="TOML", help="file that changes settings")
    parser.add_argument("--network", choices=PRESETS, help="Generator (compact)")
    parser.add_argument("--seed", type=seed(), help="seed of everything random (0)")
    parser.add_argument(
        "--iterations", type=whole(1, 10_000_000), help="how long to train (the recipe's)"
    )
    parser.add_argument(
        "--schedule",
        type=whole(1, 10_000_000),
        help="iteration at which learning rates have fallen (the recipe's)",
    )
    parser.add_argument(
        "--data", type=Path, metavar="PATH", help="train on a folder or sheet of sprites, or NPY"
    )
    parser.add_argument("--grid", metavar="WxH", help="size of a sheet's cells (found)")
    parser.add_argument(
        "--margin", type=whole(0, 4096), metavar="N", help="pixels around the cells (0)"
    )
    parser.add_argument(
        "--spacing", type=whole(0, 4096), metavar="N", help="pixels between cells (0)"
    )
    parser.add_argument("--rows", metavar="0,2-3", help="rows of a sheet (all)")
    parser.add_argument(
        "--key", metavar="COLOUR", help="background of pictures without transparency, or none"
    )
    parser.add_argument("--background", metavar="COLOUR", help="colour to train on (black)")
    parser.add_argument("--fold", metavar="K/N", help="hold the K-th of N parts out, to judge with")
    parser.add_argument(
        "--out", type=new_folder, metavar="DIR", help="run folder (runs/NETWORK-SEED)"
    )
    parser.add_argument("--resume", type=Path, metavar="DIR", help="run folder to go on with")
    parser.add_argument(
        "--save-every", type=whole(1, 10_000_000), default=250, help="iterations (%(default)s)"
    )
    parser.add_argument(
        "--device", choices=("cpu", "cuda"), help="cpu or cuda (cuda if there is one)"
    )
    parser.add_argument("--threads", type=whole(1, 1024), help="CPU threads (all cores)")
    return parser.parse_args(words)


def run(arguments: argparse.Namespace, device: str, processes: Processes) -> bool:
    """Train as asked; True when the last iteration was reached."""
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    if device == "cpu":
        keep_freed_memory()
        torch.use_deterministic_algorithms(True)
        # Nothing here reads memory before it is written; filling it would take a tenth of the time.
        torch.utils.deterministic.fill_uninitialized_memory = False
    folder, state, config = arguments.resume, None, arguments.config
    if folder is not None:
        state, config = run_folder.read_state(folder), folder / run_folder.CONFIG
    words = ("grid", "margin", "spacing", "rows", "key", "background", "fold")
    options = DataOptions.restored(state and state["data"]).changed(
        path=arguments.data, **{word: getattr(arguments, word) for word in words}
    )
    words = ("network", "seed", "iterations", "schedule")
    changes = {word: getattr(arguments, word) for word in words}
    read_recipe(config, arguments.recipe or "default", **changes)  # before pictures are read
    data = training_set(options, quiet=not processes.first)
    given = options.path is not None and data.labels is not None
    usual = "labelled" if given else "default"
    recipe = read_recipe(config, arguments.recipe or usual, **changes)
    saved = state and state["trainer"].get("codes")
    if saved:
        codes = ImageCodes.restored(saved)
    else:
        codes = image_codes(recipe, data, quiet=not processes.first)
        if codes is None and recipe.codes == "found":
            if config is not None:
                raise ValueError(
                    f'no attributes explain these pictures: set codes = "none" in {config}'
                )
            data.notes.append("no attributes explain these pictures: the recipe is normal")
            recipe = read_recipe(None, "normal", **changes)
        elif recipe.codes == "found":
            data.notes.append(f"attributes found: {codes}")
    about = data.about() | (codes.about() if codes else {})
    trainer = Trainer(recipe, to_images(data.images), device, processes, codes, about)
    if folder is not None:
        run_folder.restore(folder, trainer, state)
    else:
        kind = "" if recipe.name == "default" else f"-{recipe.name}"
        folder = arguments.out or Path("runs", f"{recipe.network}{kind}-{recipe.seed}")
        if processes.first:
            run_folder.create(folder, recipe, data.images, data.held_out)
        processes.wait()
    if processes.first:
        print("".join(f"note: {note}\n" for note in data.notes), end="", file=sys.stderr)
    finished = run_folder.train(folder, trainer, arguments.save_every, options.kept())
    if processes.first:
        state = "finished" if finished else f"stopped, go on with --resume {folder}"
        print(f"{state}: iteration {trainer.iteration}, {folder / run_folder.CHECKPOINT}")
    return finished


if __name__ == "__main__":
    sys.exit(main())
