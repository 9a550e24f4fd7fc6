#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write result tables and pictures into the READMEs, from the latest reports.

make sim SIM=verilator && make bench && python scripts/readme_results.py

Takes build/sim/<simulator>/report.json, build/bench/report.json and build/synth/ulx3s/report.json
where they exist; only `compact` counts on the front page. Status 1 with --check if a README would
change.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- {}: written by scripts/readme_results.py -->", "<!-- end of {} -->"
PICTURES = {
    "sim/verilator/avatars.png": "tb/sim/avatars.png",
    "bench/bench.png": "tb/bench/bench.png",
}
NETWORK = "compact"


def main(words: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only say whether a README is old")
    check = parser.parse_args(words).check
    simulated, bench = report("sim/verilator"), report("bench")
    if simulated is None:
        raise ValueError(f"no report of {NETWORK} on Verilator: run `make sim SIM=verilator`")
    lines = table(simulated, report("sim/icarus"), report("synth/ulx3s"))
    changed = block(ROOT / "README.md", "results", lines, check)
    if bench:
        changed |= block(ROOT / "rtl" / "README.md", "bench", bench_table(bench), check)
    if check:
        return int(changed)
    for built, committed in PICTURES.items():
        if (ROOT / "build" / built).is_file():
            shutil.copyfile(ROOT / "build" / built, ROOT / committed)
    print("READMEs and pictures are up to date")
    return 0


def block(path: Path, name: str, lines: list[str], check: bool) -> bool:
    """Replace the lines between the two markers `name` of a file; True if they were others."""
    begin, end = BEGIN.format(name), END.format(name)
    text = path.read_text(encoding="utf-8")
    head, _, rest = text.partition(begin)
    _, found, tail = rest.partition(end)
    if not found:
        raise ValueError(f"{path.relative_to(ROOT)} lacks the lines '{begin}' and '{end}'")
    fresh = f"{head}{begin}\n" + "\n".join(lines) + f"\n{end}{tail}"
    if not check:
        path.write_text(fresh, encoding="utf-8")
    return fresh != text


def bench_table(bench: dict[str, Any]) -> list[str]:
    """Schedules and rates of `make bench`."""
    rows = [
        "| network | schedule | multipliers | lanes | cycles an avatar | predicted | latency | "
        "useful MACs / (multipliers x cycles) |",
        "| --- | --- | --: | --: | --: | --: | --: | --: |",
    ]
    for case in bench["cases"]:
        weights = "" if case["trained"] else " (random weights)"
        rows.append(
            f"| {case['network']}{weights} | {case['schedule']} | {case['multipliers']} "
            f"| {case['lanes']} | {case['cycles']:,.0f} | {case['cycles_predicted']:,.0f} "
            f"| {case['latency_cycles']:,} | {case['efficiency']:.2f} |"
        )
    rows += ["", "| compact avatars on one thread of the machine that ran this | images/s |"]
    rows += ["| --- | --: |"]
    rows += [f"| {title} | {rate:,.1f} |" for title, rate in bench["images_per_second"].items()]
    rows += ["", "| published | useful MACs / (multipliers x cycles) | source |"]
    rows += ["| --- | --: | --- |"]
    rows += [
        f"| {p['who']} | {p['macs']:.2f} | {p['from']}; {p['source']} |" for p in bench["peers"]
    ]
    return rows


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
        worst, seeds = ecp5["fmax_mhz_worst_seed"], len(ecp5["seeds_run"])
        row(
            "ECP5-85F, post-route estimate of the clock",
            f"{ecp5['fmax_mhz']:.1f} MHz (worst of {seeds} seeds: {worst:.1f})",
        )
        row(f"avatars a second at {clock:g} MHz", f"{ecp5['avatars_per_second']:,.0f}")
    return rows


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
