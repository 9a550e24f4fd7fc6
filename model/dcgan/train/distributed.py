# SPDX-License-Identifier: Apache-2.0
"""Several processes that train one model together, started by torchrun.

Each process draws its own batch, and gradients are averaged before every optimiser step; all
processes therefore hold the same weights at all times. Without torchrun there is one process and
nothing to do.
"""

from __future__ import annotations

import os
import time
import weakref
from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, distributed, nn

_summed: weakref.WeakValueDictionary[int, Tensor] = weakref.WeakValueDictionary()
"""Tensors of finished sums that somebody still holds."""


@dataclass(frozen=True)
class Processes:
    """This process's number and how many there are."""

    rank: int = 0
    count: int = 1
    device: str = "cpu"

    @property
    def first(self) -> bool:
        """True in the one process that writes files and shows progress."""
        return self.rank == 0

    def any(self, flag: bool) -> bool:
        """Whether `flag` is true in some process; all processes get the same answer."""
        if self.count == 1:
            return flag
        total = torch.tensor(float(flag), device=self.device)
        _sum(total)
        return total.item() > 0

    def wait(self) -> None:
        """Return once every process has come here."""
        if self.count > 1:
            distributed.barrier()

    def average_gradients(self, networks: Iterable[nn.Module]) -> None:
        """Replace every gradient by its mean over the processes."""
        if self.count == 1:
            return
        gradients = [p.grad for n in networks for p in n.parameters() if p.grad is not None]
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        _sum(flat)
        flat /= self.count
        for gradient, mean in zip(
            gradients, flat.split([gradient.numel() for gradient in gradients]), strict=True
        ):
            gradient.copy_(mean.view_as(gradient))


def join_processes(device: str) -> Processes:
    """Join the group that torchrun started; a single process if it did not."""
    if "RANK" not in os.environ:
        return Processes()
    if device.startswith("cuda"):
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    distributed.init_process_group("nccl" if device.startswith("cuda") else "gloo")
    return Processes(distributed.get_rank(), distributed.get_world_size(), device)


def leave_processes(processes: Processes) -> None:
    """Undo `join_processes`."""
    if processes.count == 1:
        return
    # A thread of gloo's own lets go of a tensor only after its sum was returned, and aborts a
    # process that has begun to end by then (PyTorch, pull request 179291): 8 ends in 115.
    deadline = time.monotonic() + 10.0
    while _summed and time.monotonic() < deadline:
        time.sleep(0.001)
    distributed.destroy_process_group()


def _sum(tensor: Tensor) -> None:
    """Replace `tensor` by its sum over the processes."""
    distributed.all_reduce(tensor)
    _summed[id(tensor)] = tensor
