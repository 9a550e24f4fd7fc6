#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draw avatars in the simulated hardware and compare every pixel with the golden model.

python scripts/simulate.py --simulator verilator --network compact --avatars 8 --seed 1
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from dcgan.core.shapes import PRESETS

from tb.lib.tools import SIMULATORS, chosen_simulators
from tb.sim import job

ROOT = Path(__file__).resolve().parent.parent

DEFAULT_AVATARS = {"verilator": 8, "icarus": 1}


def parse_arguments(argv: list[str] | None) -> argparse.Namespace:
    """Command line of this script."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--simulator", default="verilator", choices=SIMULATORS)
    parser.add_argument("--network", default="compact", choices=list(PRESETS))
    parser.add_argument("--avatars", type=int, help="default 8, on Icarus 1")
    parser.add_argument("--seed", type=int, default=1, help="of the latents and the stalls")
    parser.add_argument(
        "--waves", action="store_true", help="record waveforms into the build folder"
    )
    args = parser.parse_args(argv)
    args.avatars = DEFAULT_AVATARS[args.simulator] if args.avatars is None else args.avatars
    if args.avatars < 1:
        parser.error(f"--avatars must be at least 1, got {args.avatars}")
    return args


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    args = parse_arguments(argv)
    os.environ["SIM"] = args.simulator
    os.environ["WAVES"] = "1" if args.waves else "0"
    chosen_simulators()
    return job.run(args.network, args.simulator, args.avatars, args.seed)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (ValueError, OSError, RuntimeError, AssertionError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
