# SPDX-License-Identifier: Apache-2.0
"""A folder of sprites that the project has never seen: potion bottles on transparent background.

python model/tests/potions.py build/potions 300
python model/train.py --data build/potions

Nothing in the recipe was chosen with these pictures; `--data` has to learn them as they come.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from PIL import Image, ImageDraw

GLASS, OUTLINE, SHINE = (196, 220, 232, 255), (44, 40, 56, 255), (255, 255, 255, 255)
LIQUIDS = (
    *((208, 56, 64), (64, 120, 216), (72, 176, 88)),
    *((232, 184, 56), (152, 72, 192), (48, 184, 192)),
)
CORKS = ((152, 104, 64), (96, 64, 48), (216, 192, 152))
LABELS = (None, (240, 232, 208), (64, 56, 72))
SHAPES = ("round", "square", "cone", "tall", "twin")
LEVELS = (0.45, 0.7, 0.95)


def body(shape: str, grow: int) -> list[tuple[str, tuple[int, int, int, int]]]:
    """What the glass is made of, each part larger by `grow` pixels on every side."""
    boxes = {
        "round": [("ellipse", (7, 12, 24, 29))],
        "square": [("rectangle", (8, 13, 23, 28))],
        "cone": [("polygon", (15, 9, 6, 28))],
        "tall": [("rectangle", (11, 9, 20, 28))],
        "twin": [("ellipse", (9, 9, 22, 18)), ("ellipse", (7, 16, 24, 29))],
    }
    return [
        (kind, (a - grow, b - grow, c + (-grow if kind == "polygon" else grow), d + grow))
        for kind, (a, b, c, d) in boxes[shape]
    ]


def fill(draw: ImageDraw.ImageDraw, shape: str, grow: int, colour) -> None:
    for kind, (a, b, c, d) in body(shape, grow):
        if kind == "polygon":
            draw.polygon([(a, b), (31 - a, b), (31 - c, d), (c, d)], fill=colour)
        else:
            getattr(draw, kind)((a, b, c, d), fill=colour)


def potion(shape: str, liquid, cork, label, level: float) -> Image.Image:
    """One bottle, 32x32 RGBA."""
    image = Image.new("RGBA", (32, 32))
    draw = ImageDraw.Draw(image)
    draw.rectangle((12, 3, 19, 13), fill=OUTLINE)
    fill(draw, shape, 1, OUTLINE)
    draw.rectangle((13, 6, 18, 13), fill=GLASS)
    fill(draw, shape, 0, GLASS)
    draw.rectangle((13, 2, 18, 6), fill=(*cork, 255))
    full = Image.new("RGBA", (32, 32))
    fill(ImageDraw.Draw(full), shape, 0, (*liquid, 255))
    top = round(28 - level * 18)
    image.paste(full.crop((0, top, 32, 32)), (0, top), full.crop((0, top, 32, 32)))
    if label:
        draw.rectangle((12, 20, 19, 24), fill=(*label, 255))
    draw.line((11, 15, 11, 18), fill=SHINE)
    return image


def main(folder: Path, count: int) -> None:
    """Write `count` random bottles as PNG files."""
    folder.mkdir(parents=True, exist_ok=True)
    dice = random.Random(5)
    for number in range(count):
        chosen = [dice.choice(kind) for kind in (SHAPES, LIQUIDS, CORKS, LABELS, LEVELS)]
        potion(*chosen).save(folder / f"potion_{number:03d}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
