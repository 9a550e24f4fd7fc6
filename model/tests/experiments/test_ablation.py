# SPDX-License-Identifier: Apache-2.0
"""One variant of the recipe: trained in a run folder of its own, judged, taken over later."""

from __future__ import annotations

import pytest
from dcgan.core.images import planes_first, to_images
from dcgan.data.avatars import draw_set
from dcgan.experiments import ablation
from dcgan.metrics.evaluation import Reference
from dcgan.train import run_folder
from dcgan.train.recipe_file import read_recipe
from small import SMALL


def test_ablation_trains_each_variant_once_and_takes_it_over(tmp_path, monkeypatch):
    pixels = draw_set(20, seed=0)[0]
    images = to_images(pixels)
    reference = Reference(planes_first(draw_set(40, seed=5)[0]), planes_first(pixels))
    variant = ablation.Variant("density free", {"density_weight": 0.0})
    arguments = (variant, 3, 6, images, reference, 40, tmp_path, SMALL)
    first = ablation.run(*arguments)
    assert 0 < first["density1"] < 1 and first["cycles"] > 0 and "frechet" in first
    recipe = read_recipe(ablation.folder_of(tmp_path, variant.name, 3) / run_folder.CONFIG)
    assert (recipe.density_weight, recipe.seed, recipe.schedule) == (0.0, 3, 6)
    monkeypatch.setattr(run_folder, "train", None)
    assert ablation.run(*arguments) == pytest.approx(first, rel=1e-5)
