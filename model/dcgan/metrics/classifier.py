# SPDX-License-Identifier: Apache-2.0
"""A small network that reads the seven attributes of an avatar, and the metrics it makes possible.

    image [N, 3, 32, 32] -> 16 ch 32x32 -> 32 ch 16x16 -> 64 ch 8x8 -> 64 features -> 7 heads

It is trained on drawn avatars other than those of any measurement. A plain classifier is sure of
itself on anything, also on noise, so this one learns doubt: part of every batch are mixtures of two
avatars (the right answer is the mixture of the labels) and part is junk (the right answer is "all
classes alike"). Its confidence is then a measure of how clean an avatar is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from dcgan.core.files import write_atomically
from dcgan.core.images import as_float_images
from dcgan.core.network_files import shipped
from dcgan.data.avatars import CHOICES, draw_set
from dcgan.data.labels import SIZES, one_hot

FEATURES = 64
WIDTHS = (16, 32, 64)
DEFAULT_PATH = shipped("checkpoints") / "attributes.safetensors"
METADATA_KEY = "dcgan.classifier"
TRAINING_SEED = 9000  # images of this seed are used for nothing else
SCALE = 10.0  # features are divided by this: Frechet distances of a readable size
GRAIN = 0.06  # standard deviation of the noise added to training images, in [-1, 1] units


class AttributeClassifier(nn.Module):
    """float [N, 3, 32, 32] in [-1, 1] -> logits [N, sum(sizes)], all heads side by side.

    sizes: how many values each attribute has; those of the drawn avatars make 53 logits.
    """

    def __init__(self, sizes: tuple[int, ...] = SIZES) -> None:
        super().__init__()
        self.sizes = sizes
        blocks: list[nn.Module] = []
        for fan, width in zip((3, *WIDTHS), WIDTHS, strict=False):
            blocks += [nn.Conv2d(fan, width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        self.body = nn.Sequential(*blocks)
        self.features = nn.Linear(WIDTHS[-1] * 16, FEATURES)
        self.heads = nn.Linear(FEATURES, sum(sizes))

    def embed(self, images: Tensor) -> Tensor:
        """The features that Frechet distances are taken in: [N, 64], before the last ReLU."""
        return self.features(self.body(images).flatten(1))

    def forward(self, images: Tensor) -> Tensor:
        return self.heads(torch.relu(self.embed(images)))


def fingerprint() -> str:
    """Changes when the drawing of avatars does: a classifier of other avatars must not judge."""
    return hashlib.sha256(draw_set(24, 7)[0].tobytes()).hexdigest()[:16]


def loss(logits: Tensor, target: Tensor, sizes: tuple[int, ...] = SIZES) -> Tensor:
    """Mean cross entropy over the heads against soft targets [N, sum(sizes)]."""
    logs = torch.cat([part.log_softmax(dim=1) for part in logits.split(sizes, dim=1)], dim=1)
    return -(logs * target).sum(dim=1).mean() / len(sizes)


def train_classifier(
    iterations: int = 900,
    images: int = 3000,
    batch: int = 64,
    progress: Callable[[int], object] = lambda _: None,
) -> AttributeClassifier:
    """Train from scratch on ``images`` drawn avatars; the same weights for the same arguments."""
    pixels, labels = draw_set(images, TRAINING_SEED)
    pictures = as_float_images(np.ascontiguousarray(pixels.transpose(0, 3, 1, 2)))
    targets = one_hot(torch.from_numpy(labels))
    uniform = torch.cat([torch.full((size,), 1 / size) for size in SIZES])
    random = torch.Generator().manual_seed(TRAINING_SEED)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(TRAINING_SEED)
        network = AttributeClassifier().train()
    optimiser = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=iterations)
    for iteration in range(iterations):
        index = torch.randint(images, (2, batch), generator=random)
        # Three quarters pure avatars, one quarter mixtures of two.
        share = torch.rand(batch, generator=random)
        share[batch // 4 :] = 1.0
        x = share[:, None, None, None] * pictures[index[0]]
        x = x + (1 - share[:, None, None, None]) * pictures[index[1]]
        y = share[:, None] * targets[index[0]] + (1 - share[:, None]) * targets[index[1]]
        x = x + GRAIN * torch.rand(batch, 1, 1, 1, generator=random) * torch.randn(
            x.shape, generator=random
        )
        x[-8:], y[-8:] = _junk(pictures[index[1, -8:]], random), uniform
        error = loss(network(x), y)
        optimiser.zero_grad(set_to_none=True)
        error.backward()
        optimiser.step()
        schedule.step()
        progress(iteration + 1)
    return network.eval().requires_grad_(False)


def _junk(x: Tensor, random: torch.Generator) -> Tensor:
    """Eight images that are no avatars: noise, flat colours, scrambled tiles, the batch mean."""
    out = x.clone()
    out[0:2] = torch.rand(x[0:2].shape, generator=random) * 2 - 1
    out[2:4] = torch.rand(2, 3, 1, 1, generator=random) * 2 - 1
    tiles = x[4:6].unfold(2, 8, 8).unfold(3, 8, 8).reshape(2, 3, 16, 8, 8)
    tiles = tiles[:, :, torch.randperm(16, generator=random)].reshape(2, 3, 4, 4, 8, 8)
    out[4:6] = tiles.permute(0, 1, 2, 4, 3, 5).reshape(2, 3, 32, 32)
    out[6:8] = x.mean(dim=0, keepdim=True)
    return out


def save_classifier(path: Path, network: AttributeClassifier) -> None:
    """Half precision is plenty: 0.2 MB."""
    meta = {"fingerprint": fingerprint(), "command": "python model/evaluate.py --train-classifier"}
    state = {name: value.half().contiguous() for name, value in network.state_dict().items()}
    write_atomically(path, save(state, {METADATA_KEY: json.dumps(meta)}))


def load_classifier(path: Path = DEFAULT_PATH) -> AttributeClassifier:
    """ValueError, with the command that helps, for a missing, foreign or outdated file."""
    remedy = "make it with: python model/evaluate.py --train-classifier"
    try:
        with safe_open(path, "pt") as file:
            meta = json.loads((file.metadata() or {})[METADATA_KEY])
            names = list(file.keys())
            state = {name: file.get_tensor(name).float() for name in names}
    except (OSError, SafetensorError, KeyError, json.JSONDecodeError) as error:
        raise ValueError(f"{path} is not an attribute classifier ({error}): {remedy}") from error
    if meta.get("fingerprint") != fingerprint():
        raise ValueError(f"{path} was trained on other avatars than are drawn now: {remedy}")
    network = AttributeClassifier()
    network.load_state_dict(state)
    return network.eval().requires_grad_(False)


@torch.no_grad()
def read(network: AttributeClassifier, images: np.ndarray | Tensor, batch: int = 50):
    """uint8 [N, 3, 32, 32] -> (features [N, 64], probabilities [N, sum(sizes)])."""
    features, probabilities = [], []
    for part in torch.as_tensor(images).split(batch):
        embedded = network.embed(as_float_images(part))
        logits = network.heads(torch.relu(embedded))
        features.append(embedded / SCALE)
        probabilities.append(
            torch.cat([head.softmax(dim=1) for head in logits.split(network.sizes, dim=1)], dim=1)
        )
    return torch.cat(features), torch.cat(probabilities)


def confidence(probabilities: Tensor) -> float:
    """Mean over avatars and attributes of the largest probability: 1 is a clean avatar."""
    tops = [head.max(dim=1).values for head in probabilities.split(SIZES, dim=1)]
    return float(torch.stack(tops).mean())


def labels(scores: Tensor, sizes: tuple[int, ...] = SIZES) -> Tensor:
    """The likeliest value of every attribute, by probabilities or logits: int64 [N, attributes]."""
    return torch.stack([head.argmax(dim=1) for head in scores.split(sizes, dim=1)], dim=1)


def marginal_distance(ours: Tensor, theirs: Tensor) -> float:
    """Mean over attributes of the total variation between the histograms of what was read, 0..1.

    It sees what a Frechet distance hides: hair colours never drawn, outfits drawn too often. Two
    finite sets of real avatars differ too: compare with the floor.
    """
    gaps = []
    for size, a, b in zip(SIZES, labels(ours).T, labels(theirs).T, strict=True):
        counts = [torch.bincount(x, minlength=size) / len(x) for x in (a, b)]
        gaps.append((counts[0] - counts[1]).abs().sum() / 2)
    return float(torch.stack(gaps).mean())


def accuracy(probabilities: Tensor, truth: Tensor) -> dict[str, float]:
    """Share of right answers for each attribute."""
    right = (labels(probabilities) == truth).float().mean(dim=0)
    return dict(zip(CHOICES, right.tolist(), strict=True))
