# SPDX-License-Identifier: Apache-2.0
"""Files with one thing wrong, for the table of wrong inputs: {name} there is a path of `make`."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
import wrong_values
from dcgan.core.network_files import float_file, integer_file
from PIL import Image
from safetensors import safe_open
from safetensors.torch import save_file

Tensors = dict[str, torch.Tensor]


def make(folder: Path) -> dict[str, str]:
    """Write all of them; name -> path."""
    made = {
        **floats(folder),
        **integers(folder),
        **foldings(folder),
        **runs(folder),
        **pictures(folder),
        **others(folder),
    }
    for i, line in enumerate(wrong_values.RECIPES):
        made[f"recipe{i}"] = folder / f"recipe{i}.toml"
        made[f"recipe{i}"].write_text(f"{line}\n")
    return {name: str(path) for name, path in made.items()}


def changed(source: Path, target: Path, change: Callable[[Tensors, Any], Any], key: str) -> Path:
    """A copy of a checkpoint: `change` edits its tensors and its description, or returns one."""
    with safe_open(source, framework="pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}
        description = json.loads(file.metadata()[key])
    other = change(tensors, description)
    text = other if isinstance(other, str) else json.dumps(other or description)
    save_file(tensors, target, {key: text})
    return target


def floats(folder: Path) -> dict[str, Path]:
    """Float checkpoints."""

    def poison(name: str, value: float):
        def change(tensors: Tensors, _: Any) -> None:
            tensors[name].view(-1)[3] = value

        return change

    def cast(kind: torch.dtype):
        return lambda tensors, _: tensors.update({"layer1.bias": tensors["layer1.bias"].to(kind)})

    def say(**words: Any):
        return lambda _, description: description.update(words)

    changes = {
        "nan": poison("layer2.weight", float("nan")),
        "infinite": poison("v1", float("inf")),
        "double": cast(torch.float64),
        "brain": cast(torch.bfloat16),
        "up": say(network="../../up"),
        "slash": say(network="a/b"),
        "newline": say(network="a\nb"),
        "unnamed": say(network=5),
        "wide": say(channels=[100, 10**9, 8, 8, 1]),
        "narrow": say(channels=[100, 8, 8, 8, 1]),
        "listed": lambda *_: [1, 2],
        "kinds": say(latents="odd"),
        "background": say(data={"background": 5}),
        "palette": say(data={"palette": "#ff0000"}),
        "about": say(data=7),
        "deep": lambda *_: "[" * 100_000,
    }
    source = float_file("tiny")
    made = {n: changed(source, folder / f"{n}.safetensors", c, "dcgan") for n, c in changes.items()}
    return {**made, "float": changed(source, folder / "float.safetensors", say(), "dcgan")}


def integers(folder: Path) -> dict[str, Path]:
    """Integer checkpoints."""

    def put(name: str, value: Any):
        return lambda tensors, _: tensors.update({name: value})

    def say(**words: Any):
        return lambda _, description: description.update(words)

    def cast(name: str, kind: torch.dtype):
        return lambda tensors, _: tensors.update({name: tensors[name].to(kind)})

    def number(value: int) -> torch.Tensor:
        return torch.tensor(value, dtype=torch.int32)

    def without(tensors: Tensors, _: Any) -> None:
        del tensors["layer3.bias"]

    def named(name: str):
        return lambda _, description: description["config"].update(name=name)

    changes = {
        "shift0": put("layer2.shift", number(0)),
        "shift70": put("layer2.shift", number(70)),
        "shift99": put("layer4.shift", number(99)),
        "shift_float": put("layer1.shift", torch.tensor(7.9)),
        "shift_many": put("layer1.shift", number(7).expand(2).contiguous()),
        "table_float": cast("tanh.table", torch.float32),
        "table_wide": say(tanh_index_bits=40),
        "table_text": say(tanh_index_bits="x"),
        "bits": say(weight_bits=[64, 8, 8, 8]),
        "activation": put("activation.max", number(4096)),
        "weights_float": cast("layer1.weight", torch.float32),
        "weights_brain": cast("layer1.weight", torch.bfloat16),
        "int_up": named("../../up"),
        "int_newline": named("a\nb"),
        "int_training": say(metadata={"training": 5}),
        "int_missing": without,
        "int": say(),
    }
    source, key = integer_file("tiny"), "integer_generator"
    return {n: changed(source, folder / f"{n}.safetensors", c, key) for n, c in changes.items()}


def foldings(folder: Path) -> dict[str, Path]:
    """Folding files."""
    good = {
        "layers": [{"couts": 2, "elements": 25, "digits": 4}, *({"couts": 1} for _ in range(3))]
    }
    texts: dict[str, Any] = {"fold_list": [1, 2], "fold_three": {"layers": good["layers"][:3]}}
    for name, field, value in (
        ("fold_odd", "couts", 5),
        ("fold_rows", "phase_rows", 3),
        ("fold_key", "speed", 1),
    ):
        texts[name] = copy.deepcopy(good)
        texts[name]["layers"][1][field] = value
    texts["fold_packing"] = {**good, "packing": "dense"}
    made = {}
    for name, value in texts.items():
        made[name] = folder / f"{name}.json"
        made[name].write_text(json.dumps(value))
    return made


class Foreign(torch.nn.Module):
    """Pickled whole, as some programs keep their networks."""


def runs(folder: Path) -> dict[str, Path]:
    """Run folders whose state.pt is something else."""
    good = {"trainer": {"recipe": {}}, "images": "", "data": None}
    states: dict[str, Any] = {
        "run_list": [1, 2],
        "run_module": Foreign(),
        "run_weights": torch.nn.Linear(2, 2).state_dict(),
        "run_hollow": {**good, "trainer": {}},
        "run_data": {**good, "data": 5},
        "run_words": {**good, "data": {"speed": 9}},
    }
    made = {name: folder / name for name in (*states, "run_text", "run_pipe")}
    for path in made.values():
        path.mkdir()
        (path / "config.toml").write_text("")
    for name, state in states.items():
        torch.save(state, made[name] / "state.pt")
    (made["run_text"] / "state.pt").write_text("no archive\n")
    os.mkfifo(made["run_pipe"] / "state.pt")
    return made


def pictures(folder: Path) -> dict[str, Path]:
    """What lies where sprites are expected, and a folder of good ones."""
    made = {name: folder / name for name in ("empty", "pipes", "macos", "sprites")}
    for path in made.values():
        path.mkdir()
    os.mkfifo(made["pipes"] / "pipe.png")
    (made["macos"] / "._anna.png").write_bytes(b"\0\5\x16\7Mac OS X")
    random = np.random.default_rng(1)
    for i in range(16):
        pixels = random.integers(0, 256, (32, 32, 3), np.uint8)
        Image.fromarray(pixels).save(made["sprites"] / f"{i}.png")
    made["eps"] = folder / "eps.png"
    Image.new("RGB", (16, 16)).save(made["eps"], format="EPS")
    return made


def others(folder: Path) -> dict[str, Path]:
    """No networks at all."""
    names = {"text": "text.safetensors", "text_json": "text.json", "locked": "locked"}
    made = {name: folder / file for name, file in names.items()}
    for path in made.values():
        path.write_text("this is text\n")
    made["half"] = folder / "half.safetensors"
    made["half"].write_bytes(integer_file("tiny").read_bytes()[:5000])
    made["bytes"] = folder / "bytes.toml"
    made["bytes"].write_bytes(b"\xff\xfe\x00batch")
    made["foreign"] = folder / "foreign.safetensors"
    save_file({"encoder.weight": torch.zeros(3)}, made["foreign"])
    made["pickled"] = folder / "pickled.safetensors"
    torch.save(torch.nn.Linear(2, 2).state_dict(), made["pickled"])
    for name, file in (("pipe", "pipe.safetensors"), ("pipe_json", "pipe.json")):
        made[name] = folder / file
        os.mkfifo(made[name])
    made["folder"] = folder / "folder"
    made["folder"].mkdir()
    (folder / "folder.safetensors").mkdir()
    return made
