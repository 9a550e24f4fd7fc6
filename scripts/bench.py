#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cycles, multipliers and images a second: one run, one table, two pictures, one JSON.

Writes build/bench/{report.json,bench.png,timeline.svg}; about 15 minutes on two cores, most of
it compiling.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

try:
    from dcgan_cli.arguments import Parser, command, new_folder
except ModuleNotFoundError:
    raise SystemExit("error: `make setup`, then run this with .venv/bin/python") from None

from rich.console import Console

from tb.bench.cases import NETWORKS, all_cases, growth, stored_fraction
from tb.bench.present import print_tables, write
from tb.bench.rates import all_rates
from tb.bench.timeline import write as write_timeline
from tb.lib.network import exported

ROOT = Path(__file__).resolve().parent.parent
TIMED = "compact"
"""The network whose images a second are measured where none is named."""


@command
def main(words: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = Parser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", help="preset or integer checkpoint (all presets)")
    parser.add_argument("--out", type=new_folder, help="folder (build/bench, or the network's)")
    args = parser.parse_args(words)
    chosen = exported(args.network or TIMED)
    names = [args.network] if args.network else NETWORKS
    out = args.out or (chosen.folder / "bench" if args.network else ROOT / "build" / "bench")
    console = Console()
    with console.status("measuring") as status:
        cases = all_cases(names, lambda what: status.update(f"simulating {what}"))
        rates = all_rates(chosen, lambda what: status.update(f"timing {what}"))
        curves = growth(names, lambda what: status.update(f"predicting {what}"))
    density = {name: stored_fraction(name) for name in names}
    print_tables(console, cases, rates)
    write(out, cases, rates, curves, density)
    if not args.network:
        write_timeline(out)
    console.print(f"{out}/report.json  bench.png  timeline.svg")


if __name__ == "__main__":
    sys.exit(main())
