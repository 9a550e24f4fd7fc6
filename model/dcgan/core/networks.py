# SPDX-License-Identifier: Apache-2.0
"""The Generator that becomes hardware, its training form, and the Discriminator.

Paper, sections 4.3.1 to 4.3.3. Images are float [N, channels, 32, 32] in [-1, 1], latents are
float [N, 100].
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional

from dcgan.core.shapes import IMAGE_SIZE, LAYER_NUMBERS, NetworkConfig

KERNEL = 4
HIDDEN_LAYERS = (1, 2, 3)
"""Layers that end in ReLU; layer 4 ends in Tanh."""


def _transposed_convolution(config: NetworkConfig, layer: int) -> nn.ConvTranspose2d:
    c_in, c_out = config.channels[layer - 1 : layer + 1]
    return nn.ConvTranspose2d(c_in, c_out, KERNEL, *_stride_and_padding(layer))


def _stride_and_padding(layer: int) -> tuple[int, int]:
    return (1, 0) if layer == 1 else (2, 1)


def transpose_conv(layer: int, x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """The transposed convolution of layer 1 (k4 s1 p0) or 2..4 (k4 s2 p1)."""
    stride, padding = _stride_and_padding(layer)
    return functional.conv_transpose2d(x, weight, bias, stride=stride, padding=padding)


class Generator(nn.Module):
    """z -> one grey plane: four transposed convolutions, ReLU, ReLU, ReLU, Tanh.

    Nothing else is in the graph: what trains with batch norm is folded into this form first
    (`NormalisedGenerator.folded`).
    """

    def __init__(self, config: NetworkConfig, binary: bool = False) -> None:
        """`binary`: the first step takes the signs of z (dcgan.core.latents)."""
        super().__init__()
        self.config = config
        self.binary = binary
        self.layer1 = _transposed_convolution(config, 1)  # [N, 100, 1, 1] -> [N, C1, 4, 4]
        self.layer2 = _transposed_convolution(config, 2)  # -> [N, C2, 8, 8]
        self.layer3 = _transposed_convolution(config, 3)  # -> [N, C3, 16, 16]
        self.layer4 = _transposed_convolution(config, 4)  # -> [N, 1, 32, 32]

    def forward(self, z: Tensor) -> Tensor:
        """[N, 100] -> [N, 1, 32, 32] in [-1, 1]."""
        x = z[:, :, None, None]
        x = torch.relu(self.layer1(x))
        x = torch.relu(self.layer2(x))
        x = torch.relu(self.layer3(x))
        return torch.tanh(self.layer4(x))

    def rgb(self, z: Tensor, v1: Tensor, v2: Tensor) -> Tensor:
        """Colour from one grey network: G(x), G(x + v1), G(x + v2) as [N, 3, 32, 32], where x is
        what the first step makes of z."""
        return stack_planes(self(plane_inputs(self.first_step(z), v1, v2)))

    def first_step(self, z: Tensor) -> Tensor:
        """z, or its signs: x = +1 where z >= 0, else -1."""
        return torch.where(z >= 0, 1.0, -1.0) if self.binary else z


class NormalisedGenerator(nn.Module):
    """The Generator with batch norm before each ReLU, for training only.

    Batch norm is an affine map per channel once its statistics are fixed, and so it folds
    exactly into the weights and the bias of the layer before it.
    """

    def __init__(self, config: NetworkConfig, enabled: bool = True, odd_rate: float = 1.0) -> None:
        """With `enabled` False there is no batch norm; `odd_rate`: see `left_right_symmetric`."""
        super().__init__()
        self.config = config
        self.odd_rate = odd_rate
        self.plain = Generator(config)
        self.norms = nn.ModuleList(
            nn.BatchNorm2d(config.channels[layer]) if enabled else nn.Identity()
            for layer in HIDDEN_LAYERS
        )

    def forward(self, z: Tensor) -> Tensor:
        """[N, 100] -> [N, 1, 32, 32]."""
        image, _ = self.forward_with_activations(z)
        return image

    def forward_with_activations(self, z: Tensor) -> tuple[Tensor, list[Tensor]]:
        """The image, and the four maps *before* ReLU or Tanh: [N, C1, 4, 4], ... [N, 1, 32, 32]."""
        hidden = [self.norms[0](by_product(z, *self._layer(1)))]
        for layer, norm in zip((2, 3), self.norms[1:], strict=True):
            x = torch.relu(hidden[-1])
            hidden.append(norm(transpose_conv(layer, x, *self._layer(layer))))
        hidden.append(by_phases(torch.relu(hidden[-1]), *self._layer(4)))
        return torch.tanh(hidden[-1]), hidden

    def _layer(self, layer: int) -> tuple[Tensor, Tensor]:
        """Kernels and biases that count."""
        plain = getattr(self.plain, f"layer{layer}")
        return left_right_symmetric(plain.weight, self.odd_rate), plain.bias

    def measure(self, batches: Iterable[Tensor]) -> None:
        """Set the batch norms' statistics to the mean over `batches` of latents [N, 100]."""
        for norm in self.norms:
            if isinstance(norm, nn.BatchNorm2d):
                norm.reset_running_stats()
                norm.momentum = None  # cumulative mean
        self.train()
        with torch.no_grad():
            for z in batches:
                self(z)
        self.eval()

    def folded(self) -> Generator:
        """The plain Generator that equals this one in evaluation mode."""
        folded = Generator(self.config).to(self.plain.layer1.weight.device)
        with torch.no_grad():
            folded.load_state_dict(self.plain.state_dict())
            for layer in LAYER_NUMBERS:
                getattr(folded, f"layer{layer}").weight.copy_(self._layer(layer)[0])
            for layer, norm in zip(HIDDEN_LAYERS, self.norms, strict=True):
                if isinstance(norm, nn.Identity):
                    continue
                convolution = getattr(folded, f"layer{layer}")
                gain = norm.weight * torch.rsqrt(norm.running_var + norm.eps)
                convolution.weight.mul_(gain[None, :, None, None])
                convolution.bias.sub_(norm.running_mean).mul_(gain).add_(norm.bias)
        return folded


class Discriminator(nn.Module):
    """Image -> logits: three stride-2 convolutions with LeakyReLU, then a linear layer.

    `norm` is "batch" (the paper's) or "none" (needed by gradient penalties, which must see each
    image on its own). The sigmoid of the paper is part of the loss.
    """

    def __init__(
        self,
        in_channels: int,
        widths: tuple[int, int, int] = (64, 128, 256),
        norm: str = "none",
    ) -> None:
        super().__init__()
        if norm not in ("none", "batch"):
            raise ValueError(f"norm must be 'none' or 'batch', got '{norm}'")
        blocks: list[nn.Module] = []
        for width in widths:
            block: list[nn.Module] = [nn.Conv2d(in_channels, width, KERNEL, stride=2, padding=1)]
            if norm == "batch":
                block.append(nn.BatchNorm2d(width))
            block.append(nn.LeakyReLU(0.2))
            blocks.append(nn.Sequential(*block))
            in_channels = width
        self.blocks = nn.Sequential(*blocks)  # [N, C, 32, 32] -> 16x16 -> 8x8 -> 4x4
        side = IMAGE_SIZE // 2 ** len(widths)
        self.head = nn.Linear(widths[-1] * side * side, 1)

    def forward(self, images: Tensor) -> Tensor:
        """[N, in_channels, 32, 32] -> logits [N, 1]."""
        return self.head(self.blocks(images).flatten(1))


def left_right_symmetric(weight: Tensor, odd_rate: float) -> Tensor:
    """Kernels [Cin, Cout, 4, 4] whose left-right odd part learns at a fraction of the rate.

    A kernel has an even and an odd part, (w(x) +- w(-x)) / 2. The odd part is multiplied by
    `odd_rate`: it starts small, and Adam, whose steps have the same length for any weight, moves it
    slowly, so that figures become asymmetric only where training images are. Linear in `weight`:
    it folds.
    """
    if odd_rate == 1.0:
        return weight
    gain = (2.0 / (1.0 + odd_rate * odd_rate)) ** 0.5  # keeps the variance of random weights
    return gain * (0.5 * (1 + odd_rate) * weight + 0.5 * (1 - odd_rate) * weight.flip(-1))


def by_product(z: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Layer 1 of latents [N, 100]: on a 1x1 map it is a matrix product."""
    maps = (z @ weight.flatten(1)).unflatten(1, weight.shape[1:])
    return maps + bias[:, None, None]


def by_phases(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """A stride-2 layer: [N, Cin, H, W] -> [N, Cout, 2H, 2W], faster for few channels out.

    Output pixels of one row and column parity see the same 2x2 of the 16 taps, and so one plain
    convolution computes the four parities as channels; the hardware does the same.
    """
    taps = [(2, 0), (3, 1)]  # kernel rows (and columns) that meet input i and i + 1, by parity
    kernels = [weight[:, :, rows][..., columns] for rows in taps for columns in taps]
    kernel = torch.stack(kernels, 2).permute(1, 2, 0, 3, 4).flatten(0, 1)  # [4 Cout, Cin, 2, 2]
    blocks = functional.conv2d(x, kernel, bias.repeat_interleave(4), padding=1)
    return functional.pixel_shuffle(blocks, 2)[..., 1:-1, 1:-1]


def plane_inputs(z: Tensor, v1: Tensor, v2: Tensor) -> Tensor:
    """[N, 100] -> [3N, 100]: the inputs of all R planes, then all G, then all B."""
    return torch.cat((z, z + v1, z + v2))


def stack_planes(planes: Tensor) -> Tensor:
    """[3N, 1, 32, 32] in the order of `plane_inputs` -> [N, 3, 32, 32]."""
    return torch.cat(planes.chunk(3), dim=1)


def initialise_he(module: nn.Module) -> None:
    """He-normal weights and zero biases; fan-in as seen by one output pixel.

    A stride-2 kernel-4 transposed convolution adds 2 x 2 taps an input channel to a pixel, the
    first layer one tap; a convolution adds all of its 16.
    """
    for part in module.modules():
        if isinstance(part, nn.ConvTranspose2d):
            taps = (KERNEL // part.stride[0]) ** 2 if part.stride[0] > 1 else 1
            nn.init.normal_(part.weight, std=(2.0 / (part.in_channels * taps)) ** 0.5)
        elif isinstance(part, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(part.weight, a=0.2)
        else:
            continue
        nn.init.zeros_(part.bias)
