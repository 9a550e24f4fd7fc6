# SPDX-License-Identifier: Apache-2.0
"""What a user without hardware would run: the float network by PyTorch, compiled, by ONNX Runtime.

Each is a function latents float32 [N, 100] -> planes [N, 3, 32, 32], on one thread.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from dcgan.core.checkpoint import Checkpoint, load_checkpoint
from torch import Tensor, nn

Draw = Callable[[np.ndarray], object]


class Planes(nn.Module):
    """A checkpoint as one module, colour offsets included."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        super().__init__()
        self.generator = checkpoint.generator()
        self.register_buffer("v1", checkpoint.v1)
        self.register_buffer("v2", checkpoint.v2)

    def forward(self, z: Tensor) -> Tensor:
        return self.generator.rgb(z, self.v1, self.v2)


def eager(path: Path) -> Draw:
    """PyTorch as it is."""
    return _torch(Planes(load_checkpoint(path)).eval())


def compiled(path: Path) -> Draw:
    """`torch.compile`; each batch size is compiled when it is first drawn."""
    return _torch(torch.compile(Planes(load_checkpoint(path)).eval(), dynamic=False))


def onnx_runtime(path: Path) -> Draw:
    """ONNX Runtime, its CPU provider."""
    module, buffer = Planes(load_checkpoint(path)).eval(), io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the newer exporter fixes the batch
        torch.onnx.export(
            module,
            (torch.zeros(2, 100),),
            buffer,
            input_names=["z"],
            dynamic_axes={"z": {0: "N"}},
            dynamo=False,
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        buffer.getvalue(), options, providers=["CPUExecutionProvider"]
    )
    return lambda z: session.run(None, {"z": z})[0]


def _torch(module: Callable[[Tensor], Tensor]) -> Draw:
    def draw(z: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return module(torch.from_numpy(z)).numpy()

    return draw


BY = {"PyTorch": eager, "torch.compile": compiled, "ONNX Runtime": onnx_runtime}
