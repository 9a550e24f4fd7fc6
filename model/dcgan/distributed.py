"""Several processes that train one model together, started by torchrun.

Each process draws its own batch, and gradients are averaged before every optimiser step; all
processes therefore hold the same weights at all times. Without torchrun there is one process and
nothing to do.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import distributed, nn


@dataclass(frozen=True)
class Processes:
    """This process's number and how many there are."""

    rank: int = 0
    count: int = 1

    @property
    def first(self) -> bool:
        """True in the one process that writes files and shows progress."""
        return self.rank == 0

    def average_gradients(self, networks: Iterable[nn.Module]) -> None:
        """Replace every gradient by its mean over the processes."""
        if self.count == 1:
            return
        gradients = [p.grad for n in networks for p in n.parameters() if p.grad is not None]
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        distributed.all_reduce(flat)
        flat /= self.count
        for gradient, mean in zip(
            gradients, flat.split([gradient.numel() for gradient in gradients]), strict=True
        ):
            gradient.copy_(mean.view_as(gradient))


def join_processes(device: str) -> Processes:
    """Join the group that torchrun started; a single process if it did not."""
    if "RANK" not in os.environ:
        return Processes()
    distributed.init_process_group("nccl" if device.startswith("cuda") else "gloo")
    return Processes(distributed.get_rank(), distributed.get_world_size())


def leave_processes(processes: Processes) -> None:
    """Undo `join_processes`."""
    if processes.count > 1:
        distributed.destroy_process_group()
