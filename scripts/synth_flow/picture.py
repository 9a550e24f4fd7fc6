# SPDX-License-Identifier: Apache-2.0
"""The chip as a picture: where its blocks lie and how full it is."""

from __future__ import annotations

import json
import re
from pathlib import Path

BEL = re.compile(r"X(\d+)/Y(\d+)/")
KINDS = {
    "TRELLIS_COMB": ("look-up tables", "#4c78a8", 3, "s"),
    "DP16KD": ("block RAM", "#f58518", 14, "s"),
    "MULT18X18D": ("multipliers", "#e45756", 14, "D"),
}


def positions(placed: Path) -> dict[str, list[tuple[int, int]]]:
    """Cell kind -> (column, row) of every cell, from the netlist that nextpnr wrote back."""
    modules = json.loads(placed.read_text())["modules"]
    top = max(modules.values(), key=lambda module: len(module["cells"]))
    found: dict[str, list[tuple[int, int]]] = {kind: [] for kind in KINDS}
    for cell in top["cells"].values():
        match = BEL.match(cell.get("attributes", {}).get("NEXTPNR_BEL", ""))
        if match and cell["type"] in found:
            found[cell["type"]].append((int(match[1]), int(match[2])))
    return found


def draw(placed: Path, report: dict, target: Path) -> None:
    """Write the floorplan and the utilisation bars as one PNG."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, (plan, bars) = plt.subplots(
        1, 2, figsize=(11, 6), gridspec_kw={"width_ratios": [3, 1]}, layout="constrained"
    )
    for kind, cells in positions(placed).items():
        label, color, size, marker = KINDS[kind]
        if cells:
            x, y = zip(*cells, strict=True)
            alpha = 0.15 if kind == "TRELLIS_COMB" else 1.0
            plan.scatter(x, y, size, color, marker=marker, alpha=alpha, label=label, linewidths=0)
    plan.invert_yaxis()
    plan.set(xlabel="column", ylabel="row", title=f"{report['title']}: {report['network']}")
    plan.legend(loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=3, frameon=False)

    names = ["lut4", "ff", "ebr", "mult18x18d"]
    shares = [100 * report[name] / report[f"{name}_available"] for name in names]
    bars.barh(names, shares, color="#4c78a8")
    for row, (name, share) in enumerate(zip(names, shares, strict=True)):
        text = f"{report[name]} of {report[f'{name}_available']}"
        bars.text(3, row + 0.32, text, fontsize=8)
        bars.text(min(share + 1, 88), row, f"{share:.0f} %", va="center", fontsize=9)
    bars.set(xlim=(0, 100), xlabel="used, %")
    bars.set_title(f"{report['fmax_mhz']:.0f} MHz, asked {report['clock_mhz']:.0f}", fontsize=10)
    temporary = target.with_suffix(".part")
    figure.savefig(temporary, dpi=110, format="png")
    plt.close(figure)
    temporary.replace(target)
