# SPDX-License-Identifier: Apache-2.0
"""When each phase of a run begins, and how learning rates fall over them.

    iterations   0 ........ teacher_iterations ...... + pretraining_iterations .......... schedule
    labels         teacher       pretraining, then adversarial
      rates      1 \\____ final  1 \\______________________________________________________ final
    no labels                  pretraining                  adversarial
      rates                    1 ________________________   1 \\____________________________ final

Every fall is a cosine. Pretraining on what a teacher draws is most of a run, so rates fall through
it; fitting latents to the training images is short, and rates fall after it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from dcgan.train.recipe import Recipe


@dataclass(frozen=True)
class Timeline:
    """First iterations of pretraining and of the adversarial phase, for runs with or without a
    teacher.
    """

    recipe: Recipe
    teacher: bool

    @property
    def pretraining(self) -> int:
        """First iteration in which the Generator learns."""
        return self.recipe.teacher_iterations if self.teacher else 0

    @property
    def adversarial(self) -> int:
        """First iteration in which the discriminators learn."""
        return self.pretraining + self.recipe.pretraining_iterations

    def rate(self, iteration: int) -> float:
        """Share of the recipe's learning rates at `iteration`."""
        if iteration < self.pretraining:
            first, last = 0, self.pretraining
        else:
            first = self.pretraining if self.teacher else self.adversarial
            last = self.recipe.schedule
        return cosine(iteration, first, last, self.recipe.final_rate)


def cosine(iteration: int, first: int, last: int, final: float) -> float:
    """From 1 up to iteration `first` down to `final` from `last` on."""
    progress = min(1.0, max(0, iteration - first) / max(1, last - first))
    return final + (1 - final) * 0.5 * (1 + math.cos(math.pi * progress))
