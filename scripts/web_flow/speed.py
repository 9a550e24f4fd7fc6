# SPDX-License-Identifier: Apache-2.0
"""How large the page is and how fast: in Chromium, beside the same RTL as a program."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from dcgan.core.files import write_atomically
from dcgan.core.latents import draw_z
from dcgan.core.markdown import replace_block, table
from rich.console import Console

from tb.lib.network import Network
from tb.sim.run import draw_fast
from web_flow.browser import Browser, Tab
from web_flow.page import SINGLE, compressed_size
from web_flow.serve import serving

AVATARS, ROUNDS = 64, 3
READY = "document.documentElement?.dataset.ready === 'yes'"
FIRST = "Number(document.documentElement.dataset.first)"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Speed:
    """Bytes and rates of one page; seconds of processor time are those of all its threads."""

    network: str
    compressed_bytes: int
    single_bytes: int
    first_avatar_s: float
    first_from_disk_s: float
    browser_per_s: float
    browser_per_cpu_s: float
    program_per_cpu_s: float

    @property
    def share(self) -> float:
        """Speed in the browser, as a share of the program's."""
        return self.browser_per_cpu_s / self.program_per_cpu_s


def measure(chosen: Network, out: Path, say: Say = lambda text: None) -> Speed:
    """Open the page in `out` and race it; the best of a few rounds, in case others work here."""
    say("the same RTL as a program")
    program = max(_program(chosen) for _ in range(ROUNDS))
    say("the page in Chromium")
    with serving(out) as url, Browser() as browser:
        disk = browser.open((out / SINGLE).resolve().as_uri())
        disk.wait(READY)
        tab = browser.open(url)
        tab.wait(READY)
        rounds = [_race(browser, tab) for _ in range(ROUNDS)]
        first, first_disk = tab.ask(FIRST), disk.ask(FIRST)
    found = Speed(
        chosen.name,
        compressed_size(out),
        (out / SINGLE).stat().st_size,
        round(first / 1000, 2),
        round(first_disk / 1000, 2),
        round(max(wall for wall, _ in rounds), 1),
        round(max(cpu for _, cpu in rounds), 1),
        round(program, 1),
    )
    write_atomically(
        chosen.folder / "web" / "speed.json", json.dumps(asdict(found), indent=1) + "\n"
    )
    return found


def _race(browser: Browser, tab: Tab) -> tuple[float, float]:
    """Avatars a second of the wall clock and of the processor."""
    before = browser.cpu_seconds()
    seconds = tab.ask(f"avatarPage.race({AVATARS})")
    return AVATARS / seconds, AVATARS / (browser.cpu_seconds() - before)


def _program(chosen: Network) -> float:
    """Avatars a second of processor time that the Verilated program needs, its start included."""
    z = draw_z(AVATARS, 1)
    before = _children()
    draw_fast(chosen, z)
    return AVATARS / (_children() - before)


def _children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def present(found: Speed, readme: Path | None, console: Console) -> None:
    """Print the figures, and write them into a document that asks for them."""
    rows = [
        [f"page of `{found.network}`, compressed", f"{found.compressed_bytes / 1000:,.0f} KB"],
        ["one HTML file", f"{found.single_bytes / 1000:,.0f} KB"],
        [
            "opening to first avatar, served / from disk",
            f"{found.first_avatar_s:.2f} s / {found.first_from_disk_s:.2f} s",
        ],
        ["avatars a second in Chromium, one core", f"{found.browser_per_cpu_s:.1f}"],
        ["the same RTL as a program of this machine", f"{found.program_per_cpu_s:.1f}"],
        ["share", f"{found.share:.2f}"],
    ]
    for name, value in rows:
        console.print(f"{name:48s}{value}")
    console.print(f"{'by the wall clock, with what else runs here':48s}{found.browser_per_s:.1f}")
    if readme:
        replace_block(readme, "page", table(["measured", ""], rows))
