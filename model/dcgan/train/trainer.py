# SPDX-License-Identifier: Apache-2.0
"""One training run: everything that changes while it trains, and the step to the next iteration.

The random numbers of an iteration depend on the seed and on its number alone. A run that is
stopped and resumed therefore continues as if it had never stopped, bit for bit on a CPU.
"""

from __future__ import annotations

import copy
from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor, nn

from dcgan.core import aliases
from dcgan.core.checkpoint import Checkpoint, config_hash
from dcgan.core.latents import LATENT, Z_MAX, Z_SCALE, draw_v, to_float
from dcgan.core.networks import (
    Discriminator,
    NormalisedGenerator,
    initialise_he,
    plane_inputs,
    stack_planes,
)
from dcgan.core.shapes import preset
from dcgan.train.codes import ImageCodes
from dcgan.train.distributed import Processes
from dcgan.train.glo import LATENT_RATE, ImageLatents
from dcgan.train.learning_rate import Timeline
from dcgan.train.phases import adversarial_step, pretraining_step, teacher_step
from dcgan.train.recipe import Recipe
from dcgan.train.teacher import Teacher

V_LENGTH = 10.0
"""Euclidean length of v1 and v2."""
CALIBRATION = 2048
"""Latents that measure batch norm before it is folded."""
CALIBRATION_BATCH = 256


class Trainer:
    """Everything that changes during training, and `step`."""

    def __init__(
        self,
        recipe: Recipe,
        images: Tensor,
        device: torch.device | str = "cpu",
        processes: Processes | None = None,
        codes: ImageCodes | None = None,
        about: dict[str, Any] | None = None,
    ) -> None:
        """`images`: the training set, float [N, 3, 32, 32] in [-1, 1].

        `codes`: the images' attributes and how latents code them. With them latents are binary,
        and a teacher, which learns first, draws what they mean.
        `about`: what the checkpoint is to remember of the training set, in its entry "data".
        """
        if (codes is None) != (recipe.codes == "none"):
            raise ValueError(f'codes go with a recipe that has them, this one: "{recipe.codes}"')
        self.recipe = recipe
        self.about = about
        self.device = torch.device(device)
        self.processes = processes or Processes()
        self.images = images.to(self.device)
        self.codes = codes
        self.labels = None if codes is None else codes.labels.to(self.device)
        self.code = None if codes is None else codes.code
        self.iteration = 0
        self._make_networks()
        self.timeline = Timeline(recipe, self.teacher is not None)
        self.latent_kind = "normal" if self.teacher is None else "binary"
        v = torch.from_numpy(to_float(draw_v(recipe.seed, V_LENGTH)))
        self.v1, self.v2 = v.to(self.device)
        self._make_optimisers()

    def _make_networks(self) -> None:
        recipe = self.recipe
        random = self.random(stream=0)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(recipe.seed)
            self.generator = NormalisedGenerator(
                preset(recipe.network), recipe.generator_norm == "batch", recipe.odd_kernel_rate
            )
            self.colour = Discriminator(3, recipe.widths, recipe.discriminator_norm)
            self.grey = Discriminator(1, recipe.grey_widths, recipe.discriminator_norm)
            if recipe.initialisation == "he":
                for network in (self.generator, self.colour, self.grey):
                    initialise_he(network)
        self.image_latents = ImageLatents(len(self.images), random)
        self.average = copy.deepcopy(self.generator).requires_grad_(False)
        self.teacher = None
        if self.labels is not None:
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(recipe.seed)
                self.teacher = Teacher(self.code.sizes)
        for name in self._parts():
            getattr(self, name).to(self.device)

    def _make_optimisers(self) -> None:
        recipe = self.recipe
        betas = (recipe.beta1, recipe.beta2)
        discriminators = [*self.colour.parameters(), *self.grey.parameters()]
        adam = torch.optim.Adam
        self.optimisers = {
            "generator": adam(self.generator.parameters(), recipe.generator_rate, betas),
            "discriminators": adam(discriminators, recipe.discriminator_rate, betas),
            "image_latents": adam(self.image_latents.parameters(), LATENT_RATE, (0.9, 0.99)),
        }
        if self.teacher is not None:
            self.optimisers["teacher"] = self.teacher.optimiser()
        self._rates = {
            name: [group["lr"] for group in optimiser.param_groups]
            for name, optimiser in self.optimisers.items()
        }

    # One iteration ------------------------------------------------------------------------------

    def step(self) -> dict[str, float]:
        """Advance by one iteration; returns the losses to log."""
        share = self.timeline.rate(self.iteration)
        for name, optimiser in self.optimisers.items():
            for group, rate in zip(optimiser.param_groups, self._rates[name], strict=True):
                group["lr"] = share * rate
        random = self.random(stream=1 + self.iteration, rank=self.processes.rank)
        if self.iteration < self.timeline.pretraining:
            log = teacher_step(self, random)
        elif self.iteration < self.timeline.adversarial:
            log = pretraining_step(self, random)
        else:
            log = adversarial_step(self, random)
        self._update_average()
        self.iteration += 1
        return {name: value.item() for name, value in log.items()}

    def discriminators(self) -> tuple[tuple[str, nn.Module], ...]:
        """Both discriminators with their names."""
        return (("colour", self.colour), ("grey", self.grey))

    def draw(self, z: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Avatars [N, 3, 32, 32] and the maps before ReLU and Tanh, from latents [N, 100]."""
        planes, hidden = self.generator.forward_with_activations(plane_inputs(z, self.v1, self.v2))
        return stack_planes(planes), hidden

    def latents(self, count: int, random: torch.Generator) -> Tensor:
        """Latents [count, 100] as the hardware is sent them: N(0, I) on the grid, or binary."""
        if self.latent_kind == "binary":
            return (2.0 * torch.randint(2, (count, LATENT), generator=random) - 1).to(self.device)
        z = torch.randn(count, LATENT, generator=random) / Z_SCALE
        return (torch.floor(z + 0.5).clamp(-Z_MAX, Z_MAX) * Z_SCALE).to(self.device)

    def descend(
        self,
        name: str,
        loss: Tensor,
        *networks: nn.Module,
        extra: tuple[str, nn.Module] | None = None,
    ) -> None:
        """One optimiser step down `loss`, on gradients averaged over the processes.

        `name` is the optimiser of `networks`; `extra` another one with its network.
        """
        names, networks = [name], list(networks)
        if extra:
            names.append(extra[0])
            networks.append(extra[1])
        for network in networks:
            network.zero_grad(set_to_none=True)
        loss.backward()
        self.processes.average_gradients(networks)
        for optimiser in names:
            self.optimisers[optimiser].step()

    def random(self, stream: int, rank: int = 0) -> torch.Generator:
        """A random generator of its own for each iteration and process."""
        return torch.Generator().manual_seed(
            (self.recipe.seed * 1_000_003 + stream) * 64 + rank & (2**63 - 1)
        )

    @torch.no_grad()
    def _update_average(self) -> None:
        keep = min(self.recipe.ema, (1 + self.iteration) / (10 + self.iteration))
        for kept, new in zip(self.average.parameters(), self.generator.parameters(), strict=True):
            kept.lerp_(new, 1 - keep)

    # Results ------------------------------------------------------------------------------------

    @torch.no_grad()
    def checkpoint(self) -> Checkpoint:
        """The averaged Generator in its plain form, with batch norm measured and folded in."""
        average = copy.deepcopy(self.average)
        latents = self.latents(CALIBRATION, self.random(stream=-1))
        average.measure(plane_inputs(z, self.v1, self.v2) for z in latents.split(CALIBRATION_BATCH))
        settings = asdict(self.recipe)
        metadata = {
            "seed": self.recipe.seed,
            "recipe": settings,
            "recipe_hash": config_hash(settings),
            "iterations": self.iteration,
            "images": len(self.images),
            "latents": self.latent_kind,
        }
        if self.about is not None:
            metadata["data"] = self.about
        state = {name: value.cpu() for name, value in average.folded().state_dict().items()}
        return Checkpoint(average.config, state, self.v1.cpu(), self.v2.cpu(), metadata)

    def state_dict(self) -> dict[str, Any]:
        """Everything that `load_state_dict` needs to go on."""
        return {
            "iteration": self.iteration,
            "recipe": asdict(self.recipe),
            "codes": None if self.codes is None else self.codes.state(),
            **{name: getattr(self, name).state_dict() for name in self._parts()},
            "optimisers": {name: o.state_dict() for name, o in self.optimisers.items()},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from `state`, saved by a Trainer with the same recipe and images."""
        state = aliases.state(state)
        for name in self._parts():
            getattr(self, name).load_state_dict(state[name])
        for name, optimiser in self.optimisers.items():
            optimiser.load_state_dict(state["optimisers"][name])
        if type(state["iteration"]) is not int or state["iteration"] < 0:
            raise ValueError(f"an iteration is a whole number, got {state['iteration']!r}")
        self.iteration = state["iteration"]

    def _parts(self) -> tuple[str, ...]:
        parts = ("generator", "average", "colour", "grey", "image_latents")
        return parts if self.teacher is None else (*parts, "teacher")
