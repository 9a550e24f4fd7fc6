# SPDX-License-Identifier: Apache-2.0
"""What every experiment leaves behind: one JSON, one PNG, both written whole or not at all."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

from dcgan.core.files import write_atomically

matplotlib.use("Agg")
from matplotlib import pyplot
from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, GREY = "#3465a4", "#d9762b", "#5a9e3f", "#888888"


def write_figure(path: Path, figure: Figure, dpi: int = 110) -> None:
    """PNG without a date in it: the same result gives the same bytes."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    pyplot.close(figure)
    write_atomically(path, buffer.getvalue())


def show(axes, picture: np.ndarray, title: str) -> None:
    """A picture uint8 [H, W, 3] with crisp pixels and no axes."""
    axes.imshow(picture, interpolation="nearest")
    axes.set_title(title, fontsize=9)
    axes.set_axis_off()


def replace_block(path: Path, name: str, text: str) -> None:
    """Put ``text`` between ``<!-- generated: name ... -->`` and ``<!-- end of name -->`` in a file.

    The first marker may go on with the command that made the block. ValueError without markers.
    """
    old = path.read_text()
    pattern = (
        rf"(<!-- generated: {re.escape(name)}\b.*?-->\n).*?(<!-- end of {re.escape(name)} -->)"
    )
    new, found = re.subn(pattern, lambda m: f"{m[1]}{text}\n{m[2]}", old, flags=re.DOTALL)
    if found != 1:
        raise ValueError(f"{path} has {found} blocks named '{name}', one is needed")
    write_atomically(path, new.encode())


def table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A Markdown table; floats with four significant digits."""
    text = [[_cell(cell) for cell in row] for row in rows]
    lines = ["| " + " | ".join(row) + " |" for row in [list(header), ["---"] * len(header), *text]]
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if isinstance(value, float | np.floating):
        return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
    return str(value)
