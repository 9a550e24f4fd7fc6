# SPDX-License-Identifier: Apache-2.0
"""A network into a design that is routed already: other contents of block RAMs, no more."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from dcgan.core.files import write_atomically

from . import bitstream, energy, memories, readback, tools
from .boards import ROOT, Board, FlowError

MARKERS = "markers"
ROUTED = "routed.json"
"""Beside a routed design: what it was made from, where its configuration is, its report."""


def digest(parts: Iterable[bytes]) -> str:
    """The key of what is made of `parts`: it changes with any of them, and with their order."""
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def remember(folder: Path, key: str, config: Path, report: dict, missed: str) -> None:
    """Write down that the design in `folder` is routed; `missed` says which clock it misses."""
    record = {
        "key": key,
        "config": str(config.relative_to(folder)),
        "sha256": hashlib.sha256(config.read_bytes()).hexdigest(),
        "missed": missed,
        "report": report,
    }
    write_atomically(folder / ROUTED, json.dumps(record, indent=2) + "\n")


def routed(folder: Path, key: Callable[[], str], board: Board, advice: str) -> dict:
    """What `remember` wrote; FlowError if there is none, or if the sources have changed."""
    record = folder / ROUTED
    if not record.is_file():
        raise FlowError(f"{board.title} has not been routed for this hardware yet: run `{advice}`")
    found = json.loads(record.read_text())
    config = folder / found["config"]
    if found["key"] != key():
        raise FlowError(
            f"the sources have changed since {board.title} was routed: run `{advice}` again"
        )
    if not config.is_file() or hashlib.sha256(config.read_bytes()).hexdigest() != found["sha256"]:
        raise FlowError(f"the routed configuration of {board.title} is damaged: run `{advice}`")
    return found


def fill(board: Board, design: Path, config: Path, rom_dir: Path, folder: Path) -> dict[str, int]:
    """Configuration and ROMs -> the bitstream in `folder`, packed and read back.

    `design` is the folder of the routed design. Returns ROM -> how many blocks hold it.
    """
    filled, half = folder / "filled.config", folder / "bitstream.part"
    text = memories.fill_configuration(config.read_text(), design / MARKERS, rom_dir)
    filled.write_text(text)
    try:
        tools.run(
            "yowasp-ecppack",
            "--compress",
            *("--input", str(filled.relative_to(ROOT))),
            *("--bit", str(half.relative_to(ROOT))),
            log=folder / "ecppack.log",
        )
    finally:
        filled.unlink()
    contents = bitstream.blocks(half.read_bytes())
    if contents != readback.blocks(text):
        raise FlowError("the bitstream does not hold the block RAMs that it was packed from")
    found = readback.compare(contents, rom_dir)
    half.replace(folder / f"{board.name}.bit")  # `make prog` must never find half of one
    return found


def retarget(
    board: Board, design: Path, found: dict, rom_dir: Path, folder: Path, cycles: float
) -> dict:
    """The bitstream of another network from the routed design `found`; returns its report.

    FlowError if the routing misses a clock: that of every network, then.
    """
    began = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    read_back = fill(board, design, design / found["config"], rom_dir, folder)
    routing = found["report"]
    report = {
        **routing,
        "network": board.network,
        "timing": f"timing of the preset's routing, made with seed {routing['seed']}",
        "cycles_per_avatar": cycles,
        "avatars_per_second": round(board.clock * 1e6 / cycles, 1),
        "roms_read_back": read_back,
        "seconds": {"retarget": round(time.monotonic() - began, 1)},
    }
    report["energy"] = energy.estimate(
        report, board.device, board.clock, report["avatars_per_second"]
    )
    write_atomically(folder / "report.json", json.dumps(report, indent=2) + "\n")
    if folder != design and (design / "utilisation.png").is_file():
        shutil.copyfile(design / "utilisation.png", folder / "utilisation.png")
    if found["missed"]:
        raise FlowError(found["missed"])
    return report
