# SPDX-License-Identifier: Apache-2.0
"""Tables, picture and JSON of the benchmark."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import matplotlib
from dcgan.core.files import write_atomically
from rich.console import Console
from rich.table import Table

from tb.bench.cases import Case
from tb.bench.peers import PEERS

matplotlib.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.ticker import NullFormatter

TICKS = (20, 50, 100, 200, 500)
SHADES = {"dense": "#9aa5b1", "skipping": "#4c8bf5", "skipping + packing": "#e4572e"}


def print_tables(console: Console, cases: Sequence[Case], rates: dict[str, float]) -> None:
    """Hardware cases, published peers, images a second."""
    table = Table(title="one RGB avatar, at most 156 multipliers, simulated")
    for column in (
        "network",
        "schedule",
        "mult.",
        "lanes",
        "cycles",
        "predicted",
        "latency",
        "useful",
        "layers 2-4",
    ):
        table.add_column(column, justify="right", no_wrap=True)
    for case in cases:
        table.add_row(
            case.network + ("" if case.trained else "*"),
            case.schedule,
            str(case.multipliers),
            str(case.lanes),
            f"{case.cycles:,.0f}",
            f"{case.cycles_predicted:,.0f}",
            f"{case.latency_cycles:,}",
            f"{case.efficiency:.2f}",
            f"{case.multiplier_efficiency:.2f}",
        )
    console.print(table)
    console.print(
        "useful: useful MACs / (multipliers x cycles); then those of layers 2 to 4 alone:"
    )
    console.print("layer 1 sums in look-up tables    * random weights\n")
    peers = Table(title="published peers")
    peers.add_column("who")
    peers.add_column("useful", justify="right")
    peers.add_column("GOPS/mult.", justify="right")
    peers.add_column("stated")
    for peer in PEERS:
        figures = ["" if f is None else f"{f:.2f}" for f in (peer.macs, peer.gops)]
        peers.add_row(peer.who, *figures, peer.stated)
    console.print(peers)
    speed = Table(title="avatars a second on this machine, one thread")
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
        "cases": [
            {
                **asdict(case),
                "efficiency": round(case.efficiency, 3),
                "multiplier_efficiency": round(case.multiplier_efficiency, 3),
            }
            for case in cases
        ],
        "images_per_second": rates,
        "growth_predicted": curves,
        "stored_fraction": density,
        "peers": [asdict(peer) for peer in PEERS],
    }
    write_atomically(out / "report.json", (json.dumps(report, indent=2) + "\n").encode())
    write_atomically(out / "bench.png", picture(cases, rates, curves))


def picture(cases: Sequence[Case], rates: dict[str, float], curves: dict[str, list[dict]]) -> bytes:
    """PNG: cycles, efficiency beside the published peers, growth, images a second."""
    figure, axes = plt.subplots(3, 2, figsize=(13, 11), constrained_layout=True)
    labels = [f"{case.network}, {case.schedule}" for case in cases]
    colours = [SHADES[case.schedule] for case in cases]

    cycles = axes[0, 0].barh(labels, [case.cycles for case in cases], color=colours)
    axes[0, 0].bar_label(cycles, fmt="{:,.0f}", padding=3, fontsize=8)
    axes[0, 0].set_xscale("log")
    axes[0, 0].margins(x=0.25)
    axes[0, 0].set_title("cycles an RGB avatar, at most 156 multipliers (simulated)")

    peers = [peer for peer in PEERS if peer.macs is not None]
    names = [*labels, *(peer.who for peer in peers)]
    values = [*(case.efficiency for case in cases), *(peer.macs for peer in peers)]
    useful = axes[0, 1].barh(names, values, color=[*colours, *["#444444"] * len(peers)])
    axes[0, 1].bar_label(useful, fmt="{:.2f}", padding=3, fontsize=8)
    axes[0, 1].margins(x=0.12)
    axes[0, 1].set_title("useful MACs a multiplier and cycle (dark: published)")

    networks = list(dict.fromkeys(point["network"] for point in curves["multipliers"]))
    for name in networks:
        points = [p for p in curves["multipliers"] if p["network"] == name]
        x, y = [p["multipliers"] for p in points], [p["cycles"] for p in points]
        axes[1, 0].loglog(x, y, "o-", label=name)
    axes[1, 0].set_xlabel("multipliers")
    axes[1, 0].set_title("cycles against multipliers (predicted)")
    axes[1, 0].legend()

    points = curves["channels"]
    axes[1, 1].loglog([p["channels"] for p in points], [p["cycles"] for p in points], "o-")
    for p in points:
        axes[1, 1].annotate(p["network"], (p["channels"], p["cycles"]), xytext=(-6, 6),
                            textcoords="offset points", ha="right")  # fmt: skip
    axes[1, 1].margins(x=0.2, y=0.12)
    axes[1, 1].set_xlabel("channels of the 4x4 map")
    axes[1, 1].set_title("cycles against channels (predicted)")

    bars = axes[2, 0].barh(list(rates), list(rates.values()), color=SHADES["skipping"])
    axes[2, 0].bar_label(bars, fmt="{:,.1f}", padding=3, fontsize=8)
    axes[2, 0].set_xscale("log")
    axes[2, 0].margins(x=0.2)
    axes[2, 0].set_title("avatars a second on this machine, one thread")

    error = [100 * (case.cycles_predicted / case.cycles - 1) for case in cases]
    axes[2, 1].barh(labels, error, color=colours)
    axes[2, 1].axvline(0, color="black", linewidth=0.8)
    axes[2, 1].set_xlabel("per cent")
    axes[2, 1].set_title("prediction against simulation")
    for axis in axes.flat:
        axis.title.set_fontsize(10)
    for axis in axes[1]:
        axis.xaxis.set_minor_formatter(NullFormatter())
        axis.set_xticks(TICKS, [str(tick) for tick in TICKS])
    for axis in (axes[0, 0], axes[0, 1], axes[2, 0], axes[2, 1]):
        axis.invert_yaxis()
        axis.tick_params(axis="y", labelsize=8)

    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    plt.close(figure)
    return buffer.getvalue()
