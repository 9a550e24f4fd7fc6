# SPDX-License-Identifier: Apache-2.0
"""The project's own training images: chibi avatars in the manner of role-playing-game sprites.

An avatar is a whole figure on black, 32x32, drawn from `avatar_parts.txt` layer by layer: hair
behind the body, outfit, face, eyes, hair in front, accessory. Every figure stands in the same
place, and every colour is flat with one shadow tone. The paper's sprites (section 4.2) vary in
eyes, hair style, hair colour, clothes and accessories; so do these, and in skin.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from dcgan.core.shapes import IMAGE_SIZE

Colour = tuple[int, int, int]

HAIR_STYLES = (
    *("short", "bob", "long", "twintails", "spiky", "afro"),
    *("buns", "braids", "hime", "mohawk", "wavy", "swept"),
)
HAIR_COLOURS: dict[str, Colour] = {
    "raven": (74, 72, 104),
    "brown": (138, 88, 56),
    "blond": (236, 200, 100),
    "red": (200, 78, 56),
    "blue": (80, 124, 208),
    "green": (88, 164, 104),
    "pink": (236, 144, 176),
    "silver": (200, 208, 220),
}
EYE_SHAPES = ("round", "bright", "sharp")
EYE_COLOURS: dict[str, Colour] = {
    "blue": (56, 96, 200),
    "green": (48, 136, 72),
    "brown": (120, 64, 32),
    "violet": (136, 64, 168),
}
SKINS: dict[str, Colour] = {
    "light": (255, 224, 196),
    "tan": (236, 188, 148),
    "dark": (168, 112, 80),
}
OUTFITS: dict[str, tuple[Colour, Colour, Colour]] = {
    "tunic": ((88, 160, 88), (136, 92, 56), (224, 208, 152)),
    "robe": ((112, 80, 168), (232, 192, 88), (232, 192, 88)),
    "dress": ((224, 112, 144), (248, 232, 232), (176, 64, 96)),
    "armour": ((176, 188, 204), (72, 96, 168), (232, 192, 88)),
    "sailor": ((64, 80, 152), (240, 240, 248), (208, 64, 64)),
    "overalls": ((72, 112, 184), (240, 208, 88), (152, 96, 56)),
    "kimono": ((200, 64, 72), (248, 240, 224), (232, 184, 80)),
    "hoodie": ((232, 136, 64), (248, 240, 224), (80, 96, 144)),
    "suit": ((92, 96, 116), (244, 244, 244), (192, 56, 56)),
    "maid": ((84, 72, 104), (240, 240, 248), (240, 240, 248)),
}
ACCESSORIES: dict[str, tuple[Colour, Colour]] = {
    "none": ((0, 0, 0), (0, 0, 0)),
    "glasses": ((64, 56, 72), (64, 56, 72)),
    "bow": ((216, 64, 88), (248, 152, 168)),
    "crown": ((240, 200, 80), (216, 64, 72)),
    "headphones": ((216, 216, 224), (72, 176, 192)),
    "hat": ((96, 80, 152), (232, 192, 88)),
    "scarf": ((208, 80, 72), (208, 80, 72)),
}
FIXED_COLOURS: dict[str, Colour] = {
    "K": (48, 36, 48),
    "W": (255, 255, 255),
    "M": (184, 88, 88),
}
ROLES = ".SsHhEeAaBbCcXxYyPKWM"
"""Letters of `avatar_parts.txt`; the small letter is the shadow of the capital."""
SHADOW = 0.72
"""Brightness of a shadow tone relative to its base colour."""


@dataclass(frozen=True)
class Attributes:
    """One avatar, as indices into the tuples and tables above."""

    hair_style: int
    hair_colour: int
    eye_shape: int
    eye_colour: int
    skin: int
    outfit: int
    accessory: int


CHOICES: dict[str, tuple[str, ...]] = {
    "hair_style": HAIR_STYLES,
    "hair_colour": tuple(HAIR_COLOURS),
    "eye_shape": EYE_SHAPES,
    "eye_colour": tuple(EYE_COLOURS),
    "skin": tuple(SKINS),
    "outfit": tuple(OUTFITS),
    "accessory": tuple(ACCESSORIES),
}
"""Names of every attribute's values, in label order."""

COMBINATIONS = int(np.prod([len(names) for names in CHOICES.values()]))


def draw(attributes: Attributes) -> np.ndarray:
    """One avatar, uint8 [32, 32, 3]; ValueError for an index that names nothing."""
    names = {}
    for field, index in vars(attributes).items():
        values = CHOICES[field]
        if not 0 <= index < len(values):
            raise ValueError(f"{field} must be 0..{len(values) - 1}, got {index}")
        names[field] = values[index]
    roles = _roles(names["hair_style"], names["eye_shape"], names["outfit"], names["accessory"])
    colours = (names[key] for key in ("hair_colour", "eye_colour", "skin", "outfit", "accessory"))
    return _palette(*colours)[roles]


def draw_set(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """`count` different random avatars and their labels.

    Returns uint8 images [count, 32, 32, 3] and int64 labels [count, 7] in the order of `CHOICES`,
    the same for the same seed. ValueError for more than the possible combinations.
    """
    if not 0 < count <= COMBINATIONS // 4:
        raise ValueError(f"count must be 1..{COMBINATIONS // 4}, got {count}")
    generator = np.random.Generator(np.random.PCG64(seed))
    labels: dict[tuple[int, ...], None] = {}
    while len(labels) < count:
        labels[tuple(int(generator.integers(len(names))) for names in CHOICES.values())] = None
    images = np.stack([draw(Attributes(*label)) for label in labels])
    return images, np.array(list(labels), dtype=np.int64)


def label_names(label: np.ndarray) -> dict[str, str]:
    """The words behind one row of labels."""
    return {
        attribute: names[index]
        for (attribute, names), index in zip(CHOICES.items(), label, strict=True)
    }


@cache
def _roles(hair_style: str, eye_shape: str, outfit: str, accessory: str) -> np.ndarray:
    """Every pixel's role, as an index into `ROLES`: uint8 [32, 32]."""
    roles = np.full((IMAGE_SIZE, IMAGE_SIZE), ".")
    for layer in (
        f"hair.{hair_style}.back",
        f"outfit.{outfit}",
        "base.face",
        "mouth.calm",
        f"eyes.{eye_shape}",
        f"hair.{hair_style}.front",
        f"accessory.{accessory}",
    ):
        part = _parts().get(layer)
        if part is not None:
            roles = np.where(part == ".", roles, part)
    return np.vectorize(ROLES.index, otypes=[np.uint8])(_cast_shadows(roles))


@cache
def _palette(
    hair_colour: str, eye_colour: str, skin: str, outfit: str, accessory: str
) -> np.ndarray:
    """The colour of every role, uint8 [roles, 3]."""
    palette: dict[str, Colour] = {".": (0, 0, 0), "S": SKINS[skin], **FIXED_COLOURS}
    palette["H"] = HAIR_COLOURS[hair_colour]
    palette["E"] = EYE_COLOURS[eye_colour]
    palette |= dict(zip("ABC", OUTFITS[outfit], strict=True))
    palette |= dict(zip("XY", ACCESSORIES[accessory], strict=True))
    for role in "SHEABCXY":
        palette[role.lower()] = tuple(round(SHADOW * value) for value in palette[role])
    palette["P"] = tuple((3 * s + p) // 4 for s, p in zip(SKINS[skin], (255, 64, 80), strict=True))
    return np.array([palette[role] for role in ROLES], np.uint8)


def _cast_shadows(roles: np.ndarray) -> np.ndarray:
    """Skin lies in shadow right below hair."""
    above = np.vstack((np.full((1, IMAGE_SIZE), "."), roles[:-1]))
    return np.where((roles == "S") & np.isin(above, ("H", "h")), "s", roles)


@cache
def _parts() -> dict[str, np.ndarray]:
    """Every part of avatar_parts.txt as [32, 32] letters."""
    parts: dict[str, np.ndarray] = {}
    text = Path(__file__).with_name("avatar_parts.txt").read_text(encoding="ascii")
    for match in re.finditer(r"^\[(\S+) @(\d+)\]\n((?:[.A-Za-z]+\n)+)", text, re.MULTILINE):
        name, top, rows = match[1], int(match[2]), match[3].split()
        part = np.full((IMAGE_SIZE, IMAGE_SIZE), ".")
        for y, row in enumerate(rows, start=top):
            full = row if len(row) == IMAGE_SIZE else row + row[::-1]
            if len(full) != IMAGE_SIZE:
                raise ValueError(f"avatar_parts.txt: [{name}] has a row of {len(row)} characters")
            part[y] = list(full)
        parts[name] = part
    return parts


def attributes_of(label: np.ndarray) -> Attributes:
    """The `Attributes` behind one row of labels."""
    return Attributes(*(int(index) for index in label))
