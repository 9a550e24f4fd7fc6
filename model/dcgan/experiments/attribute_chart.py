# SPDX-License-Identifier: Apache-2.0
"""What each attribute of a network means, in a picture: its values on the same avatar.

Attributes that were found have numbers for names; whoever asks for one wants to see it first.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from dcgan.core.images import BACKGROUND, planes_last
from dcgan.core.latents import draw_z
from dcgan.core.renderer import Renderer
from dcgan.experiments.figures import Result
from dcgan.render.asked import code_of

SIDE, GAP, TEXT = 96, 6, 16
NAMES = 90
"""Width of the column of names."""


def attribute_chart(render: Renderer, seed: int) -> Result:
    """One avatar with each value of each attribute in turn: a row an attribute, a column a value.

    ValueError for a network whose latents code none.
    """
    code = code_of(render.about)
    base = draw_z(1, seed)
    z = np.concatenate(
        [
            code.asking_for(base, {attribute: value}, seed)
            for attribute, size in enumerate(code.sizes)
            for value in range(size)
        ]
    )
    pixels = render(z)
    names = render.about["attribute_order"]
    values = [render.about["attributes"][name] for name in names]
    rows = np.split(planes_last(pixels), np.cumsum(code.sizes)[:-1])
    facts = {"attributes": dict(zip(names, values, strict=True))}
    return Result(z, pixels, _chart(rows, names, values), facts)


def _chart(rows: list[np.ndarray], names: list[str], values: list[list[str]]) -> np.ndarray:
    """Rows of avatars uint8 [n, 32, 32, 3] with their names, as one picture."""
    width = NAMES + max(map(len, rows)) * (SIDE + GAP) + GAP
    picture = Image.new("RGB", (width, len(rows) * (SIDE + TEXT + GAP) + GAP), (BACKGROUND,) * 3)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(TEXT - 4)
    for row, (avatars, name, words) in enumerate(zip(rows, names, values, strict=True)):
        top = GAP + row * (SIDE + TEXT + GAP)
        pen.text((GAP, top + SIDE // 2), name, "white", font)
        for column, (avatar, word) in enumerate(zip(avatars, words, strict=True)):
            left = NAMES + column * (SIDE + GAP)
            shown = Image.fromarray(avatar).resize((SIDE, SIDE), Image.Resampling.NEAREST)
            picture.paste(shown, (left, top))
            pen.text((left, top + SIDE), word, "white", font)
    return np.asarray(picture)
