#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write figures and pictures into the READMEs, from the latest reports.

make sim SIM=verilator && make synth BOARD=ulx3s && make bench && make readme

The front pages need the report of `make sim SIM=verilator`. The reports of boards and of
the benchmark are taken where they exist. Status 1 with --check if a page would change.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

try:
    from dcgan_cli.arguments import Parser, command
except ModuleNotFoundError:
    raise SystemExit("error: `make setup`, then run this with .venv/bin/python") from None

from dcgan.core.markdown import read_block, replace_block
from dcgan.hw.cycle_model import multiplied_macs
from synth_flow.boards import names
from synth_flow.report import sources_digest

from tb.lib.network import exported
from tb.sim.measure import measured

ROOT = Path(__file__).resolve().parent.parent
PICTURES = {
    "networks/compact/sim/verilator/avatars.png": "tb/sim/avatars.png",
    "bench/bench.png": "tb/bench/bench.png",
    "bench/timeline.svg": "tb/bench/timeline.svg",
}
NETWORK, BOARD = "compact", "ulx3s"
FRONT_PAGES = {"README.md": 0, "README.ja.md": 1}
"""Front page -> which of the two languages of TITLES it takes."""
TITLES = {
    "head": ("`compact`, one RGB avatar of 32x32", "`compact`、RGB アバター 1 枚（32x32）"),
    "verilator": (
        "pixels that differ from the integer model, Verilator",
        "整数モデルと異なる画素（Verilator）",
    ),
    "icarus": (
        "pixels that differ from the integer model, Icarus",
        "整数モデルと異なる画素（Icarus）",
    ),
    "psnr": ("integer model against float network", "整数モデルと浮動小数点ネットワークの PSNR"),
    "multipliers": ("multipliers, each with two lanes", "乗算器（1 個で積 2 個）"),
    "cycles": ("cycles an avatar, steady state", "アバター 1 枚のサイクル数（定常状態）"),
    "latency": (
        "cycles from first latent byte to last pixel",
        "潜在ベクトルの最初のバイトから最後の画素までのサイクル数",
    ),
    "gops": (
        "useful GOPS of layers 2 to 4 a multiplier at that clock",
        "同クロックでの乗算器 1 個あたりの有効 GOPS（第 2〜4 層）",
    ),
    "macs": (
        "useful MACs of layers 2 to 4 a multiplier and cycle",
        "乗算器 1 個・1 サイクルあたりの有効積和演算（第 2〜4 層）",
    ),
    "clock": (
        "ECP5-85F, post-route clock estimate, pinned seed",
        "ECP5-85F の配線後クロック見積もり（固定シード）",
    ),
    "worst": ("the same, worst seed of those run", "同、試したシードのうち最悪値"),
    "rate": ("avatars a second at the clock asked for", "要求クロックでの毎秒アバター数"),
}


@command
def main(words: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = Parser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say whether a README is old")
    check = parser.parse_args(words).check
    changed = False
    for page, name, text in blocks():
        if read_block(ROOT / page, name) != text:
            changed = True
            print(f"{page}: {name} {'is old' if check else 'renewed'}")
            if not check:
                replace_block(ROOT / page, name, text)
    if check:
        return int(changed)
    for built, committed in PICTURES.items():
        if (ROOT / "build" / built).is_file():
            shutil.copyfile(ROOT / "build" / built, ROOT / committed)
    print("READMEs and pictures are up to date")
    return 0


def blocks() -> list[tuple[str, str, str]]:
    """(page, name of the block, text) of everything that the present reports can fill."""
    found = [(page, "results", results(language)) for page, language in FRONT_PAGES.items()]
    for board in names():
        made = routed(board)
        if made:
            line = board_line(made) if "fmax_mhz" in made else resource_line(made)
            found.append(("constraints/README.md", board, line))
    bench = report("bench")
    return [*found, ("rtl/README.md", "bench", bench_table(bench))] if bench else found


def report(name: str) -> dict[str, Any] | None:
    """build/<name>/report.json, None if there is none."""
    path = ROOT / "build" / name / "report.json"
    return json.loads(path.read_text()) if path.is_file() else None


def routed(board: str) -> dict[str, Any] | None:
    """The report of `make synth` about a board; None if there is none, or one of other sources."""
    made = report(f"synth/{board}")
    if made and made.get("sources") != sources_digest():
        print(f"build/synth/{board} is of other sources: run make synth BOARD={board}")
        return None
    return made


def simulated(simulator: str) -> dict[str, Any] | None:
    """The report of `make sim` about the network of the front page."""
    return report(f"networks/{NETWORK}/sim/{simulator}")


def results(language: int) -> str:
    """The table of the front page in one language."""
    verilator, ecp5 = simulated("verilator"), routed(BOARD)
    if verilator is None:
        raise ValueError(f"no report of {NETWORK} on Verilator: run `make sim SIM=verilator`")
    cycles = measured(exported(NETWORK))
    rows = {}
    for found in filter(None, (verilator, simulated("icarus"))):
        rows[found["simulator"]] = f"{found['mismatches']} / {found['pixels_compared']:,}"
    rows["psnr"] = f"{verilator['psnr_float_db']:.1f} dB"
    rows["multipliers"] = f"{verilator['multipliers']}"
    rows["cycles"] = f"{cycles.cycles_per_avatar:,.0f}"
    rows["latency"] = f"{cycles.latency_cycles:,}"
    macs = multiplied_macs(exported(NETWORK).integers.config)
    rows["macs"] = f"{macs / verilator['multipliers'] / cycles.cycles_per_avatar:.2f}"
    if ecp5:
        rate = ecp5["clock_mhz"] * 1e6 / cycles.cycles_per_avatar
        rows["clock"] = f"{ecp5['fmax_mhz']:.1f} MHz"
        if len(ecp5["seeds_run"]) > 1:
            rows["worst"] = f"{ecp5['fmax_mhz_worst_seed']:.1f} MHz / {len(ecp5['seeds_run'])}"
        rows["gops"] = f"{2 * macs * rate / verilator['multipliers'] / 1e9:.2f}"
        rows["rate"] = f"{rate:,.0f} ({ecp5['clock_mhz']:g} MHz)"
    lines = [f"| {TITLES['head'][language]} | |", "| --- | --: |"]
    return "\n".join([*lines, *(f"| {TITLES[k][language]} | {v} |" for k, v in rows.items())])


def board_line(made: dict[str, Any]) -> str:
    """What place and route of one board gave, as an item of a list."""
    seeds = ", ".join(f"{run['fmax_mhz']:.1f}" for run in made["seeds_run"])
    numbers = ", ".join(str(run["seed"]) for run in made["seeds_run"])
    rate = made["clock_mhz"] * 1e6 / made["cycles_per_avatar"]
    return (
        f"- `{made['board']}` ({made['network']}): {made['mult18x18d']} of "
        f"{made['mult18x18d_available']} multipliers, {made['ebr']} of {made['ebr_available']} "
        f"block RAMs, {made['lut4']:,} of {made['lut4_available']:,} look-up tables; "
        f"{made['clock_mhz']:g} MHz asked, {seeds} MHz with seed {numbers}, pinned is seed "
        f"{made['seed']}; {rate:,.0f} avatars a second at "
        f"{made['cycles_per_avatar']:,.0f} cycles each."
    )


def resource_line(made: dict[str, Any]) -> str:
    """What synthesis without place and route counted, as an item of a list."""
    used = ", ".join(
        f"{count:,g} of {made['limits'][kind]:,} {kind}" for kind, count in made["used"].items()
    )
    return f"- `{made['board']}` ({made['network']}), resources only (Yosys): {used}."


def bench_table(bench: dict[str, Any]) -> str:
    """Schedules and rates of `make bench`."""
    rows = [
        "| network | schedule | multipliers | lanes | cycles an avatar | predicted | latency | "
        "useful MACs / (multipliers x cycles) | of layers 2 to 4 alone |",
        "| --- | --- | --: | --: | --: | --: | --: | --: | --: |",
    ]
    for case in bench["cases"]:
        weights = "" if case["trained"] else " (random weights)"
        rows.append(
            f"| {case['network']}{weights} | {case['schedule']} | {case['multipliers']} "
            f"| {case['lanes']} | {case['cycles']:,.0f} | {case['cycles_predicted']:,.0f} "
            f"| {case['latency_cycles']:,} | {case['efficiency']:.2f} "
            f"| {case['multiplier_efficiency']:.2f} |"
        )
    rows += ["", "| compact avatars on one thread of the machine that ran this | images/s |"]
    rows += ["| --- | --: |"]
    rows += [f"| {title} | {rate:,.1f} |" for title, rate in bench["images_per_second"].items()]
    rows += [
        "",
        "| published | useful MACs / (multipliers x cycles) | GOPS a multiplier | source |",
    ]
    rows += ["| --- | --: | --: | --- |"]
    for p in bench["peers"]:
        figures = ["" if p[key] is None else f"{p[key]:.2f}" for key in ("macs", "gops")]
        rows.append(f"| {p['who']} | {' | '.join(figures)} | {p['stated']}; {p['source']} |")
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
