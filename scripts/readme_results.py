#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write the result table and the picture of the top README from the latest reports.

make sim SIM=verilator && python scripts/readme_results.py

Takes build/sim/<simulator>/report.json and build/synth/ulx3s/report.json where they exist; only
`compact` counts. Status 1 with --check if README.md would change.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PICTURE = ROOT / "tb" / "sim" / "avatars.png"
BEGIN, END = "<!-- results: written by scripts/readme_results.py -->", "<!-- end of results -->"
NETWORK = "compact"


def main(words: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only say whether README.md is old")
    check = parser.parse_args(words).check
    simulated = report("sim/verilator")
    if simulated is None:
        raise ValueError(f"no report of {NETWORK} on Verilator: run `make sim SIM=verilator`")
    text = README.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, found, tail = rest.partition(END)
    if not found:
        raise ValueError(f"README.md lacks the lines '{BEGIN}' and '{END}'")
    lines = table(simulated, report("sim/icarus"), report("synth/ulx3s"))
    fresh = f"{head}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{tail}"
    if check:
        return int(fresh != text)
    README.write_text(fresh, encoding="utf-8")
    shutil.copyfile(ROOT / "build" / "sim" / "verilator" / "avatars.png", PICTURE)
    print(f"{README.name} and {PICTURE.relative_to(ROOT)} are up to date")
    return 0


def report(name: str) -> dict[str, Any] | None:
    """build/<name>/report.json, or None if it is missing or about another network."""
    path = ROOT / "build" / name / "report.json"
    if not path.is_file():
        return None
    found = json.loads(path.read_text())
    return found if found.get("network", NETWORK) == NETWORK else None


def table(
    verilator: dict[str, Any], icarus: dict[str, Any] | None, ecp5: dict[str, Any] | None
) -> list[str]:
    """The rows of the table."""
    rows = ["| `compact`, one RGB avatar of 32x32 | |", "| --- | --: |"]

    def row(title: str, value: str) -> None:
        rows.append(f"| {title} | {value} |")

    for found in filter(None, (verilator, icarus)):
        row(
            f"pixels that differ from the integer model, {found['simulator'].capitalize()}",
            f"{found['mismatches']} of {found['pixels_compared']:,}",
        )
    if verilator["psnr_float_db"] is not None:
        row("integer model against float network", f"{verilator['psnr_float_db']:.1f} dB")
    row("multipliers, each with two lanes", f"{verilator['multipliers']}")
    row("cycles an avatar, steady state", f"{verilator['cycles_per_avatar']:,.0f}")
    row("cycles from first latent byte to last pixel", f"{verilator['latency_cycles']:,}")
    row("useful MACs a multiplier and cycle", f"{verilator['macs_per_multiplier_cycle']:.2f}")
    if ecp5:
        clock = ecp5["clock_mhz"]
        row("ECP5-85F, post-route estimate of the clock", f"{ecp5['fmax_mhz']:.1f} MHz")
        row(f"avatars a second at {clock:g} MHz", f"{ecp5['avatars_per_second']:,.0f}")
    return rows


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
