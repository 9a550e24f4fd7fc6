# SPDX-License-Identifier: Apache-2.0
"""Folders of sprites that no setting was chosen with: space ships, and houses with their gardens.

python model/tests/sprite_folders.py ships build/ships 300
python model/tests/sprite_folders.py houses build/houses 300
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

Colour = tuple[int, int, int]

METALS: tuple[Colour, ...] = (
    *((176, 184, 196), (96, 120, 168), (168, 96, 88)),
    *((104, 144, 112), (196, 168, 96), (120, 104, 152)),
)
STRIPES: tuple[Colour, ...] = ((224, 72, 64), (248, 208, 72), (72, 200, 216), (240, 240, 240))
ROOFS: tuple[Colour, ...] = (
    *((168, 64, 56), (88, 96, 128), (120, 80, 56)),
    *((72, 112, 88), (200, 136, 64)),
)
WALLS: tuple[Colour, ...] = ((232, 220, 196), (208, 160, 136), (168, 184, 200), (216, 216, 168))


def shade(colour: Colour, share: float = 0.7) -> Colour:
    return tuple(round(share * value) for value in colour)


def ship(dice: random.Random) -> Image.Image:
    """A ship from above: hull, wings, cockpit, flame, a stripe; the left half is mirrored."""
    half = Image.new("RGBA", (16, 32))
    draw = ImageDraw.Draw(half)
    metal, stripe = dice.choice(METALS), dice.choice(STRIPES)
    wings, flame = dice.randrange(5), dice.randrange(3)
    hull, cockpit = dice.randrange(4), dice.randrange(3)
    shapes = (
        [(16, 12), (2, 24), (2, 27), (16, 22)],
        [(16, 18), (5, 18), (1, 12), (1, 28), (16, 24)],
        [(16, 10), (6, 14), (6, 26), (16, 26)],
        [(16, 20), (9, 28), (4, 28), (12, 16)],
        [(16, 14), (0, 16), (0, 19), (16, 24)],
    )
    draw.polygon(shapes[wings], fill=shade(metal), outline=shade(metal, 0.45))
    if flame:
        draw.polygon([(13, 26), (16, 26), (16, 28 + 2 * flame - 1)], fill=(248, 176, 48))
    bodies = (
        [(16, 2), (12, 8), (11, 26), (16, 26)],
        [(16, 4), (10, 12), (10, 22), (13, 26), (16, 26)],
        [(14, 3), (13, 26), (16, 26), (16, 3)],
        [(16, 2), (9, 26), (16, 26)],
    )
    draw.polygon(bodies[hull], fill=metal, outline=shade(metal, 0.45))
    draw.rectangle((14, 19, 15, 21), fill=stripe)
    if cockpit == 0:
        draw.rectangle((15, 9, 15, 13), fill=(72, 208, 240))
    elif cockpit == 1:
        draw.rectangle((14, 11, 15, 13), fill=(40, 56, 96))
    else:
        draw.point([(15, 8), (15, 11), (15, 14)], fill=(248, 248, 160))
    whole = Image.new("RGBA", (32, 32))
    whole.paste(half, (0, 0))
    whole.paste(ImageOps.mirror(half), (16, 0))
    return whole


def house(dice: random.Random) -> Image.Image:
    """A house from the front: walls, roof, door, windows, chimney, and what grows beside it."""
    image = Image.new("RGBA", (32, 32), (152, 200, 240, 255))
    draw = ImageDraw.Draw(image)
    roof, wall = dice.choice(ROOFS), dice.choice(WALLS)
    form, door, windows = dice.randrange(4), dice.randrange(3), dice.randrange(4)
    chimney, garden, brick = dice.randrange(2), dice.randrange(3), dice.randrange(2)
    draw.rectangle((0, 27, 31, 31), fill=(104, 168, 80))
    if chimney:
        draw.rectangle((20, 4, 22, 12), fill=(136, 72, 64))
    draw.rectangle((7, 14, 24, 28), fill=wall, outline=shade(wall))
    if brick:
        for y in range(16, 28, 4):
            draw.line((8, y, 23, y), fill=shade(wall, 0.85))
    roofs = (
        [(5, 14), (15, 4), (16, 4), (26, 14)],
        [(5, 14), (9, 7), (22, 7), (26, 14)],
        [(5, 14), (5, 10), (26, 10), (26, 14)],
        [(5, 14), (24, 5), (26, 14)],
    )
    draw.polygon(roofs[form], fill=roof, outline=shade(roof))
    if door == 0:
        draw.rectangle((14, 21, 17, 28), fill=(104, 64, 40))
    elif door == 1:
        draw.rectangle((13, 20, 18, 28), fill=(64, 96, 72))
        draw.point((17, 24), fill=(248, 216, 96))
    else:
        draw.ellipse((13, 19, 18, 26), fill=(160, 64, 56))
        draw.rectangle((13, 23, 18, 28), fill=(160, 64, 56))
    for x in {0: (), 1: (9, 20), 2: (9,), 3: (20,)}[windows]:
        draw.rectangle((x, 17, x + 2, 20), fill=(248, 240, 160), outline=(80, 72, 88))
    if garden == 1:
        draw.rectangle((28, 20, 29, 28), fill=(112, 80, 48))
        draw.ellipse((25, 12, 31, 21), fill=(56, 128, 64))
    elif garden == 2:
        draw.point([(2, 26), (4, 25), (3, 27)], fill=(232, 72, 120))
        draw.line((1, 28, 5, 28), fill=(64, 136, 72))
    return image


KINDS: dict[str, Callable[[random.Random], Image.Image]] = {"ships": ship, "houses": house}


def main(kind: str, folder: Path, count: int) -> None:
    """Write `count` random sprites as PNG files."""
    folder.mkdir(parents=True, exist_ok=True)
    dice = random.Random(7)
    for number in range(count):
        KINDS[kind](dice).save(folder / f"{kind}_{number:03d}.png")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
