# SPDX-License-Identifier: Apache-2.0
"""Names of results are kept as they were asked for, dots and all."""

from __future__ import annotations

import export
import fold
import generate
import host
import pytest
import quantize
import train
from dcgan.core.network_files import integer_file
from dcgan.quant.int_generator import load_integer
from PIL import Image

from tb.lib.network import label_stem

NAME = "v1.5_mine"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("suffix", ["", ".png"])
def test_generate_keeps_a_name_with_dots(here, suffix):
    words = ["--count", "2", "--network", "tiny", "--rgba", "--out", f"runs/{NAME}{suffix}"]
    assert generate.main(words) == 0
    ends = (".json", ".npz", ".png", "_0000.png", "_0001.png")
    assert names(here / "runs") == [f"{NAME}{end}" for end in ends]


@pytest.mark.parametrize("suffix", ["", ".safetensors"])
def test_quantize_keeps_a_name_with_dots(here, suffix, monkeypatch):
    integers = load_integer(integer_file("tiny"))
    monkeypatch.setattr(quantize, "quantise", lambda *_: (integers, []))  # half a minute
    assert quantize.main(["--network", "tiny", "--avatars", "2", "--out", f"q/{NAME}{suffix}"]) == 0
    assert names(here / "q") == [f"{NAME}.json", f"{NAME}.safetensors"]


def test_quantize_into_a_folder_leaves_nothing(here, capsys):
    (here / NAME).mkdir()
    with pytest.raises(SystemExit):
        quantize.main(["--network", "tiny", "--avatars", "2", "--out", NAME])
    assert f"{NAME} is a folder, give a file" in capsys.readouterr().err
    assert names(here) == [NAME]
    assert names(here / NAME) == []


def test_other_commands_keep_a_name_with_dots(here):
    assert fold.main(["--network", "tiny", "--out", f"f/{NAME}"]) == 0
    assert names(here / "f") == [NAME]
    words = ["--port", "model:tiny", "generate", "--count", "1"]
    assert host.main([*words, "--out", f"h/{NAME}"]) == 0
    assert names(here / "h") == [NAME]
    assert Image.open(here / "h" / NAME).format == "PNG"
    assert export.main(["--network", "tiny", "--random", "--out", f"e/{NAME}"]) == 0
    assert (here / "e" / NAME / "manifest.json").is_file()
    words = ["--network", "tiny", "--iterations", "1", "--threads", "1", "--recipe", "paper"]
    assert train.main([*words, "--out", f"t/{NAME}"]) == 0
    assert (here / "t" / NAME / "checkpoint.safetensors").is_file()


def test_the_label_of_a_network_keeps_its_dots(here):
    assert label_stem(here / f"{NAME}_int.safetensors") == f"{NAME}_int"
    assert label_stem(here / NAME / "checkpoint_int.safetensors") == NAME
