# SPDX-License-Identifier: Apache-2.0
"""The integers as an ONNX or QONNX graph: z int8 [N, 100] -> pixels uint8 [N, 3, 32, 32].

    x0 = z (or its signs) + (0, v1, v2)                         [3N, 100, 1, 1]
    x  = clip(floor(convT(x, W) / 2^shift + 1/2), 0, activation_max)     three times
    p  = tanh_table[clip(floor(convT(x, W) / 2^shift + 1/2), -half, half - 1) + half]

Everything is computed in float32, exactly: all operands are integers and every sum stays below 2^24
(`IntegerGenerator.acc_bound`, checked). QONNX says the same with Quant nodes, which name the widths
of weights and activations; its tools want known shapes, so that graph draws one avatar (N = 1).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dcgan.core.files import write_atomically
from dcgan.core.latents import LATENT, ONE
from dcgan.core.shapes import IMAGE_SIZE, LAYER_NUMBERS
from dcgan.quant.int_generator import IntegerGenerator

EXACT_IN_FLOAT32 = 1 << 24
OPSET = 17
QUANT_DOMAIN = "qonnx.custom_op.general"


class Graph:
    """Nodes and constants of a graph that is under way; `qonnx`: with Quant nodes."""

    def __init__(self, qonnx: bool) -> None:
        self.qonnx = qonnx
        self.nodes: list = []
        self.constants: list = []

    def images(self, an_avatar: int) -> int:
        """The first dimension of maps, for a reshape: known for QONNX, -1 (any) for ONNX."""
        return an_avatar if self.qonnx else -1

    def constant(self, name: str, value: np.ndarray) -> str:
        """A named initialiser."""
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def number(self, name: str, value: float) -> str:
        """A float32 scalar."""
        return self.constant(name, np.array(value, np.float32))

    def node(self, kind: str, inputs: list[str], output: str, domain: str = "", **options) -> str:
        """One node; returns the name of its output."""
        from onnx import helper

        self.nodes.append(
            helper.make_node(kind, inputs, [output], name=output, domain=domain, **options)
        )
        return output

    def quant(self, x: str, output: str, bits: int, *, signed: bool, narrow: bool) -> str:
        """A QONNX Quant node with scale 1: floor, then saturate to `bits`.

        QONNX's own HALF_UP rounds ties away from zero; ours go towards +infinity, so one half is
        added before.
        """
        numbers = [self.number(f"{output}.{n}", v) for n, v in (("s", 1), ("z", 0), ("b", bits))]
        return self.node(
            "Quant",
            [x, *numbers],
            output,
            QUANT_DOMAIN,
            signed=int(signed),
            narrow=int(narrow),
            rounding_mode="FLOOR",
        )


def build(ig: IntegerGenerator, qonnx: bool = False):
    """The onnx.ModelProto of `ig`.

    ValueError if a sum could leave the integers that float32 holds, or if QONNX cannot name the
    range of the activations.
    """
    from onnx import TensorProto, helper

    for layer in LAYER_NUMBERS:
        if ig.acc_bound(layer) >= EXACT_IN_FLOAT32:
            raise ValueError(f"layer {layer}: sums may pass 2^24, which float32 does not hold")
    if qonnx and (ig.activation_max + 1) & ig.activation_max:
        raise ValueError(f"activations 0..{ig.activation_max} are no whole number of bits")
    graph = Graph(qonnx)
    x = _planes(graph, ig)
    for layer in LAYER_NUMBERS:
        x = _layer(graph, ig, layer, x)
    _pixels(graph, ig, x)
    count = 1 if qonnx else "N"
    image = [count, 3, IMAGE_SIZE, IMAGE_SIZE]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            ig.config.name,
            [helper.make_tensor_value_info("z", TensorProto.INT8, [count, LATENT])],
            [helper.make_tensor_value_info("pixels", TensorProto.UINT8, image)],
            graph.constants,
        ),
        producer_name="avatar-dcgan",
        opset_imports=[
            helper.make_opsetid("", OPSET),
            *([helper.make_opsetid(QUANT_DOMAIN, 1)] if qonnx else []),
        ],
    )
    model.ir_version = 9
    return model


def _planes(graph: Graph, ig: IntegerGenerator) -> str:
    """z int8 [N, 100] -> inputs of the planes R, G, B, float [3N, 100, 1, 1]."""
    from onnx import TensorProto

    z = graph.node("Cast", ["z"], "z.float", to=TensorProto.FLOAT)
    if ig.binary:
        signs = [
            graph.number("z.zero", 0),
            graph.number("z.plus", ONE),
            graph.number("z.minus", -ONE),
        ]
        positive = graph.node("GreaterOrEqual", [z, signs[0]], "z.positive")
        z = graph.node("Where", [positive, *signs[1:]], "z.signs")
    axis = graph.constant("z.axis", np.array([1], np.int64))
    z = graph.node("Unsqueeze", [z, axis], "z.rows")
    offsets = ig.plane_offsets().astype(np.float32)[None]  # [1, 3, 100]
    z = graph.node("Add", [z, graph.constant("plane_offsets", offsets)], "z.planes")
    shape = graph.constant("layer1.shape", np.array([graph.images(3), LATENT, 1, 1], np.int64))
    return graph.node("Reshape", [z, shape], "x0")


def _layer(graph: Graph, ig: IntegerGenerator, layer: int, x: str) -> str:
    """One transposed convolution, requantised."""
    weight, bias, bits = ig.layer(layer)
    name = f"layer{layer}"
    w = graph.constant(f"{name}.weight", weight.astype(np.float32))
    if graph.qonnx:
        w = graph.quant(w, f"{name}.weight.quant", bits, signed=True, narrow=True)
    b = graph.constant(f"{name}.bias", bias.astype(np.float32))
    stride, pad = (1, 0) if layer == 1 else (2, 1)
    acc = graph.node(
        "ConvTranspose",
        [x, w, b],
        f"{name}.acc",
        kernel_shape=[4, 4],
        strides=[stride] * 2,
        pads=[pad] * 4,
    )
    scale = graph.number(f"{name}.scale", 2.0 ** -ig.shifts[layer - 1])
    scaled = graph.node("Mul", [acc, scale], f"{name}.scaled")
    up = graph.node("Add", [scaled, graph.number(f"{name}.half", 0.5)], f"{name}.up")
    if graph.qonnx:
        wide = ig.activation_max.bit_length() if layer < 4 else ig.tanh_index_bits
        return graph.quant(up, f"x{layer}", wide, signed=layer == 4, narrow=False)
    half = 1 << (ig.tanh_index_bits - 1)
    low, high = (0, ig.activation_max) if layer < 4 else (-half, half - 1)
    rounded = graph.node("Floor", [up], name)
    bounds = [graph.number(f"{name}.low", low), graph.number(f"{name}.high", high)]
    return graph.node("Clip", [rounded, *bounds], f"x{layer}")


def _pixels(graph: Graph, ig: IntegerGenerator, x: str) -> None:
    """Signed table index [3N, 1, 32, 32] -> pixels [N, 3, 32, 32]."""
    from onnx import TensorProto

    half = graph.number("tanh.half", 1 << (ig.tanh_index_bits - 1))
    index = graph.node("Add", [x, half], "tanh.shifted")
    index = graph.node("Cast", [index], "tanh.index", to=TensorProto.INT64)
    table = graph.constant("tanh.table", ig.tanh_table)
    looked_up = graph.node("Gather", [table, index], "tanh.pixels")
    shape = np.array([graph.images(1), 3, IMAGE_SIZE, IMAGE_SIZE], np.int64)
    side = graph.constant("pixels.shape", shape)
    graph.node("Reshape", [looked_up, side], "pixels")


def write_onnx(path: Path, ig: IntegerGenerator, qonnx: bool = False) -> None:
    """Write the graph of `ig`, checked by the onnx package; whole or not at all."""
    import onnx

    model = build(ig, qonnx)
    if not qonnx:
        onnx.checker.check_model(model, full_check=True)
    write_atomically(path, model.SerializeToString(deterministic=True))
