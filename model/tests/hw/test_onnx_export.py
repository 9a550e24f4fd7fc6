# SPDX-License-Identifier: Apache-2.0
"""ONNX and QONNX files draw what the golden model draws, pixel for pixel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import onnxruntime
import pytest
from dcgan.core.latents import draw_z
from dcgan.core.network_files import integer_file
from dcgan.core.shapes import preset
from dcgan.hw.onnx_export import build, write_onnx
from dcgan.quant.golden import GoldenGenerator
from dcgan.quant.int_generator import load_integer
from dcgan.quant.random_network import random_integer
from qonnx.core.modelwrapper import ModelWrapper
from qonnx.core.onnx_exec import execute_onnx
from qonnx.transformation.infer_shapes import InferShapes


def run(path, z: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(["pixels"], {"z": z})[0]


@pytest.mark.parametrize("name", ["compact", "tiny"])
def test_onnxruntime_draws_64_golden_avatars(name, tmp_path):
    ig = load_integer(integer_file(name))
    path = tmp_path / f"{name}.onnx"
    write_onnx(path, ig)
    z = draw_z(64, 21)
    z[0], z[1], z[2] = 0, 127, -127
    pixels = run(path, z)
    assert pixels.dtype == np.uint8
    assert np.count_nonzero(pixels != GoldenGenerator(ig).rgb(z)) == 0


def test_other_widths_and_tables_are_exact_too(tmp_path):
    ig = random_integer(preset("tiny"), 3, (4, 5, 6, 7), activation_max=127, tanh_index_bits=9)
    write_onnx(tmp_path / "r.onnx", ig)
    z = draw_z(16, 5)
    assert np.array_equal(run(tmp_path / "r.onnx", z), GoldenGenerator(ig).rgb(z))


def test_qonnx_names_the_widths_and_draws_golden_avatars(tmp_path):
    ig = random_integer(preset("tiny"), 4, (4, 5, 6, 7))
    write_onnx(tmp_path / "r.onnx", ig, qonnx=True)
    model = ModelWrapper(str(tmp_path / "r.onnx")).transform(InferShapes())
    quants = [node for node in model.graph.node if node.op_type == "Quant"]
    assert len(quants) == 8
    widths = [model.get_initializer(node.input[3]).item() for node in quants]
    assert sorted(widths) == [4, 5, 6, 7, 8, 8, 8, 11]
    golden = GoldenGenerator(ig)
    for z in draw_z(4, 6)[:, None]:
        assert np.array_equal(execute_onnx(model, {"z": z})["pixels"], golden.rgb(z))


def test_the_file_is_deterministic(tmp_path):
    ig = random_integer(preset("tiny"), 0)
    for name in ("a.onnx", "b.onnx"):
        write_onnx(tmp_path / name, ig)
    assert (tmp_path / "a.onnx").read_bytes() == (tmp_path / "b.onnx").read_bytes()


def test_sums_that_float32_cannot_hold_are_refused():
    ig = random_integer(preset("tiny"), 0)
    biases = (ig.biases[0], np.full_like(ig.biases[1], 1 << 24), *ig.biases[2:])
    with pytest.raises(ValueError, match="layer 2: sums may pass 2\\^24"):
        build(replace(ig, biases=biases))


def test_a_range_that_is_no_number_of_bits_is_refused_for_qonnx():
    ig = random_integer(preset("tiny"), 0, activation_max=200)
    build(ig)
    with pytest.raises(ValueError, match=r"activations 0\.\.200"):
        build(ig, qonnx=True)
