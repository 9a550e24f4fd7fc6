"""One training run: networks, optimisers and the step from one iteration to the next.

The random numbers of an iteration depend on the seed and on its number alone. A run that is
stopped and resumed therefore continues as if it had never stopped, bit for bit on a CPU.
"""

from __future__ import annotations

import copy
import math
from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor, nn

from dcgan import losses
from dcgan.anchors import Anchors
from dcgan.carried import carried_labels
from dcgan.checkpoint import Checkpoint, config_hash
from dcgan.classifier import soft_labels
from dcgan.config import preset
from dcgan.distributed import Processes
from dcgan.integer import IntegerGenerator
from dcgan.integer_training import IntegerTraining
from dcgan.latent import LATENT, Z_MAX, Z_SCALE, draw_v, kind_of, to_float
from dcgan.networks import (
    Discriminator,
    NormalisedGenerator,
    initialise_he,
    plane_inputs,
    stack_planes,
)
from dcgan.painter import Painter
from dcgan.recipe import Recipe

CALIBRATION_BATCH = 256


class Trainer:
    """Everything that changes during training, and `step`."""

    def __init__(
        self,
        recipe: Recipe,
        images: Tensor,
        device: torch.device | str = "cpu",
        processes: Processes | None = None,
        start: Checkpoint | None = None,
        labels: Tensor | None = None,
    ) -> None:
        """`images`: the training set, float [N, 3, 32, 32] in [-1, 1].

        `start`: the trained Generator that a recipe with `weight_bits` goes on with. `labels`: the
        images' attributes, int64 [N, attributes]: latents are then random signs that carry labels,
        and what the Generator ought to draw of them a painter shows, which learns first.
        """
        if bool(recipe.weight_bits) != (start is not None):
            raise ValueError(
                "a recipe with weight_bits needs a trained Generator, and others take none: "
                "give --start CHECKPOINT, or leave it out"
            )
        if recipe.painted_weight and labels is None:
            raise ValueError(
                "a recipe with painted_weight needs images with labels, and those of a folder have "
                "none: take --recipe default"
            )
        self.recipe = recipe
        self.start = start
        self.device = torch.device(device)
        self.processes = processes or Processes()
        self.images = images.to(self.device)
        self.iteration = 0
        random = self._random(stream=0)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(recipe.seed)
            self.generator = self._new_generator()
            self.colour = Discriminator(3, recipe.widths, recipe.discriminator_norm)
            self.grey = Discriminator(1, recipe.grey_widths, recipe.discriminator_norm)
            if recipe.initialisation == "he":
                for network in (self.generator, self.colour, self.grey):
                    initialise_he(network)
        self.anchors = Anchors(len(images), random)
        self.average = copy.deepcopy(self.generator).requires_grad_(False)
        self.labels = labels if recipe.painted_weight else None
        self.painter = None
        if self.labels is not None:
            self.labels = self.labels.to(self.device)
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(recipe.seed)
                self.painter = Painter(tuple((self.labels.amax(0) + 1).tolist()))
        self.latents = kind_of(start) if self.painter is None else "signs"
        for name in self._parts():
            getattr(self, name).to(self.device)
        v = torch.from_numpy(to_float(draw_v(recipe.seed, recipe.v_length)))
        if start is not None:
            v = torch.stack((start.v1, start.v2))
        self.v1, self.v2 = v.to(self.device)

        betas = (recipe.beta1, recipe.beta2)
        self.optimisers = {
            "generator": torch.optim.Adam(
                self.generator.parameters(), recipe.generator_rate, betas
            ),
            "discriminators": torch.optim.Adam(
                [*self.colour.parameters(), *self.grey.parameters()],
                recipe.discriminator_rate,
                betas,
            ),
            "anchors": torch.optim.Adam(self.anchors.parameters(), recipe.latent_rate, (0.9, 0.99)),
        }
        if self.painter is not None:
            self.optimisers["painter"] = self.painter.optimiser()
        self._rates = {
            name: [group["lr"] for group in optimiser.param_groups]
            for name, optimiser in self.optimisers.items()
        }

    def _new_generator(self) -> NormalisedGenerator | IntegerTraining:
        recipe = self.recipe
        if self.start is not None:
            return IntegerTraining(self.start, recipe.weight_bits)
        return NormalisedGenerator(
            preset(recipe.network), recipe.generator_norm == "batch", recipe.mirror
        )

    @property
    def _start(self) -> tuple[int, int]:
        """First iteration of the Generator's start, and of the game."""
        first = self.recipe.painter_iterations if self.painter is not None else 0
        return first, first + self.recipe.start_iterations

    # One iteration ------------------------------------------------------------------------------

    def step(self) -> dict[str, float]:
        """Advance by one iteration; returns the losses to log."""
        self._set_rates()
        random = self._random(stream=1 + self.iteration, rank=self.processes.rank)
        start, game = self._start
        if self.iteration < start:
            log = self._painter_step(random)
        elif self.iteration < game:
            log = self._redraw_step(random)
        else:
            log = self._adversarial_step(random)
        self._update_average()
        self.iteration += 1
        return {name: value.item() for name, value in log.items()}

    def _redraw_step(self, random: torch.Generator) -> dict[str, Tensor]:
        """Fit the Generator to what it ought to draw, and latents too where it is training images.

        Integers are fitted already.
        """
        if self.painter is not None:
            z, fitted = self._latents(self.recipe.batch, random), None
            goals = self._painted(z)
        else:
            indices = torch.randint(len(self.images), (self.recipe.batch,), generator=random)
            indices = indices.to(self.device)
            z, fitted = self.anchors(indices), ("anchors", self.anchors)
            goals = self.images[indices]
        fake, hidden = self._draw(z)
        redraw = (fake - goals).square().mean()
        density = losses.density_loss(hidden[:-1], self.recipe.density)
        total = redraw + 0.1 * self.recipe.density_weight * density
        total = total + self.recipe.overshoot_weight * losses.overshoot_loss(hidden[-1])
        if self.recipe.weight_bits:
            self._descend("anchors", redraw, self.anchors)
        else:
            self._descend("generator", total, self.generator, extra=fitted)
        return {"redraw": redraw, "density": density}

    def _painter_step(self, random: torch.Generator) -> dict[str, Tensor]:
        """The painter learns to repaint training images from their labels."""
        indices = torch.randint(len(self.images), (2 * self.recipe.batch,), generator=random)
        indices = indices.to(self.device)
        painted = self.painter(soft_labels(self.labels[indices], self.painter.sizes), random)
        log = {"painter": (painted - self.images[indices]).abs().mean()}
        self._descend("painter", log["painter"], self.painter)
        return log

    @torch.no_grad()
    def _painted(self, z: Tensor) -> Tensor:
        """The avatars whose labels `z` carries: [N, 100] -> [N, 3, 32, 32]."""
        sizes = self.painter.sizes
        return self.painter(soft_labels(carried_labels(z, sizes), sizes))

    def _adversarial_step(self, random: torch.Generator) -> dict[str, Tensor]:
        """Algorithm 1: the discriminators learn, then the Generator does, on the same fakes."""
        recipe = self.recipe
        anchors = 0 if self.painter is not None else recipe.anchors
        real_indices = torch.randint(len(self.images), (recipe.batch,), generator=random)
        real = self.images[real_indices.to(self.device)]
        z = self._latents(recipe.batch, random)
        anchor_indices = torch.randint(len(self.images), (anchors,), generator=random)
        anchor_indices = anchor_indices.to(self.device)
        if anchors:
            with torch.no_grad():
                z = torch.cat((z, self.anchors(anchor_indices)))
        drawn, hidden = self._draw(z)
        fake, redrawn = drawn[: recipe.batch], drawn[recipe.batch :]

        total = torch.zeros((), device=self.device)
        real_logits = {}
        for name, network in self._discriminators():
            loss, real_logits[name] = self._discriminate(name, network, real, fake, random)
            total = total + loss
        self._descend("discriminators", total, self.colour, self.grey)
        log = {"discriminators": total}
        if self.iteration < self._start[1] + recipe.rest:
            return log

        total = torch.zeros((), device=self.device)
        for name, network in self._discriminators():
            seen = self._seen(name, fake, random, real=False)
            network.requires_grad_(False)
            log[name] = losses.generator_loss(recipe.loss, real_logits[name], network(seen))
            network.requires_grad_(True)
            total = total + log[name]
        log["density"] = losses.density_loss(hidden[:-1], recipe.density)
        log["overshoot"] = losses.overshoot_loss(hidden[-1])
        total = total + recipe.density_weight * log["density"]
        total = total + recipe.overshoot_weight * log["overshoot"]
        if recipe.saturation_weight:
            log["saturation"] = losses.saturation_loss(hidden[:-1])
            total = total + recipe.saturation_weight * log["saturation"]
        if anchors:
            log["redraw"] = (redrawn - self.images[anchor_indices]).square().mean()
            total = total + recipe.anchor_weight * log["redraw"]
        if self.painter is not None:
            log["redraw"] = (fake - self._painted(z)).square().mean()
            total = total + recipe.painted_weight * log["redraw"]
        self._descend("generator", total, self.generator)
        return log

    def _discriminate(
        self, name: str, network: nn.Module, real: Tensor, fake: Tensor, random: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """Loss of one discriminator, and its logits of the real images without gradient."""
        recipe = self.recipe
        fake = torch.cat((fake.detach(), losses.blends(real, recipe.blends, random)))
        real = self._seen(name, real, random, real=True)
        fake = self._seen(name, fake, random, real=False)
        # R1 and R2 take turns, half a period apart.
        turn = self.iteration % recipe.penalty_every if recipe.penalty else -1
        punish_real, punish_fake = turn == 0, turn == recipe.penalty_every // 2
        real.requires_grad_(punish_real)
        fake.requires_grad_(punish_fake)
        real_logits, fake_logits = network(real), network(fake)
        # A blend is judged against the real image that it began with.
        opposed = torch.cat((real_logits, real_logits[: recipe.blends]))
        loss = losses.discriminator_loss(recipe.loss, opposed, fake_logits)
        strength = recipe.penalty * recipe.penalty_every
        if punish_real:
            loss = loss + strength * losses.gradient_penalty(real, real_logits)
        if punish_fake:
            loss = loss + strength * losses.gradient_penalty(fake, fake_logits)
        return loss, real_logits.detach()

    def _seen(self, name: str, images: Tensor, random: torch.Generator, real: bool) -> Tensor:
        """What a discriminator is shown of `images` [N, 3, 32, 32]."""
        if name == "grey":
            images = self._planes(images, random, real)
        return losses.translate(images, self.recipe.translation, random)

    def _planes(self, images: Tensor, random: torch.Generator, real: bool) -> Tensor:
        """Grey images [M, 1, 32, 32] for the grey discriminator."""
        if real and self.recipe.grey_reals == "luminance":
            weights = torch.tensor((0.299, 0.587, 0.114), device=self.device)
            return (images * weights[:, None, None]).sum(1, keepdim=True)
        if not real and self.recipe.grey_planes == "all":
            return images.flatten(0, 1)[:, None]
        planes = torch.randint(3, (len(images),), generator=random).to(self.device)
        return images[torch.arange(len(images), device=self.device), planes][:, None]

    # Parts of an iteration ----------------------------------------------------------------------

    def _discriminators(self) -> tuple[tuple[str, nn.Module], ...]:
        return (("colour", self.colour), ("grey", self.grey))

    def _draw(self, z: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Avatars [N, 3, 32, 32] and the maps before ReLU and Tanh, from latents [N, 100]."""
        planes, hidden = self.generator.forward_with_activations(plane_inputs(z, self.v1, self.v2))
        return stack_planes(planes), hidden

    def _latents(self, count: int, random: torch.Generator) -> Tensor:
        """Latents from N(0, I) on the int8 grid, or signs: what the hardware will be sent."""
        if self.latents == "signs":
            return (2.0 * torch.randint(2, (count, LATENT), generator=random) - 1).to(self.device)
        z = torch.randn(count, LATENT, generator=random) / Z_SCALE
        return (torch.floor(z + 0.5).clamp(-Z_MAX, Z_MAX) * Z_SCALE).to(self.device)

    def _descend(
        self,
        name: str,
        loss: Tensor,
        *networks: nn.Module,
        extra: tuple[str, nn.Module] | None = None,
    ) -> None:
        """One optimiser step down `loss`, on gradients averaged over the processes."""
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

    def _set_rates(self) -> None:
        recipe = self.recipe
        start, game = self._start
        # The painter learns along a cosine of its own. The start that redraws what it paints is
        # most of the run; another start is short, and rates fall after it.
        first = game if self.painter is None else start
        span = (0, start) if self.iteration < start else (first, recipe.schedule)
        share = self._fall(*span)
        for name, optimiser in self.optimisers.items():
            for group, rate in zip(optimiser.param_groups, self._rates[name], strict=True):
                group["lr"] = share * rate

    def _fall(self, first: int, last: int) -> float:
        """A cosine from 1 at iteration `first` to `final_rate` at `last`."""
        progress = min(1.0, max(0, self.iteration - first) / max(1, last - first))
        final = self.recipe.final_rate
        return final + (1 - final) * 0.5 * (1 + math.cos(math.pi * progress))

    @torch.no_grad()
    def _update_average(self) -> None:
        keep = min(self.recipe.ema, (1 + self.iteration) / (10 + self.iteration))
        for kept, new in zip(self.average.parameters(), self.generator.parameters(), strict=True):
            kept.lerp_(new, 1 - keep)

    def _random(self, stream: int, rank: int = 0) -> torch.Generator:
        """A generator of its own for each iteration and process."""
        return torch.Generator().manual_seed(
            (self.recipe.seed * 1_000_003 + stream) * 64 + rank & (2**63 - 1)
        )

    # Results ------------------------------------------------------------------------------------

    @torch.no_grad()
    def checkpoint(self) -> Checkpoint:
        """The averaged Generator in its plain form, with batch norm measured and folded in."""
        average = copy.deepcopy(self.average)
        latents = self._latents(self.recipe.calibration, self._random(stream=-1))
        average.measure(plane_inputs(z, self.v1, self.v2) for z in latents.split(CALIBRATION_BATCH))
        settings = asdict(self.recipe)
        metadata = {
            "seed": self.recipe.seed,
            "recipe": settings,
            "recipe_hash": config_hash(settings),
            "iterations": self.iteration,
            "images": len(self.images),
            "latents": self.latents,
        }
        state = {name: value.cpu() for name, value in average.folded().state_dict().items()}
        return Checkpoint(average.config, state, self.v1.cpu(), self.v2.cpu(), metadata)

    def integers(self) -> IntegerGenerator | None:
        """The averaged Generator as integers, if that is what is trained."""
        return self.average.integers() if self.recipe.weight_bits else None

    def state_dict(self) -> dict[str, Any]:
        """Everything that `load_state_dict` needs to go on."""
        return {
            "iteration": self.iteration,
            "recipe": asdict(self.recipe),
            **{name: getattr(self, name).state_dict() for name in self._parts()},
            "optimisers": {name: o.state_dict() for name, o in self.optimisers.items()},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from `state`, saved by a Trainer with the same recipe and images."""
        for name in self._parts():
            getattr(self, name).load_state_dict(state[name])
        for name, optimiser in self.optimisers.items():
            optimiser.load_state_dict(state["optimisers"][name])
        self.iteration = state["iteration"]

    def _parts(self) -> tuple[str, ...]:
        parts = ("generator", "average", "colour", "grey", "anchors")
        return parts if self.painter is None else (*parts, "painter")
