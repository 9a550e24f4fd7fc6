# SPDX-License-Identifier: Apache-2.0
"""Results of a board: copied to where they are wanted, and shown."""

from __future__ import annotations

import shutil
from pathlib import Path


def copy_results(folder: Path, target: Path) -> None:
    """Bitstream, report and picture, as far as the flow of the board makes them."""
    target.mkdir(parents=True, exist_ok=True)
    overlay = (*folder.glob("*.bit"), *folder.glob("*.hwh"))
    for path in (*overlay, folder / "utilisation.png", folder / "report.json"):
        if path.is_file():
            shutil.copyfile(path, target / path.name)


def show_ecp5(report: dict) -> None:
    """The figures that people ask for first."""
    for name in ("lut4", "ff", "ebr", "mult18x18d"):
        used, available = report[name], report[f"{name}_available"]
        print(f"  {name:11} {used:6} of {available:6}  {100 * used / available:5.1f} %")
    print(
        f"  clock       {report['clock_mhz']:.1f} MHz asked, {report['fmax_mhz']:.1f} reached, "
        f"{report['fmax_mhz_worst_seed']:.1f} with the worst of "
        f"{len(report['seeds_run'])} seed(s): post-route estimate"
    )
    if report["avatars_per_second"]:
        print(f"  avatars/s   {report['avatars_per_second']:.0f} at the asked clock")
    power = report["energy"]
    print(
        f"  power       {power['static_mw']} mW at rest + some {power['dynamic_mw']} mW "
        f"({power['dynamic_mw_from']} to {power['dynamic_mw_to']}): see energy in report.json"
    )
