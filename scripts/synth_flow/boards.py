# SPDX-License-Identifier: Apache-2.0
"""Boards are data: constraints/board_<name>.toml names chip, network and clock."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONSTRAINTS = ROOT / "constraints"
CRYSTAL_MHZ = 25


class FlowError(RuntimeError):
    """Something that the user can do something about."""


@dataclass(frozen=True)
class Board:
    """One board with one network. Clock = 25 MHz * multiply / divide (ECP5 boards)."""

    name: str
    title: str
    family: str
    network: str
    device: str
    top: str
    package: str = ""
    speed: int = 6
    programmer: str = ""
    divide: int = 1
    multiply: int = 4
    post: int = 6
    wall_scale: int = 0
    clock_mhz: float = 0.0
    seed: int = 1
    seeds: tuple[int, ...] = (1,)
    limits: dict[str, int] = field(default_factory=dict)
    chip: str = ""  # of `chips`; the rest of the board is the same for all of them
    chips: dict[str, dict[str, str]] = field(default_factory=dict)
    folded_for: str = ""  # chip as dcgan.hw.folding_search knows it

    @property
    def clock(self) -> float:
        """System clock in MHz."""
        return self.clock_mhz or CRYSTAL_MHZ * self.multiply / self.divide

    @property
    def pins(self) -> Path:
        """Pin constraints, relative to the repository root."""
        return Path("constraints") / f"{self.top}.lpf"


def with_chip(board: Board, chip: str | None) -> Board:
    """The same board with another chip of its `chips`, None for the usual one; FlowError if it has
    none of this name.

    Placement seeds were chosen for the usual chip: with another one SEEDS=all may be needed.
    """
    if not chip or chip == board.chip:
        return board
    if chip not in board.chips:
        raise FlowError(f"{board.title} comes with {', '.join(board.chips) or 'one chip only'}")
    return replace(board, chip=chip, **board.chips[chip])


def names() -> list[str]:
    """Boards that exist."""
    return sorted(p.stem.removeprefix("board_") for p in CONSTRAINTS.glob("board_*.toml"))


def load(name: str) -> Board:
    """Read one board; FlowError if it does not exist or its numbers cannot be."""
    path = CONSTRAINTS / f"board_{name}.toml"
    if not path.is_file():
        raise FlowError(f"no board {name!r}: choose one of {', '.join(names())}")
    data = tomllib.loads(path.read_text())
    data.setdefault("top", f"board_{name}")
    data["seeds"] = tuple(data.get("seeds", (1,)))
    try:
        board = Board(name=name, **(data.get("chips", {}).get(data.get("chip"), {}) | data))
    except TypeError as cause:
        raise FlowError(f"{path.name}: {cause}") from cause
    vco = board.clock * board.post
    if board.family == "ecp5" and not 400 <= vco <= 800:
        raise FlowError(f"{path.name}: the PLL would run at {vco:.0f} MHz, allowed are 400 to 800")
    return board
