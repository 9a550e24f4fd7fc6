# SPDX-License-Identifier: Apache-2.0
"""The attributes that latents are to code: given as labels, found in the images, or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from dcgan.core.latents import LATENT
from dcgan.data.latent_code import LatentCode
from dcgan.data.training_set import TrainingSet
from dcgan.discovery.attributes import find_attributes
from dcgan.train.recipe import Recipe


@dataclass(frozen=True)
class ImageCodes:
    """Attributes of the training images and how latents code them."""

    labels: Tensor  # int64 [N, attributes]
    code: LatentCode
    values: dict[str, list[str]]  # names of attributes and of their values, in order

    def __post_init__(self) -> None:
        sizes = tuple(map(len, self.values.values()))
        if sizes != self.code.sizes or self.labels.shape[1:] != (len(sizes),):
            raise ValueError("labels, their names and their code do not belong together")

    def __str__(self) -> str:
        return ", ".join(f"{name} of {len(words)} values" for name, words in self.values.items())

    def about(self) -> dict[str, Any]:
        """What a network should remember of them: files of metadata sort their keys."""
        return {
            "attributes": self.values,
            "attribute_order": list(self.values),
            "attribute_codes": dict(zip(self.values, map(list, self.code.numbers), strict=True)),
        }

    def state(self) -> dict[str, Any]:
        """What `restored` needs."""
        return {"labels": self.labels, "numbers": self.code.numbers, "values": self.values}

    @classmethod
    def restored(cls, state: dict[str, Any]) -> ImageCodes:
        """From what `state` gave; ValueError for anything else."""
        try:
            numbers = tuple(tuple(part) for part in state["numbers"])
            return cls(state["labels"], LatentCode(numbers), state["values"])
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("the saved attributes of the images are damaged") from error


def image_codes(recipe: Recipe, data: TrainingSet, quiet: bool = True) -> ImageCodes | None:
    """The attributes that `recipe` wants latents to code; ValueError for labels that are missing.

    None if it wants none, or if what was found does not explain the pictures.
    """
    if recipe.codes == "none":
        return None
    if recipe.codes == "labels":
        if data.labels is None:
            raise ValueError(
                "a recipe of labelled images: put a labels.csv beside them, or take "
                "--recipe default, which finds attributes itself"
            )
        labels = torch.from_numpy(data.labels)
        sizes = [len(values) for values in data.attributes.values()]
        return ImageCodes(labels, LatentCode.even(sizes), data.attributes)
    found = find_attributes(data.images, recipe.search_iterations, recipe.seed, quiet)
    if not found.explain:
        return None
    counts = list(found.counts)
    while sum(LatentCode.as_often([part]).entries for part in counts) > LATENT:
        counts.pop()  # the least of the colours
    values = {
        name: [str(number) for number in range(1, len(part) + 1)]
        for name, part in zip(found.names, counts, strict=False)
    }
    labels = torch.from_numpy(found.labels[:, : len(counts)])
    return ImageCodes(labels, LatentCode.as_often(counts), values)
