# SPDX-License-Identifier: Apache-2.0
"""Networks as a board takes them, out of files of integers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .client import BoardError

if TYPE_CHECKING:
    from dcgan.hw.folding import Folding
    from dcgan.quant.int_generator import IntegerGenerator


@dataclass(frozen=True)
class Image:
    """Contents of every memory, preset of the hardware that has them, identity of the network."""

    data: bytes
    preset: int
    identity: int


def network_image(integers: IntegerGenerator, folding: Folding | None = None) -> Image:
    """A network for hardware of `folding`, by default the one that is shipped for its preset.

    BoardError if there is none; ValueError if that hardware cannot hold the network.
    """
    from dcgan.hw.image import image_bytes
    from dcgan.hw.shape_package import preset_number
    from dcgan.hw.widths import check_fits

    folding = folding or usual_folding(integers)
    if folding is None:
        raise BoardError(
            f"no folding is shipped for the shape of {integers.config.name}: give the one that the "
            "board was built with (--folding)"
        )
    check_fits(integers, folding)
    data = image_bytes(integers, folding)
    return Image(data, preset_number(integers.config, folding), integers.identity)


def usual_folding(integers: IntegerGenerator) -> Folding | None:
    """The folding that is shipped for this shape."""
    from dcgan.core.shapes import PRESETS
    from dcgan.hw.folding import default_folding

    return default_folding(integers.config) if integers.config.name in PRESETS else None
