"""How to train: every setting in one frozen dataclass, as TOML on disk."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from dcgan.config import LAYERS, preset


@dataclass(frozen=True)
class Recipe:
    """Settings of one training run; the defaults are our own recipe."""

    name: str = "default"
    network: str = "compact"
    seed: int = 0
    iterations: int = 50_000
    schedule: int = 50_000  # iteration at which learning rates have fallen to `final_rate`
    batch: int = 32
    v_length: float = 10.0  # Euclidean length of v1 and v2
    # Generator
    generator_norm: str = "batch"  # "batch" (folded on export) or "none"
    mirror: float = 0.1  # speed at which kernels learn to differ from their mirror images; 1: full
    calibration: int = 2048  # latents that measure batch norm before it is folded
    initialisation: str = "he"  # "he" or "torch" (PyTorch's own)
    ema: float = 0.999  # share of the old average kept at each iteration; 0 switches it off
    weight_bits: tuple[int, ...] = ()  # a layer: integers in the loop, from a start; (): float
    saturation_weight: float = 0.0  # on activations beyond the range of the integers
    rest: int = 0  # adversarial iterations before the Generator's first step
    # Discriminators
    widths: tuple[int, ...] = (48, 64, 128)
    grey_widths: tuple[int, ...] = (16, 32, 64)
    discriminator_norm: str = "none"  # "none" or "batch"
    grey_reals: str = "plane"  # "plane" (a random plane of a real image) or "luminance"
    grey_planes: str = "one"  # fake planes an avatar for the grey discriminator: "one" or "all"
    # Objective
    loss: str = "relativistic"  # "relativistic" or "bce"
    blends: int = 8  # pairs of training images, mixed, that discriminators must tell from real
    penalty: float = 0.5  # gamma of the R1 and R2 gradient penalties
    penalty_every: int = 4  # iterations between two R1 (and two R2) steps
    translation: int = 4  # largest shift in pixels of what the discriminators see
    density: float = 0.35  # wanted share of non-zero activations after ReLU
    density_weight: float = 10.0
    overshoot_weight: float = 0.3  # on values before Tanh beyond those that change a pixel
    # Start: fit latents and Generator to the training images, keep some of that fit later on
    start_iterations: int = 600
    anchors: int = 8  # training images redrawn in each iteration after the start
    anchor_weight: float = 10.0
    latent_rate: float = 0.02
    # Adam
    generator_rate: float = 2.5e-3
    discriminator_rate: float = 2.5e-3
    beta1: float = 0.0
    beta2: float = 0.99
    final_rate: float = 0.05  # learning rates fall along a cosine to this share
    # Labels of the training images: latents carry them, a painter shows what they mean
    painter_iterations: int = 4_500  # in which the painter learns and nothing else does
    painted_weight: float = 0.0  # on the distance to what it paints; 0: labels are not used

    def __post_init__(self) -> None:
        preset(self.network)
        for name, allowed in _WORDS.items():
            if getattr(self, name) not in allowed:
                raise ValueError(
                    f"{name} must be one of {', '.join(allowed)}, got '{getattr(self, name)}'"
                )
        counts = ("iterations", "schedule", "batch", "penalty_every", "calibration")
        for name in (*counts, "painter_iterations"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if self.weight_bits and len(self.weight_bits) != LAYERS:
            raise ValueError(f"weight_bits must be {LAYERS} numbers, got {self.weight_bits}")
        for name in ("blends", "painted_weight"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must be at least 0, got {getattr(self, name)}")
        if not 0 <= self.mirror <= 1:
            raise ValueError(f"mirror must be 0..1, got {self.mirror}")
        if self.loss == "relativistic" and self.grey_planes == "all":
            raise ValueError('loss = "relativistic" pairs images: it needs grey_planes = "one"')


_WORDS = {
    "generator_norm": ("batch", "none"),
    "initialisation": ("he", "torch"),
    "discriminator_norm": ("batch", "none"),
    "grey_reals": ("plane", "luminance"),
    "grey_planes": ("one", "all"),
    "loss": ("relativistic", "bce"),
}

RECIPES = {
    "default": Recipe(),
    # For images with labels, and then the default. Its start takes what the painter paints in place
    # of the training images and ends near what it can reach; the game adds what it misses.
    "labelled": Recipe(
        name="labelled",
        iterations=29_000,
        schedule=29_000,
        start_iterations=20_000,
        painted_weight=400.0,
        generator_rate=5e-3,
        beta1=0.9,
        final_rate=0.02,
    ),
    # A trained float Generator goes on as integers. Its start fits latents alone, then the
    # discriminators catch up; the Generator itself moves for 2,000 iterations.
    "integer": Recipe(
        name="integer",
        iterations=3_900,
        schedule=3_900,
        generator_norm="none",
        mirror=1.0,
        weight_bits=(7, 8, 8, 8),
        saturation_weight=3.0,
        rest=1_000,
        density=0.20,
        start_iterations=900,
        generator_rate=0.002,  # in steps of the weights, which are whole numbers
        discriminator_rate=1e-3,
    ),
    # Paper, Algorithm 1, Table 2 and sections 4.3.1 to 4.3.3. Its 10000 epochs of 275 images are
    # 10000 * 275 / 64 iterations.
    "paper": Recipe(
        name="paper",
        iterations=42_969,
        schedule=42_969,
        batch=64,
        generator_norm="none",
        mirror=1.0,
        initialisation="torch",
        ema=0.0,
        widths=(64, 128, 256),
        grey_widths=(64, 128, 256),
        discriminator_norm="batch",
        grey_reals="luminance",
        grey_planes="all",
        loss="bce",
        blends=0,
        penalty=0.0,
        translation=0,
        density_weight=0.0,
        overshoot_weight=0.0,
        start_iterations=0,
        anchors=0,
        generator_rate=1e-4,
        discriminator_rate=1e-6,
        beta1=0.5,
        beta2=0.999,
        final_rate=1.0,
    ),
}


def read_recipe(path: Path | None, base: str = "default", **changes: Any) -> Recipe:
    """The recipe called `base`, changed by the TOML file `path` and then by `changes`.

    Changes that are None leave the setting alone. ValueError names what is wrong in the file.
    """
    recipe = RECIPES[base]
    if path is not None:
        try:
            table = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise ValueError(f"{path} cannot be read ({error.strerror})") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ValueError(f"{path} is not TOML ({error})") from error
        recipe = replace(recipe, **_checked(path, table))
    return replace(recipe, **{name: value for name, value in changes.items() if value is not None})


def _checked(path: Path, table: dict[str, Any]) -> dict[str, Any]:
    """`table` with the types of `Recipe`; ValueError for unknown names and wrong types."""
    defaults = asdict(RECIPES["default"])
    checked = {}
    for name, value in table.items():
        if name not in defaults:
            raise ValueError(f"{path} sets '{name}', which is no setting of a recipe")
        wanted = type(defaults[name])
        if wanted is float and type(value) is int:
            value = float(value)
        if wanted is tuple and isinstance(value, list):
            value = tuple(value)
        if type(value) is not wanted:
            raise ValueError(f"{path}: {name} must be a {wanted.__name__}, got {value!r}")
        checked[name] = value
    return checked


def to_toml(recipe: Recipe) -> str:
    """`recipe` as TOML that `read_recipe` reads back unchanged."""
    lines = []
    for field in fields(recipe):
        value = getattr(recipe, field.name)
        if isinstance(value, str):
            text = f'"{value}"'
        elif isinstance(value, tuple):
            text = f"[{', '.join(map(str, value))}]"
        else:
            text = repr(value)
        lines.append(f"{field.name} = {text}\n")
    return "".join(lines)
