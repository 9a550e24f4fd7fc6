# SPDX-License-Identifier: Apache-2.0
"""The section of the page about flipped bits."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tb.evidence.faults import campaign
from tb.evidence.faults.inject import HANG, MASKED, NONE, RIGHT, SILENT, STATUS, TOLD
from tb.evidence.faults.registers import LASTING, classes
from tb.evidence.tables import percent, table

HEAD = """## Faults
Single bits of registers and memories of `tiny`, flipped in simulation (Verilator): any bit of a
class and any cycle of an avatar as likely as another, one while two avatars are drawn.

* **masked**: both pictures and all counters are right. **status**: only a counter is wrong.
* **told**: a picture is wrong or does not come, and a counter or the framing of the video stream
  shows it: restarts of `board_watchdog` and findings of `board_parity` are among the counters.
  **silent**: nothing shows it. **hang**: an avatar does not come, and the device stays busy.
* Unless the flip was masked (in a ROM always) the next avatar is asked for without a reset: right,
  wrong or **none**. Then it is asked for once more after a reset; a ROM keeps its flip.
"""

FIGURES = ("flips a class", "flips that stop nothing", "ROM flips told")


def outcomes(report: dict[str, Any]) -> Counter[str]:
    """Verdicts of a class, and what came after those that were not masked."""
    count: Counter[str] = Counter()
    for fault in report["faults"].values():
        count[fault["verdict"]] += 1
        for when in ("next", "reset"):
            if when in fault:
                count[f"{when} {fault[when]}"] += 1
                count[when] += 1
    return count


def section(reports: list[dict[str, Any]]) -> str:
    """Table of classes, and where the stream stops."""
    rows = []
    for report in reports:
        count = outcomes(report)
        rows.append(
            (
                report["class"],
                classes().get(report["class"], {"what": "no longer a class"})["what"],
                report["bits"],
                len(report["faults"]),
                *(count[verdict] for verdict in (MASKED, STATUS, TOLD, SILENT, HANG)),
                f"{count[f'next {RIGHT}']} of {count['next']}",
                count[f"next {NONE}"],
                f"{count[f'reset {RIGHT}']} of {count['reset']}",
                "" if campaign.is_fresh(report) else "stale",
            )
        )
    head = ("class", "holds", "bits", "flips", MASKED, STATUS, TOLD, SILENT, HANG)
    head += ("next right", "next none", "right after reset", "")
    text = f"{HEAD}\n{table(head, rows)}\n### Where a flip stops the stream\n"
    text += (
        "No avatar comes any more until a reset. Flips of each register, and how many stop it.\n\n"
    )
    if not (rows := stops(reports)):
        return f"{text}None does.\n"
    return text + table(("register", "class", "flips", "stop it"), rows)


def stops(reports: list[dict[str, Any]]) -> list[tuple[object, ...]]:
    """Registers with a flip after which no avatar comes without a reset, most stops first."""
    flips: Counter[tuple[str, str]] = Counter()
    stopped: Counter[tuple[str, str]] = Counter()
    for report in reports:
        for fault in report["faults"].values():
            place = (f"`{fault['module']}.{fault['name']}`", report["class"])
            flips[place] += 1
            stopped[place] += fault.get("next") == NONE
    order = sorted(stopped, key=lambda place: (-stopped[place], place))
    return [(*place, flips[place], stopped[place]) for place in order if stopped[place]]


def figures(reports: list[dict[str, Any]]) -> dict[str, float | None]:
    """What gates ask for, over what is fresh; None where a class was not measured.

    flips a class            of the class that has fewest
    flips that stop nothing  percent of those in registers and maps: an avatar still comes, unreset
    ROM flips told           percent of those in ROMs that a counter or the framing shows
    """
    fresh = {report["class"]: report for report in reports if campaign.is_fresh(report)}
    if set(fresh) != set(classes()):
        return dict.fromkeys(FIGURES)
    count = {name: outcomes(report) for name, report in fresh.items()}
    flips = {name: len(report["faults"]) for name, report in fresh.items()}
    others = [name for name in fresh if name != LASTING]
    stopped = sum(count[name][f"next {NONE}"] for name in others)
    every = sum(flips[name] for name in others)
    told = count[LASTING][TOLD] + count[LASTING][STATUS]
    found = (min(flips.values()), percent(every - stopped, every), percent(told, flips[LASTING]))
    return dict(zip(FIGURES, found, strict=True))
