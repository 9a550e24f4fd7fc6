# SPDX-License-Identifier: Apache-2.0
"""Labels of generated avatars by the code in their latents: a conditional Generator.

A Generator whose latents code attributes that were *found* draws pictures that know their code, and
nobody has labelled any of them. What a code means is told by the learner's own labelled avatars,
and by nothing else:

    1. a reader of codes is trained on generated avatars and the codes of their latents
    2. it reads the codes of the labelled avatars
    3. each label is told by the code that tells most of it; a value of that code means the label
       that most of its avatars have, and nothing if no labelled avatar has it
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from dcgan.core.images import as_float_images
from dcgan.data.labels import SIZES, one_hot
from dcgan.data.latent_code import LatentCode
from dcgan.discovery.factor_model import mutual_information
from dcgan.experiments.augmentation.learner import Setting, teach
from dcgan.metrics import classifier


def conditional_labels(
    code: LatentCode,
    generated: tuple[np.ndarray, np.ndarray],
    labelled: tuple[Tensor, Tensor],
    setting: Setting,
    seed: int,
) -> tuple[Tensor, float]:
    """Targets [N, 53] of generated avatars, zeros without an answer, and the share of answers.

    generated: pixels uint8 [N, 3, 32, 32] and latents int8 [N, 100]; labelled: float images
    [M, 3, 32, 32] and labels int64 [M, 7].
    """
    pixels, z = generated
    codes = code.attributes(torch.from_numpy(z))
    drawn, known = as_float_images(pixels), one_hot(codes, code.sizes)
    reader = teach(drawn, known, setting, seed, geometric=False, sizes=code.sizes)
    images, labels = labelled
    with torch.no_grad():
        read = classifier.labels(reader(images), code.sizes)
    columns, answered = [], []
    for label, size in zip(labels.T, SIZES, strict=True):
        told = most_telling(read, label)
        meaning = meaning_of(read[:, told], label, code.sizes[told], size)
        meant = meaning[codes[:, told]]
        sure = (meant >= 0).float()
        columns.append(functional.one_hot(meant.clamp_min(0), size).float() * sure[:, None])
        answered.append(sure.mean())
    return torch.cat(columns, 1), float(torch.stack(answered).mean())


def most_telling(codes: Tensor, label: Tensor) -> int:
    """The column of codes int64 [M, codes] that tells most of a label int64 [M]."""
    tells = [mutual_information(column.numpy(), label.numpy()) for column in codes.T]
    return int(np.argmax(tells))


def meaning_of(codes: Tensor, label: Tensor, values: int, size: int) -> Tensor:
    """Which of `size` labels each of `values` codes means, -1 for none: int64 [values].

    codes, label: int64 [M] of the same avatars; the lower label wins a tie.
    """
    votes = torch.zeros(values, size)
    votes.index_put_((codes, label), torch.ones(len(label)), accumulate=True)
    return torch.where(votes.amax(1) > 0, votes.argmax(1), -1)
