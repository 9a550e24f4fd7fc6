# SPDX-License-Identifier: Apache-2.0
"""The section of the page about many avatars."""

from __future__ import annotations

from typing import Any

from tb.evidence.soak import campaign
from tb.evidence.tables import table

HEAD = """## Soak
Avatars of `{network}` in simulation (Verilator), {avatars} of each seed, every pixel compared with
the golden model. Half of them back to back, half with the stalls of the row. What has no reset
begins at random values. Together {right:,} avatars in {cycles:,} cycles, {wrong} wrong pixels.
"""


def section(result: dict[str, Any] | None) -> str:
    """A row for each pair of stalls."""
    if not result or not result["seeds"]:
        return "## Soak\nNot measured.\n"
    seeds = result["seeds"].values()
    rows = []
    for pair in campaign.PAIRS:
        own = [one for one in seeds if tuple(one["stalls"]) == pair]
        names = (campaign.PATTERNS[side] for side in pair)
        count = (len(own), len(own) * result["avatars"], sum(one["wrong"] for one in own))
        rows.append((*names, *count, "" if campaign.is_fresh(result) else "stale"))
    head = HEAD.format(
        network=result["network"],
        avatars=result["avatars"],
        right=len(seeds) * result["avatars"],
        cycles=sum(one["cycles"] for one in seeds),
        wrong=sum(one["wrong"] for one in seeds),
    )
    columns = ("source pauses", "sink pauses", "seeds", "avatars", "wrong pixels", "")
    return f"{head}\n{table(columns, rows)}"


def figure(result: dict[str, Any] | None) -> int | None:
    """Avatars that were drawn, if all are right; None where nothing fresh was measured."""
    if not result or not campaign.is_fresh(result):
        return None
    if any(one["wrong"] for one in result["seeds"].values()):
        return 0
    return len(result["seeds"]) * result["avatars"]
