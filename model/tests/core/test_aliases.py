# SPDX-License-Identifier: Apache-2.0
"""What earlier versions wrote is still read: recipes, metadata, the state of runs."""

from __future__ import annotations

import json

import pytest
import torch
from dcgan.core import aliases
from dcgan.core.checkpoint import load_checkpoint
from dcgan.core.images import to_images
from dcgan.core.network_files import float_file, integer_file, shipped
from dcgan.data.avatars import draw_set
from dcgan.quant.int_generator import load_integer
from dcgan.train import run_folder
from dcgan.train.recipe import RECIPES, Recipe
from dcgan.train.recipe_file import read_recipe
from dcgan.train.trainer import Trainer
from safetensors import safe_open
from small import TAUGHT, coded

OLD_TOML = """
name = "labelled"
mirror = 0.25
blends = 3
penalty = 0.75
penalty_every = 4
overshoot_weight = 0.5
start_iterations = 77
anchors = 5
painter_iterations = 9
painted_weight = 2.0
v_length = 10.0
weight_bits = []
rest = 0
"""


def test_settings_of_an_old_recipe_are_understood(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text(OLD_TOML)
    recipe = read_recipe(path)
    assert (recipe.odd_kernel_rate, recipe.mixup_negatives) == (0.25, 3)
    assert (recipe.gradient_penalty, recipe.pre_tanh_penalty) == (0.75, 0.5)
    assert (recipe.pretraining_iterations, recipe.reconstructions) == (77, 5)
    assert (recipe.teacher_iterations, recipe.teacher_weight) == (9, 2.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("v_length = 3.0", "v_length is fixed at 10.0, got 3.0"),
        ("weight_bits = [7, 8, 8, 8]", "weight_bits is fixed"),
        ("mirror = 0.1\nodd_kernel_rate = 0.2", "sets odd_kernel_rate twice, once as"),
    ],
)
def test_what_an_old_recipe_can_no_longer_ask_for_is_named(tmp_path, text, message):
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        read_recipe(path)


def test_every_alias_leads_to_a_setting_that_exists():
    known = set(Recipe.__dataclass_fields__)
    assert set(aliases.SETTINGS.values()) <= known
    assert not known & (set(aliases.SETTINGS) | set(aliases.FIXED_SETTINGS))


@pytest.mark.parametrize("name", ["compact", "tiny"])
def test_shipped_checkpoints_say_a_kind_of_latents_that_exists(name):
    kinds = {"compact": "binary", "tiny": "normal"}
    assert load_checkpoint(float_file(name)).latents == kinds[name]
    assert load_integer(integer_file(name)).latents == kinds[name]


def test_a_shipped_network_still_carries_the_old_word():
    """So that the alias is exercised by a real file; drop this test with the last such file."""
    with safe_open(shipped("checkpoints") / "compact_labelled.safetensors", "np") as file:
        assert json.loads(file.metadata()["dcgan"])["latents"] in aliases.LATENT_KINDS


def old_state(trainer: Trainer) -> dict:
    """The state as earlier versions saved it."""
    present = trainer.state_dict()
    names = {new: old for old, new in aliases.STATE_PARTS.items()}
    settings = {new: old for old, new in aliases.SETTINGS.items()}
    state = {names.get(name, name): value for name, value in present.items()}
    state["optimisers"] = {names.get(n, n): value for n, value in present["optimisers"].items()}
    state["recipe"] = {settings.get(n, n): value for n, value in present["recipe"].items()}
    state["recipe"] |= aliases.FIXED_SETTINGS
    del state["codes"], state["recipe"]["codes"], state["recipe"]["search_iterations"]
    state["painter"] = {
        name.replace("interactions.", "meetings."): value
        for name, value in present["teacher"].items()
    }
    return state


def test_a_run_of_an_earlier_version_goes_on_bit_for_bit(tmp_path):
    recipe = TAUGHT
    pixels, labels = draw_set(20, seed=0)
    images, labels = to_images(pixels), torch.from_numpy(labels)
    whole = Trainer(recipe, images, codes=coded(labels))
    for _ in range(4):
        whole.step()
    run_folder.create(tmp_path, recipe)
    (tmp_path / run_folder.LOG).write_text("{}\n" * 4)
    saved = {
        "trainer": old_state(whole),
        "images": run_folder.fingerprint(images),
        "data": None,
    }
    torch.save(saved, tmp_path / run_folder.STATE)
    resumed = Trainer(recipe, images, codes=coded(labels))
    run_folder.restore(tmp_path, resumed, run_folder.read_state(tmp_path))
    for _ in range(4):
        whole.step()
        resumed.step()
    for name, weights in whole.average.state_dict().items():
        assert torch.equal(weights, resumed.average.state_dict()[name]), name


def test_recipes_that_come_with_the_package_use_present_names_only():
    for recipe in RECIPES.values():
        assert aliases.settings(vars(recipe), "here") == vars(recipe)
