# SPDX-License-Identifier: Apache-2.0
"""Every back end behind one function, in one process and in DataLoader workers of every kind."""

from __future__ import annotations

import multiprocessing
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from avatar_render import BACKENDS, AvatarStream, Renderer, draw_z, open_render
from dcgan.core.network_files import float_file, integer_file
from dcgan.core.renderer import Draw
from torch.utils.data import DataLoader

WHERE = {"board": "model:tiny"}


def tiny(backend: str) -> Renderer:
    return open_render(backend, WHERE.get(backend, "tiny"))


class Agreed(Renderer):
    """golden, rtl and board at once, whose pixels must be equal."""

    def __init__(self):
        super().__init__()
        self.renderers = [tiny(backend) for backend in ("golden", "rtl", "board")]

    def open(self) -> Draw:
        return self._draw

    def _draw(self, z: np.ndarray) -> np.ndarray:
        golden, *others = [render(z) for render in self.renderers]
        assert all(np.array_equal(golden, other) for other in others)
        return golden

    def close(self) -> None:
        for render in self.renderers:
            render.close()


def avatars(render: Renderer, workers: int = 0, method: str | None = None) -> dict[bytes, bytes]:
    """z -> image of the first avatars of a stream."""
    stream = AvatarStream(render, seed=3, count=11, batch=2)
    context = multiprocessing.get_context(method) if method else None
    loader = DataLoader(stream, 4, num_workers=workers, multiprocessing_context=context)
    pairs = [pair for images, z in loader for pair in zip(images, z, strict=True)]
    found = {z.numpy().tobytes(): image.numpy().tobytes() for image, z in pairs}
    assert len(found) == len(pairs) == 11
    return found


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_workers_of_every_kind_draw_the_avatars_of_one_process(method):
    with Agreed() as render:
        alone = avatars(render)  # opened here: what a fork inherits is not used
        assert avatars(render, 2, method) == alone
        assert avatars(render) == alone


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_renderer_survives_pickling_in_any_state(backend):
    z = draw_z(2, 1)
    with tiny(backend) as render:
        before = pickle.loads(pickle.dumps(render))
        pixels = render(z)
        with pickle.loads(pickle.dumps(render)) as after, before:
            assert np.array_equal(before(z), pixels) and np.array_equal(after(z), pixels)
        assert before.about == render.about


def test_presets_and_files_of_them_are_the_same_network():
    z = draw_z(3, 2)
    for backend, path in (
        ("golden", integer_file("tiny")),
        ("float", float_file("tiny")),
        ("board", f"model:{integer_file('tiny')}"),
    ):
        assert np.array_equal(open_render(backend, path)(z), tiny(backend)(z)), backend


def test_the_hardware_of_a_file_is_simulated(tmp_path):
    file = Path(tmp_path / "mine_int.safetensors")
    file.write_bytes(integer_file("tiny").read_bytes())
    z = draw_z(1, 2)
    with open_render("rtl", file) as render:
        assert np.array_equal(render(z), tiny("golden")(z))


@pytest.mark.parametrize(
    ("backend", "network", "text"),
    [
        ("brush", "tiny", "no back end is called 'brush': choose one of golden, float, rtl, board"),
        *((backend, "huge", "no network is called 'huge'") for backend in ("golden", "rtl")),
        ("board", "model:huge", "no network is called 'huge'"),
        ("golden", float_file("tiny"), "holds a float network"),
        ("float", integer_file("tiny"), "holds integers"),
    ],
)
def test_what_is_not_there_is_named(backend, network, text):
    with pytest.raises(ValueError, match=text):
        open_render(backend, network)


@pytest.mark.parametrize("z", [np.zeros(100, np.int8), np.zeros((2, 100))])
def test_latents_of_another_kind_are_refused(z):
    with pytest.raises(ValueError, match="latents are int8"):
        tiny("golden")(z)


def test_a_board_that_is_not_there_is_one_sentence():
    with pytest.raises(RuntimeError, match="cannot open /dev/none"):
        open_render("board", "/dev/none")(torch.zeros(1, 100, dtype=torch.int8).numpy())


def test_the_example_of_the_guide_runs_as_printed(tmp_path):
    guide = Path(__file__).parents[2] / "model" / "dcgan" / "render" / "README.md"
    (tmp_path / "mine.py").write_text(guide.read_text().split("```python\n")[1].split("```")[0])
    done = subprocess.run([sys.executable, "mine.py"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    line = "torch.Size([64, 3, 32, 32]) torch.uint8 torch.Size([64, 100]) torch.int8"
    assert done.stdout.splitlines() == [line] * 10
