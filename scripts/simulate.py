#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draw avatars in the simulated hardware and compare every pixel with the golden model.

python scripts/simulate.py --simulator verilator --network compact --avatars 8 --seed 1
python scripts/simulate.py --network runs/mine/checkpoint_int.safetensors --folding fold.json
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

try:
    from dcgan_cli.arguments import Parser, command, new_folder, seed, whole
except ModuleNotFoundError:
    raise SystemExit("error: `make setup`, then run this with .venv/bin/python") from None

from tb.lib.network import network_name
from tb.lib.tools import SIMULATORS, chosen_simulators
from tb.sim import job

DEFAULT_AVATARS = {"verilator": 8, "icarus": 1}
MOST_AVATARS = 10_000


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """Command line of this script."""
    parser = Parser(description=__doc__)
    parser.add_argument("--simulator", default="verilator", choices=SIMULATORS)
    parser.add_argument("--network", default="compact", help="preset or integer checkpoint")
    parser.add_argument("--folding", type=Path, metavar="JSON", help="parallelism (the network's)")
    parser.add_argument("--avatars", type=whole(1, MOST_AVATARS), help="default 8, on Icarus 1")
    parser.add_argument("--seed", type=seed(), default=1, help="of the latents and the stalls")
    parser.add_argument(
        "--out", type=new_folder, help="folder of results (the network's build folder)"
    )
    parser.add_argument(
        "--waves", action="store_true", help="record waveforms into the build folder"
    )
    return parser.parse_args(words)


@command
def main(words: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    args = parse_arguments(words)
    os.environ["SIM"] = args.simulator
    os.environ["WAVES"] = "1" if args.waves else "0"
    chosen_simulators()
    avatars = args.avatars or DEFAULT_AVATARS[args.simulator]
    name = network_name(args.network, args.folding)
    return job.run(name, args.simulator, avatars, args.seed, args.out)


if __name__ == "__main__":
    sys.exit(main())
