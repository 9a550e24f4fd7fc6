# SPDX-License-Identifier: Apache-2.0
"""Tables, picture and JSON of the benchmark."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import matplotlib
from rich.console import Console
from rich.table import Table
from sim.report import save

from bench.cases import Case
from bench.peers import PEERS

matplotlib.use("Agg")
from matplotlib import pyplot as plt


def print_tables(console: Console, cases: Sequence[Case], rates: dict[str, float]) -> None:
    """Hardware cases, then images a second."""
    table = Table(title="one RGB avatar, steady state, at most 156 multipliers, simulated")
    for column in (
        "network",
        "schedule",
        "multipliers",
        "lanes",
        "cycles",
        "predicted",
        "latency",
        "useful MACs / (mult x cycle)",
    ):
        table.add_column(column, justify="right")
    for case in cases:
        weights = "" if case.trained else " (random weights)"
        table.add_row(
            case.network + weights,
            case.schedule,
            str(case.multipliers),
            str(case.lanes),
            f"{case.cycles:,.0f}",
            f"{case.cycles_predicted:,.0f}",
            f"{case.latency_cycles:,}",
            f"{case.efficiency:.2f}",
        )
    for peer in PEERS:
        table.add_row(peer["who"], "published", "", "", "", "", "", f"{peer['macs']:.2f}")
    console.print(table)
    speed = Table(title="compact avatars a second on this machine, one thread")
    speed.add_column("by")
    speed.add_column("images/s", justify="right")
    for title, rate in rates.items():
        speed.add_row(title, f"{rate:,.1f}")
    console.print(speed)


def write(
    out: Path,
    cases: Sequence[Case],
    rates: dict[str, float],
    curves: dict[str, list[dict]],
    density: dict[str, list[float]],
) -> None:
    """report.json and bench.png, each whole or not at all."""
    out.mkdir(parents=True, exist_ok=True)
    report = {
        "cases": [{**asdict(case), "efficiency": round(case.efficiency, 3)} for case in cases],
        "images_per_second": rates,
        "growth_predicted": curves,
        "stored_fraction": density,
        "peers": list(PEERS),
    }
    save(out / "report.json", (json.dumps(report, indent=2) + "\n").encode())
    save(out / "bench.png", picture(cases, rates, curves))


def picture(cases: Sequence[Case], rates: dict[str, float], curves: dict[str, list[dict]]) -> bytes:
    """PNG: cycles, efficiency beside the published peers, growth, images a second."""
    figure, axes = plt.subplots(2, 2, figsize=(12, 8), constrained_layout=True)
    labels = [f"{case.network}\n{case.schedule}" for case in cases]
    shades = {"dense": "#9aa5b1", "skipping": "#4c8bf5", "skipping + packing": "#e4572e"}
    colours = [shades[case.schedule] for case in cases]

    axis = axes[0, 0]
    axis.bar(range(len(cases)), [case.cycles for case in cases], color=colours)
    axis.set_yscale("log")
    axis.set_xticks(range(len(cases)), labels, fontsize=6)
    axis.set_title("cycles an RGB avatar, at most 156 multipliers (simulated)")

    axis = axes[0, 1]
    names = [*labels, *(peer["who"] for peer in PEERS)]
    values = [*(case.efficiency for case in cases), *(peer["macs"] for peer in PEERS)]
    axis.barh(range(len(names)), values, color=[*colours, *["#444444"] * len(PEERS)])
    axis.set_yticks(range(len(names)), [name.replace("\n", ", ") for name in names], fontsize=6)
    axis.invert_yaxis()
    axis.set_title("useful MACs a multiplier and cycle (grey: published)")

    axis = axes[1, 0]
    for name in dict.fromkeys(point["network"] for point in curves["multipliers"]):
        points = [p for p in curves["multipliers"] if p["network"] == name]
        axis.plot(
            [p["multipliers"] for p in points], [p["cycles"] for p in points], "o-", label=name
        )
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.set_xlabel("multipliers")
    axis.set_title("cycles against multipliers, skipping + packing (predicted)")
    axis.legend()

    axis = axes[1, 1]
    axis.barh(list(rates), list(rates.values()), color="#4c8bf5")
    axis.set_xscale("log")
    axis.invert_yaxis()
    axis.set_title("compact avatars a second on this machine, one thread")

    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    plt.close(figure)
    return buffer.getvalue()
