# SPDX-License-Identifier: Apache-2.0
"""How to train: every setting in one frozen dataclass, and the recipes that come with it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dcgan.core.shapes import IMAGE_SIZE, MOST_CHANNELS, preset


@dataclass(frozen=True)
class Recipe:
    """Settings of one training run; the defaults are our own recipe."""

    name: str = "default"
    network: str = "compact"
    seed: int = 0
    iterations: int = 29_000
    schedule: int = 29_000  # iteration at which learning rates have fallen to `final_rate`
    batch: int = 32
    # Generator
    generator_norm: str = "batch"  # "batch" (folded on export) or "none"
    odd_kernel_rate: float = 0.1  # learning rate of the left-right odd part of kernels, relative
    initialisation: str = "he"  # "he" or "torch" (PyTorch's own)
    ema: float = 0.999  # share of the old average kept at each iteration; 0 switches it off
    # Discriminators
    widths: tuple[int, ...] = (48, 64, 128)
    grey_widths: tuple[int, ...] = (16, 32, 64)
    discriminator_norm: str = "none"  # "none" or "batch"
    grey_reals: str = "plane"  # "plane" (a random plane of a real image) or "luminance"
    grey_planes: str = "one"  # fake planes an avatar for the grey discriminator: "one" or "all"
    # Objective
    loss: str = "relativistic"  # "relativistic" or "bce"
    mixup_negatives: int = 8  # mixtures of two training images that count as fakes
    gradient_penalty: float = 0.5  # gamma of R1 and R2
    translation: int = 4  # largest shift in pixels of what the discriminators see
    density: float = 0.35  # wanted share of non-zero activations after ReLU
    density_weight: float = 10.0
    pre_tanh_penalty: float = 0.3  # on values before Tanh beyond those that change a pixel
    # Pretraining: latents and Generator are fitted to the training images
    pretraining_iterations: int = 20_000
    reconstructions: int = 8  # training images reconstructed in each adversarial iteration
    # Adam
    generator_rate: float = 5e-3
    discriminator_rate: float = 2.5e-3
    beta1: float = 0.9
    beta2: float = 0.99
    final_rate: float = 0.02  # learning rates fall along a cosine to this share
    # Attributes of the training images: latents code them, a teacher network draws what they mean
    codes: str = "found"  # "found" in the images, their "labels", or "none": latents N(0, I)
    search_iterations: int = 600  # in which attributes are looked for, before the first iteration
    teacher_iterations: int = 4_500  # in which the teacher learns and nothing else does
    teacher_weight: float = 400.0  # on the distance to what it draws

    def shortened(self, schedule: int) -> Recipe:
        """All phases as long as they are in a recipe of `schedule` iterations.

        Looking for attributes is a small part of a run, and bears less shortening.
        """
        share = schedule / self.schedule
        return replace(
            self,
            schedule=schedule,
            search_iterations=max(8, round(self.search_iterations * min(1.0, share) ** 0.5)),
            teacher_iterations=max(1, round(self.teacher_iterations * share)),
            pretraining_iterations=round(self.pretraining_iterations * share),
        )

    def __post_init__(self) -> None:
        preset(self.network)
        for name, allowed in _WORDS.items():
            if getattr(self, name) not in allowed:
                raise ValueError(
                    f"{name} must be one of {', '.join(allowed)}, got '{getattr(self, name)}'"
                )
        for name, (low, high) in _NUMBERS.items():
            if not low <= getattr(self, name) <= high:  # nor is NaN
                raise ValueError(f"{name} must be {low} to {high:,}, got {getattr(self, name)}")
        for name in _ABOVE_ZERO:
            if getattr(self, name) == 0:
                raise ValueError(f"{name} must be above 0, got {getattr(self, name)}")
        for name in _BELOW_ONE:
            if getattr(self, name) == 1:
                raise ValueError(f"{name} must be below 1, got {getattr(self, name)}")
        for name in ("widths", "grey_widths"):
            widths = getattr(self, name)
            whole = all(type(width) is int and 1 <= width <= MOST_CHANNELS for width in widths)
            if len(widths) != 3 or not whole:
                raise ValueError(
                    f"{name} must be three numbers of channels from 1 to {MOST_CHANNELS}, got "
                    f"{list(widths)}"
                )
        named = self.name.isprintable() and "/" not in self.name and 1 <= len(self.name) <= 64
        if not named:  # it becomes part of the name of the run folder
            raise ValueError(
                f"name must be 1 to 64 characters of one line without /: {self.name!r}"
            )
        if self.loss == "relativistic" and self.grey_planes == "all":
            raise ValueError('loss = "relativistic" pairs images: it needs grey_planes = "one"')


_WORDS = {
    "codes": ("found", "labels", "none"),
    "generator_norm": ("batch", "none"),
    "initialisation": ("he", "torch"),
    "discriminator_norm": ("batch", "none"),
    "grey_reals": ("plane", "luminance"),
    "grey_planes": ("one", "all"),
    "loss": ("relativistic", "bce"),
}

_COUNT, _BATCH, _WEIGHT, _SHARE, _RATE = (1, 10**7), (1, 4096), (0, 10**6), (0, 1), (0, 10)
_NUMBERS = {
    "seed": (0, 2**63 - 1),
    "iterations": _COUNT,
    "schedule": _COUNT,
    "batch": _BATCH,
    "odd_kernel_rate": _SHARE,
    "ema": _SHARE,
    "mixup_negatives": (0, _BATCH[1]),
    "gradient_penalty": _WEIGHT,
    "translation": (0, IMAGE_SIZE),
    "density": _SHARE,
    "density_weight": _WEIGHT,
    "pre_tanh_penalty": _WEIGHT,
    "pretraining_iterations": (0, _COUNT[1]),
    "reconstructions": (0, _BATCH[1]),
    "generator_rate": _RATE,
    "discriminator_rate": _RATE,
    "beta1": _SHARE,
    "beta2": _SHARE,
    "final_rate": _SHARE,
    "search_iterations": _COUNT,
    "teacher_iterations": _COUNT,
    "teacher_weight": _WEIGHT,
}
_ABOVE_ZERO = ("density", "generator_rate", "discriminator_rate")
_BELOW_ONE = ("ema", "beta1", "beta2")

RECIPES = {
    "default": Recipe(),
    # The same with attributes that somebody has given.
    "labelled": Recipe(name="labelled", codes="labels"),
    # No attributes: latents N(0, I), and a Generator that learns from discriminators what to draw.
    "normal": Recipe(
        name="normal",
        codes="none",
        iterations=50_000,
        schedule=50_000,
        pretraining_iterations=600,
        generator_rate=2.5e-3,
        beta1=0.0,
        final_rate=0.05,
    ),
    # Paper, Algorithm 1, Table 2 and sections 4.3.1 to 4.3.3. Its 10000 epochs of 275 images are
    # 10000 * 275 / 64 iterations.
    "paper": Recipe(
        name="paper",
        codes="none",
        iterations=42_969,
        schedule=42_969,
        batch=64,
        generator_norm="none",
        odd_kernel_rate=1.0,
        initialisation="torch",
        ema=0.0,
        widths=(64, 128, 256),
        grey_widths=(64, 128, 256),
        discriminator_norm="batch",
        grey_reals="luminance",
        grey_planes="all",
        loss="bce",
        mixup_negatives=0,
        gradient_penalty=0.0,
        translation=0,
        density_weight=0.0,
        pre_tanh_penalty=0.0,
        pretraining_iterations=0,
        reconstructions=0,
        generator_rate=1e-4,
        discriminator_rate=1e-6,
        beta1=0.5,
        beta2=0.999,
        final_rate=1.0,
    ),
}
