# SPDX-License-Identifier: Apache-2.0
"""Training images: the drawn set, a folder of sprites, a sheet of them or an NPY stack.

Pictures are read twice, one at a time: first to find background, box and scale of the whole set,
then to be fitted into 32x32. No more than one of full size is in memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from dcgan.core.progress import Steps, progress
from dcgan.data import background
from dcgan.data.avatars import CHOICES, draw_set
from dcgan.data.background import Colour, colour_text, parse_colour
from dcgan.data.fit import Measure, fit, measure, plans, why_unusable
from dcgan.data.sources import FIND, NONE, DataOptions, Source, left_out, names_text, open_source

DRAWN_COUNT = 275
"""Size of the paper's training set (section 4.2)."""

DRAWN_SEED = 0
"""Seed of the training set; held-out sets use other seeds."""

FEWEST_IMAGES = 16
PALETTE = 256
"""A set of more colours is not kept as a palette."""
FOLD_SEED = 5
"""Of the shuffling before pictures are held out: folds of one set never overlap."""
SLOW = 100
"""So many pictures are worth a progress bar."""


@dataclass(frozen=True)
class TrainingSet:
    """Images to train on and what is known of them."""

    images: np.ndarray  # uint8 [N, 32, 32, 3]
    labels: np.ndarray | None = None  # int64 [N, attributes]
    attributes: dict[str, list[str]] | None = None  # the values that labels number
    background: str = "#000000"
    palette: list[str] | None = None  # colours of the figures, if they are few
    names: list[str] = field(default_factory=list)  # of files or cells
    notes: list[str] = field(default_factory=list)  # what was found, left out and decided
    held_out: np.ndarray | None = None  # images that are not to be trained on, for judging

    def about(self) -> dict[str, Any]:
        """What a network should remember of its training images."""
        facts: dict[str, Any] = {"background": self.background}
        if self.palette is not None:
            facts["palette"] = self.palette
        return facts

    def without(self, part: int, parts: int) -> TrainingSet:
        """What is left when the `part`-th of `parts` equal, shuffled parts is held out."""
        order = np.random.default_rng(FOLD_SEED).permutation(len(self.images))
        held = np.sort(order[part - 1 :: parts])
        kept = np.setdiff1d(order, held)
        if len(kept) < FEWEST_IMAGES:
            raise ValueError(
                f"--fold {part}/{parts} leaves {len(kept)} of {len(self.images)} pictures: "
                f"training needs at least {FEWEST_IMAGES}"
            )
        return replace(
            self,
            images=self.images[kept],
            labels=None if self.labels is None else self.labels[kept],
            names=[self.names[i] for i in kept] if self.names else [],
            held_out=self.images[held],
        )


def training_images(path: Path | None = None, background: str = "black") -> np.ndarray:
    """The images to train on, uint8 [N, 32, 32, 3]: of the drawn set, or of what lies at `path`."""
    options = DataOptions(None if path is None else Path(path), background=background)
    return training_set(options).images


def training_labels(path: Path | None = None) -> np.ndarray | None:
    """Attributes of `training_images(path)`, int64 [N, attributes]; None without labels.csv."""
    return training_set(DataOptions(None if path is None else Path(path))).labels


def training_set(options: DataOptions, quiet: bool = True) -> TrainingSet:
    """The training set that `options` describe; with a progress bar unless `quiet`.

    ValueError, with what to do, for pictures that cannot be used.
    """
    colour = parse_colour(options.background, "--background")
    fold = parse_fold(options.fold) if options.fold else None
    whole = _drawn(colour) if options.path is None else _read(options, colour, quiet)
    return whole.without(*fold) if fold else whole


def _read(options: DataOptions, colour: Colour, quiet: bool) -> TrainingSet:
    source = open_source(options)
    names, fitted, skipped, notes = _fitted(source, options.key, quiet)
    labels = attributes = None
    if source.labels is not None:
        labels, attributes = source.labels.of(names)
    images = background.lay_on(fitted, colour)
    kept = _first_of_each(images, labels)
    if repeated := len(images) - len(kept):
        text = f"{repeated} repeated picture{'' if repeated == 1 else 's'}"
        enough = len(kept) >= FEWEST_IMAGES
        notes.append(f"{'dropped' if enough else 'kept'} {text}")
        kept = kept if enough else np.arange(len(images))
    for attribute, values in (attributes or {}).items():
        if 2 * len(values) > len(kept):
            notes.append(f"'{attribute}' has {len(values)} values for {len(kept)} pictures")
    figures = background.distinct_colours(fitted[kept][fitted[kept][..., 3] > 0][:, :3])
    few = len(figures) <= PALETTE
    return TrainingSet(
        images[kept],
        None if labels is None else labels[kept],
        attributes,
        colour_text(colour),
        [colour_text(c) for c in figures] if few else None,
        [names[i] for i in kept],
        [*source.notes, *left_out(skipped), *notes],
    )


def parse_fold(text: str) -> tuple[int, int]:
    """'2/5' -> (2, 5); ValueError for anything else than K/N with 1 <= K <= N and N >= 2."""
    part, _, parts = text.partition("/")
    if part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts) >= 2:
        return int(part), int(parts)
    raise ValueError(f"--fold is K/N, the K-th of N parts, as in 1/5: got '{text}'")


def _drawn(colour: Colour) -> TrainingSet:
    images, labels = draw_set(DRAWN_COUNT, DRAWN_SEED)
    opaque = np.full((*images.shape[:3], 1), 255, np.uint8)
    fitted = np.concatenate((images, opaque), axis=3)
    fitted = np.stack([background.cut_out(image, (0, 0, 0)) for image in fitted])
    figures = background.distinct_colours(fitted[fitted[..., 3] > 0][:, :3])
    return TrainingSet(
        background.lay_on(fitted, colour),
        labels,
        {name: list(values) for name, values in CHOICES.items()},
        colour_text(colour),
        [colour_text(c) for c in figures] if len(figures) <= PALETTE else None,
    )


def _first_of_each(images: np.ndarray, labels: np.ndarray | None) -> np.ndarray:
    """Indices of images that no earlier one equals, labels included."""
    first: dict[bytes, int] = {}
    for i, image in enumerate(images):
        first.setdefault(image.tobytes() + (b"" if labels is None else labels[i].tobytes()), i)
    return np.array(sorted(first.values()), np.int64)


@dataclass
class _Surveyed:
    """A picture that was read once."""

    name: str
    read: Callable[[], np.ndarray]
    opaque: bool
    own: Colour | None  # the key that it was measured with
    measure: Measure


def _fitted(
    source: Source, key: str, quiet: bool
) -> tuple[list[str], np.ndarray, dict[str, list[str]], list[str]]:
    """Names and pictures, uint8 [N, 32, 32, 4], those that were skipped and why, and notes."""
    skipped: dict[str, list[str]] = {}
    total = 2 * len(source.pictures)
    with progress("reading pictures", total, quiet=quiet or total < 2 * SLOW) as bar:
        seen, colour = _survey(source, key, skipped, bar)
        reasons = why_unusable([s.measure for s in seen])
        for s, reason in zip(seen, reasons, strict=True):
            if reason is not None:
                skipped.setdefault(reason, []).append(s.name)
        usable = [s for s, reason in zip(seen, reasons, strict=True) if reason is None]
        if len(usable) < FEWEST_IMAGES:
            why = "".join(f"; {text}" for text in left_out(skipped))
            raise ValueError(
                f"{source.name} holds {len(usable)} usable pictures: training needs at least "
                f"{FEWEST_IMAGES}{why}"
            )
        how = plans([s.measure for s in usable])
        fitted = []
        for s in usable:
            rgba = _without_background(s.read(), colour, s.opaque or key != FIND)
            fitted.append(fit(rgba, how[s.measure.size]))
            bar.advance()
    notes = [] if colour is None else [f"the background is {colour_text(colour)}"]
    sizes = Counter(s.measure.size for s in usable)
    notes += [f"{count} of {how[size].text(size)}" for size, count in sizes.most_common(5)]
    if source.animated:
        notes.append(f"of {names_text(list(source.animated))}, an animation, the first picture")
    return [s.name for s in usable], np.stack(fitted), skipped, notes


def _survey(
    source: Source, key: str, skipped: dict[str, list[str]], bar: Steps
) -> tuple[list[_Surveyed], Colour | None]:
    """Read every picture once: what can be read, and the key of those without transparency."""
    given = parse_colour(key, "--key") if key not in (FIND, NONE) else None
    borders: Counter[Colour] = Counter()
    seen = []
    for name, read in source.pictures:
        bar.advance()
        try:
            rgba = read()
        except ValueError as error:
            reason = str(error).removeprefix(f"{source.name}/{name} ")
            skipped.setdefault(reason, []).append(name)
            continue
        opaque, own = bool((rgba[:, :, 3] == 255).all()), given
        if key == FIND and opaque:
            colours = background.border_colours(rgba)
            borders += colours
            own = background.most_common(colours)
        rgba = _without_background(rgba, own, opaque or key != FIND)
        seen.append(_Surveyed(name, read, opaque, own, measure(rgba)))
    if key != FIND:
        return seen, given
    colour = background.most_common(borders)
    if 2 * sum(s.opaque for s in seen) <= len(seen):
        colour = None  # transparency is the rule: pictures without it are full
    for s in seen:
        if s.opaque and s.own != colour:
            s.measure = measure(_without_background(s.read(), colour, True))
    return seen, colour


def _without_background(rgba: np.ndarray, key: Colour | None, keyed: bool) -> np.ndarray:
    return background.cut_out(rgba, key) if keyed and key is not None else rgba
