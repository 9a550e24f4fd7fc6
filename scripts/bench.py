#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cycles, multipliers and images a second: one run, one table, one picture, one JSON.

Writes build/bench/{report.json,bench.png}; about 15 minutes on two cores, most of it compiling.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from dcgan_cli.arguments import Parser, command, new_folder

from rich.console import Console

from tb.bench.cases import all_cases, growth, stored_fraction
from tb.bench.present import print_tables, write
from tb.bench.rates import all_rates

ROOT = Path(__file__).resolve().parent.parent


@command
def main(words: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = Parser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=new_folder, default=ROOT / "build" / "bench")
    out = parser.parse_args(words).out
    console = Console()
    with console.status("measuring") as status:
        cases = all_cases(lambda what: status.update(f"simulating {what}"))
        rates = all_rates(lambda what: status.update(f"timing {what}"))
        curves = growth(lambda what: status.update(f"predicting {what}"))
    density = {name: stored_fraction(name) for name in ("tiny", "compact", "paper")}
    print_tables(console, cases, rates)
    write(out, cases, rates, curves, density)
    console.print(f"{out}/report.json  bench.png")


if __name__ == "__main__":
    sys.exit(main())
