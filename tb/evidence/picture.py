# SPDX-License-Identifier: Apache-2.0
"""Mutants of every module as bars: killed, proven equivalent, survived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

from tb.evidence.campaign import EQUIVALENT, KILLED, SURVIVED, TIMEOUT

COLOURS = {KILLED: "#2a9d8f", TIMEOUT: "#8ab17d", EQUIVALENT: "#bbbbbb", SURVIVED: "#e76f51"}


def draw(path: Path, modules: Mapping[str, Counter[str]]) -> None:
    """Write an SVG that is the same for the same numbers."""
    names = sorted(modules, reverse=True)
    figure = Figure(figsize=(7, 0.8 + 0.25 * len(names)), layout="constrained")
    axes = figure.subplots()
    left = [0] * len(names)
    for verdict, colour in COLOURS.items():
        widths = [modules[name][verdict] for name in names]
        axes.barh(names, widths, left=left, color=colour, label=verdict)
        left = [a + b for a, b in zip(left, widths, strict=True)]
    axes.set_xlabel("mutants")
    axes.legend(ncols=len(COLOURS), loc="lower center", bbox_to_anchor=(0.4, 1), frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}")
    with matplotlib.rc_context({"svg.hashsalt": path.name}):
        figure.savefig(beside, format="svg", metadata={"Date": None})
    beside.replace(path)
