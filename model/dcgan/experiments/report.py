# SPDX-License-Identifier: Apache-2.0
"""What every experiment leaves behind: one JSON, one PNG, both written whole or not at all."""

from __future__ import annotations

import io
from pathlib import Path

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
